# src/jobs: souk-jobs; everything but main.c is a library of its own, so that tests can link it
noinst_LTLIBRARIES += libjobs.la
libjobs_la_SOURCES = src/jobs/jobs.h src/jobs/mail.c src/jobs/mail.h src/jobs/mail_account.c src/jobs/mail_kinds.c src/jobs/mail_order.c src/jobs/relay.c src/jobs/runner.c src/jobs/status.c src/jobs/table.c src/jobs/upkeep.c
libjobs_la_SOURCES += src/jobs/archive.c src/jobs/archive.h src/jobs/privacy.c src/jobs/privacy.h
libjobs_la_LIBADD = libidentity.la libsouk.la
$(libjobs_la_OBJECTS): | gen/sql/stamp gen/tpl.stamp

pkglibexec_PROGRAMS += souk-jobs
souk_jobs_SOURCES = src/jobs/main.c
souk_jobs_LDADD = libjobs.la libsouk.la libbase.la

EXTRA_DIST += src/jobs/README.md
JOB_TEST_LIBS = libjobs.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/jobs/test_mail tests/unit/jobs/test_relay tests/unit/jobs/test_runner tests/unit/jobs/test_status tests/unit/jobs/test_table \
	tests/unit/jobs/test_upkeep
tests_unit_jobs_test_mail_SOURCES = tests/unit/jobs/test_mail.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_jobs_test_mail_LDADD = $(JOB_TEST_LIBS)
tests_unit_jobs_test_relay_SOURCES = tests/unit/jobs/test_relay.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_jobs_test_relay_LDADD = $(JOB_TEST_LIBS)
tests_unit_jobs_test_runner_SOURCES = tests/unit/jobs/test_runner.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_jobs_test_runner_LDADD = $(JOB_TEST_LIBS)
tests_unit_jobs_test_status_SOURCES = tests/unit/jobs/test_status.c
tests_unit_jobs_test_status_LDADD = libjobs.la $(LDADD)
tests_unit_jobs_test_table_SOURCES = tests/unit/jobs/test_table.c
tests_unit_jobs_test_table_LDADD = libjobs.la $(LDADD)
tests_unit_jobs_test_upkeep_SOURCES = tests/unit/jobs/test_upkeep.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_jobs_test_upkeep_LDADD = $(JOB_TEST_LIBS)
UNIT_TESTS += tests/unit/jobs/test_mail_account tests/unit/jobs/test_mail_kinds tests/unit/jobs/test_mail_order
tests_unit_jobs_test_mail_order_SOURCES = tests/unit/jobs/test_mail_order.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_jobs_test_mail_order_LDADD = libjobs.la libidentity.la $(SHOP_TEST_LIBS)
tests_unit_jobs_test_mail_account_SOURCES = tests/unit/jobs/test_mail_account.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_jobs_test_mail_account_LDADD = libjobs.la libidentity.la $(SHOP_TEST_LIBS)
tests_unit_jobs_test_mail_kinds_SOURCES = tests/unit/jobs/test_mail_kinds.c
tests_unit_jobs_test_mail_kinds_LDADD = libjobs.la $(LDADD)
UNIT_TESTS += tests/unit/jobs/test_archive tests/unit/jobs/test_privacy
tests_unit_jobs_test_archive_SOURCES = tests/unit/jobs/test_archive.c
tests_unit_jobs_test_archive_LDADD = libjobs.la $(LDADD) $(ZIP_LIBS)
tests_unit_jobs_test_privacy_SOURCES = tests/unit/jobs/test_privacy.c tests/unit/service/shop.c
tests_unit_jobs_test_privacy_LDADD = $(JOB_TEST_LIBS)
