# fcgi-handlers/user: accounts, sessions, profile
noinst_LTLIBRARIES += libpool-user.la
libpool_user_la_SOURCES = fcgi-handlers/user/pool.h fcgi-handlers/user/routes.c fcgi-handlers/user/handlers.h fcgi-handlers/user/shapes.h
libpool_user_la_SOURCES += fcgi-handlers/user/api_profile.c fcgi-handlers/user/shapes_me.c fcgi-handlers/user/shapes_profile.c
libpool_user_la_SOURCES += fcgi-handlers/user/api_factor.c fcgi-handlers/user/factor.h fcgi-handlers/user/page_factor.c fcgi-handlers/user/shapes_factor.c
libpool_user_la_SOURCES += fcgi-handlers/user/api_auth.c fcgi-handlers/user/auth.h fcgi-handlers/user/shapes_auth.c fcgi-handlers/user/start.c fcgi-handlers/user/page_invitation.c
libpool_user_la_SOURCES += fcgi-handlers/user/view.c fcgi-handlers/user/view.h fcgi-handlers/user/page.h fcgi-handlers/user/shapes_page.c
libpool_user_la_SOURCES += fcgi-handlers/user/page_sign_in.c fcgi-handlers/user/page_register.c fcgi-handlers/user/page_recover.c fcgi-handlers/user/page_account.c
libpool_user_la_SOURCES += fcgi-handlers/user/page_profile.c fcgi-handlers/user/page_address.c fcgi-handlers/user/page_security.c fcgi-handlers/user/page_privacy.c
libpool_user_la_SOURCES += fcgi-handlers/user/api_admin.c fcgi-handlers/user/api_session.c fcgi-handlers/user/api_staff.c fcgi-handlers/user/session.h \
	fcgi-handlers/user/shapes_session.c fcgi-handlers/user/wellknown.c
libpool_user_la_SOURCES += fcgi-handlers/user/privacy.h fcgi-handlers/user/api_privacy.c fcgi-handlers/user/api_customer.c fcgi-handlers/user/shapes_privacy.c
libpool_user_la_SOURCES += fcgi-handlers/user/api_oidc.c fcgi-handlers/user/oidc.h fcgi-handlers/user/page_oidc.c fcgi-handlers/user/shapes_oidc.c
libpool_user_la_LIBADD = libidentity.la libsouk.la
ROUTEGEN_POOLS += libpool-user.la
pkglibexec_PROGRAMS += souk-user
souk_user_SOURCES = fcgi-handlers/user/main.c
souk_user_LDADD = libpool-user.la libidentity.la libsouk.la
EXTRA_DIST += fcgi-handlers/user/README.md
