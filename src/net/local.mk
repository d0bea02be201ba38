# src/net: one file per outside system
libsouk_la_SOURCES += \
	src/net/mime.c src/net/mime.h \
	src/net/payment_provider.c src/net/payment_provider.h \
	src/net/spool.c src/net/spool.h

UNIT_TESTS += tests/unit/net/test_mime tests/unit/net/test_payment_provider tests/unit/net/test_spool
tests_unit_net_test_mime_SOURCES = tests/unit/net/test_mime.c
tests_unit_net_test_payment_provider_SOURCES = tests/unit/net/test_payment_provider.c
tests_unit_net_test_spool_SOURCES = tests/unit/net/test_spool.c
