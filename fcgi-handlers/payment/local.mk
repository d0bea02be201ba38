# fcgi-handlers/payment: the payment pool
noinst_LTLIBRARIES += libpool-payment.la
libpool_payment_la_SOURCES = \
	fcgi-handlers/payment/api.c \
	fcgi-handlers/payment/bank.c \
	fcgi-handlers/payment/pages.c \
	fcgi-handlers/payment/pool.h \
	fcgi-handlers/payment/routes.c
libpool_payment_la_LIBADD = libsouk.la
ROUTEGEN_POOLS += libpool-payment.la

pkglibexec_PROGRAMS += souk-payment
souk_payment_SOURCES = fcgi-handlers/payment/main.c
souk_payment_LDADD = libpool-payment.la libsouk.la
EXTRA_DIST += fcgi-handlers/payment/README.md
