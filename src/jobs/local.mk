# src/jobs: souk-jobs
pkglibexec_PROGRAMS += souk-jobs
souk_jobs_SOURCES = src/jobs/jobs.h src/jobs/mail.c src/jobs/main.c src/jobs/relay.c src/jobs/runner.c src/jobs/status.c src/jobs/table.c src/jobs/upkeep.c
souk_jobs_LDADD = libsouk.la libbase.la
$(souk_jobs_OBJECTS): | gen/sql/stamp
