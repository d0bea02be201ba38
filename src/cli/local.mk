# src/cli: sources and tests of this folder
bin_PROGRAMS += souk
souk_SOURCES = src/cli/verify.c src/cli/main.c src/cli/cli.c src/cli/cli.h src/cli/migrate.c
souk_SOURCES += src/cli/demo.c src/cli/import.c
souk_CPPFLAGS = $(AM_CPPFLAGS) -DSOUK_SQL_DIR='"$(pkgdatadir)/sql"' -DSOUK_DEMO_FILE='"$(pkgdatadir)/demo/demo.json"'
souk_LDADD = libsouk.la libbase.la
$(souk_OBJECTS): | gen/sql/stamp
UNIT_TESTS += tests/unit/cli/test_verify
tests_unit_cli_test_verify_SOURCES = tests/unit/cli/test_verify.c src/cli/verify.c src/cli/cli.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_cli_test_verify_LDADD = $(SHOP_TEST_LIBS)
