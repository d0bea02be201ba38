# fcgi-handlers/shared: what the pages of all pools have in common
libsouk_la_SOURCES += fcgi-handlers/shared/page.c fcgi-handlers/shared/page.h fcgi-handlers/shared/account.c fcgi-handlers/shared/account.h fcgi-handlers/shared/pay_methods.c fcgi-handlers/shared/pay_methods.h
EXTRA_DIST += fcgi-handlers/shared/README.md
