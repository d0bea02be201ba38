# src/kv: sources and tests of this folder
libsouk_la_SOURCES += src/kv/kv.c src/kv/kv.h
UNIT_TESTS += tests/unit/kv/test_kv
tests_unit_kv_test_kv_SOURCES = tests/unit/kv/test_kv.c
