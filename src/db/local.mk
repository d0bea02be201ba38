# src/db: sources and tests of this folder
libsouk_la_SOURCES += \
	src/db/conn.c src/db/conn.h \
	src/db/db.c src/db/db.h \
	src/db/gather.c src/db/gather.h \
	src/db/migrate.c src/db/migrate.h \
	src/db/query.c src/db/query.h \
	src/db/schema.c \
	src/db/sqlstate.c

# test_query and test_db start a throw-away cluster
EXTRA_DIST += tests/unit/db/cluster.h
UNIT_TESTS += tests/unit/db/test_sqlstate
tests_unit_db_test_sqlstate_SOURCES = tests/unit/db/test_sqlstate.c
UNIT_TESTS += tests/unit/db/test_query
tests_unit_db_test_query_SOURCES = tests/unit/db/test_query.c tests/unit/db/cluster.c
tests_unit_db_test_query_LDADD = $(LDADD) $(LIBPQ_LIBS)
UNIT_TESTS += tests/unit/db/test_db
tests_unit_db_test_db_SOURCES = tests/unit/db/test_db.c tests/unit/db/cluster.c
tests_unit_db_test_db_LDADD = $(LDADD) $(LIBPQ_LIBS)
UNIT_TESTS += tests/unit/db/test_conn tests/unit/db/test_migrate tests/unit/db/test_schema
tests_unit_db_test_conn_SOURCES = tests/unit/db/test_conn.c tests/unit/db/cluster.c
tests_unit_db_test_conn_LDADD = $(LDADD) $(LIBPQ_LIBS)
tests_unit_db_test_migrate_SOURCES = tests/unit/db/test_migrate.c tests/unit/db/cluster.c
tests_unit_db_test_migrate_LDADD = $(LDADD) $(LIBPQ_LIBS)
tests_unit_db_test_schema_SOURCES = tests/unit/db/test_schema.c tests/unit/db/cluster.c
tests_unit_db_test_schema_LDADD = $(LDADD) $(LIBPQ_LIBS)
UNIT_TESTS += tests/unit/db/test_gather
tests_unit_db_test_gather_SOURCES = tests/unit/db/test_gather.c tests/unit/db/cluster.c
tests_unit_db_test_gather_LDADD = $(LDADD) $(LIBPQ_LIBS)
