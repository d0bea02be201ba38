# src/net: one file per outside system
libsouk_la_SOURCES += \
	src/net/mime.c src/net/mime.h \
	src/net/payment_provider.c src/net/payment_provider.h \
	src/net/spool.c src/net/spool.h

UNIT_TESTS += tests/unit/net/test_mime tests/unit/net/test_payment_provider tests/unit/net/test_spool
tests_unit_net_test_mime_SOURCES = tests/unit/net/test_mime.c
tests_unit_net_test_payment_provider_SOURCES = tests/unit/net/test_payment_provider.c
tests_unit_net_test_spool_SOURCES = tests/unit/net/test_spool.c

# Calls to others: what needs libcurl (libidentity)
libidentity_la_SOURCES += src/net/http_client.c src/net/http_client.h src/net/oidc.c src/net/oidc.h
UNIT_TESTS += tests/unit/net/test_http_client tests/unit/net/test_oidc
tests_unit_net_test_http_client_SOURCES = tests/unit/net/test_http_client.c tests/unit/net/counterpart.c
tests_unit_net_test_http_client_LDADD = libidentity.la $(LDADD)
tests_unit_net_test_oidc_SOURCES = tests/unit/net/test_oidc.c tests/unit/net/counterpart.c
tests_unit_net_test_oidc_LDADD = libidentity.la $(LDADD)
EXTRA_DIST += tests/unit/net/counterpart.h
EXTRA_DIST += src/net/README.md
