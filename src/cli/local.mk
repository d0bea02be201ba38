# src/cli: sources and tests of this folder
bin_PROGRAMS += souk
souk_SOURCES = src/cli/verify.c src/cli/main.c src/cli/cli.c src/cli/cli.h src/cli/migrate.c
souk_SOURCES += src/cli/demo.c src/cli/import.c src/cli/progress.c src/cli/progress.h
souk_SOURCES += src/cli/keys.c
souk_SOURCES += src/cli/providers.c
souk_CPPFLAGS = $(AM_CPPFLAGS) -DSOUK_SQL_DIR='"$(pkgdatadir)/sql"' -DSOUK_DEMO_FILE='"$(pkgdatadir)/demo/demo.json"'
souk_SOURCES += src/cli/audit.c src/cli/users.c src/cli/users_admin.c src/cli/users_file.c src/cli/users.h
souk_LDADD = libidentity.la libsouk.la libbase.la
$(souk_OBJECTS): | gen/sql/stamp
UNIT_TESTS += tests/unit/cli/test_verify
tests_unit_cli_test_verify_SOURCES = tests/unit/cli/test_verify.c src/cli/verify.c src/cli/cli.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_cli_test_verify_LDADD = $(SHOP_TEST_LIBS)

# The commands run inside these tests; what was not installed is nowhere.
EXTRA_DIST += tests/unit/cli/command.h
CLI_TEST_SOURCES = src/cli/cli.c tests/unit/cli/command.c tests/unit/service/shop.c
CLI_TEST_CPPFLAGS = $(AM_CPPFLAGS) -DSOUK_SQL_DIR='"/nowhere/sql"' -DSOUK_DEMO_FILE='"/nowhere/demo.json"'
UNIT_TESTS += tests/unit/cli/test_cli tests/unit/cli/test_demo tests/unit/cli/test_import tests/unit/cli/test_migrate
tests_unit_cli_test_cli_SOURCES = tests/unit/cli/test_cli.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_cli_LDADD = $(SHOP_TEST_LIBS)
tests_unit_cli_test_demo_SOURCES = tests/unit/cli/test_demo.c src/cli/demo.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_demo_CPPFLAGS = $(CLI_TEST_CPPFLAGS)
tests_unit_cli_test_demo_LDADD = $(SHOP_TEST_LIBS)
tests_unit_cli_test_import_SOURCES = tests/unit/cli/test_import.c src/cli/import.c src/cli/progress.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_import_LDADD = $(SHOP_TEST_LIBS)
tests_unit_cli_test_migrate_SOURCES = tests/unit/cli/test_migrate.c src/cli/migrate.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_migrate_CPPFLAGS = $(CLI_TEST_CPPFLAGS)
tests_unit_cli_test_migrate_LDADD = $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/cli/test_audit tests/unit/cli/test_users tests/unit/cli/test_users_admin tests/unit/cli/test_users_file
tests_unit_cli_test_audit_SOURCES = tests/unit/cli/test_audit.c src/cli/audit.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_audit_LDADD = $(SHOP_TEST_LIBS)
tests_unit_cli_test_users_SOURCES = tests/unit/cli/test_users.c src/cli/users.c src/cli/users_admin.c src/cli/users_file.c src/cli/progress.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_users_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_cli_test_users_admin_SOURCES = tests/unit/cli/test_users_admin.c src/cli/users.c src/cli/users_admin.c src/cli/users_file.c src/cli/progress.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_users_admin_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_cli_test_users_file_SOURCES = tests/unit/cli/test_users_file.c src/cli/users.c src/cli/users_admin.c src/cli/users_file.c src/cli/progress.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_users_file_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/cli/test_progress
tests_unit_cli_test_progress_SOURCES = tests/unit/cli/test_progress.c src/cli/progress.c
UNIT_TESTS += tests/unit/cli/test_keys
tests_unit_cli_test_keys_SOURCES = tests/unit/cli/test_keys.c src/cli/keys.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_keys_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/cli/test_providers
tests_unit_cli_test_providers_SOURCES = tests/unit/cli/test_providers.c src/cli/providers.c tests/unit/net/counterpart.c $(CLI_TEST_SOURCES)
tests_unit_cli_test_providers_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit/net
tests_unit_cli_test_providers_LDADD = libidentity.la $(SHOP_TEST_LIBS)
EXTRA_DIST += src/cli/README.md
