# src/base: what everything stands on. A library of its own, because the build tools need it before libsouk exists.
noinst_LTLIBRARIES += libbase.la
libbase_la_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/banned.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/config.c src/base/config.h src/base/config.def \
	src/base/csv.c src/base/csv.h \
	src/base/err.c src/base/err.h src/base/problem.def \
	src/base/ids.c src/base/ids.h src/base/ids.def \
	src/base/input.c src/base/input.h \
	src/base/log.c src/base/log.h \
	src/base/money.c src/base/money.h src/base/currency.def \
	src/base/opt.h \
	src/base/str.c src/base/str.h \
	src/base/unicode.c src/base/unicode.h

UNIT_TESTS += tests/unit/base/test_arena
tests_unit_base_test_arena_SOURCES = tests/unit/base/test_arena.c
UNIT_TESTS += tests/unit/base/test_buf
tests_unit_base_test_buf_SOURCES = tests/unit/base/test_buf.c
UNIT_TESTS += tests/unit/base/test_clock
tests_unit_base_test_clock_SOURCES = tests/unit/base/test_clock.c
UNIT_TESTS += tests/unit/base/test_config
tests_unit_base_test_config_SOURCES = tests/unit/base/test_config.c
UNIT_TESTS += tests/unit/base/test_err
tests_unit_base_test_err_SOURCES = tests/unit/base/test_err.c
UNIT_TESTS += tests/unit/base/test_ids
tests_unit_base_test_ids_SOURCES = tests/unit/base/test_ids.c
UNIT_TESTS += tests/unit/base/test_log
tests_unit_base_test_log_SOURCES = tests/unit/base/test_log.c
UNIT_TESTS += tests/unit/base/test_money
tests_unit_base_test_money_SOURCES = tests/unit/base/test_money.c
UNIT_TESTS += tests/unit/base/test_str
tests_unit_base_test_str_SOURCES = tests/unit/base/test_str.c
UNIT_TESTS += tests/unit/base/test_csv
tests_unit_base_test_csv_SOURCES = tests/unit/base/test_csv.c
UNIT_TESTS += tests/unit/base/test_input
tests_unit_base_test_input_SOURCES = tests/unit/base/test_input.c
tests_unit_base_test_input_LDADD = $(LDADD) $(ZLIB_LIBS)
UNIT_TESTS += tests/unit/base/test_unicode
tests_unit_base_test_unicode_SOURCES = tests/unit/base/test_unicode.c
EXTRA_DIST += src/base/README.md
