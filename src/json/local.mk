# src/json: sources and tests of this folder
libsouk_la_SOURCES += \
	src/json/body.c \
	src/json/field.c src/json/field.h \
	src/json/json.h src/json/tree.h \
	src/json/pairs.c \
	src/json/read.c \
	src/json/schema.c \
	src/json/shape.c src/json/shape.h \
	src/json/value.c src/json/value.h \
	src/json/write.c
UNIT_TESTS += tests/unit/json/test_body
tests_unit_json_test_body_SOURCES = tests/unit/json/test_body.c tests/unit/unit_arena.h
UNIT_TESTS += tests/unit/json/test_field
tests_unit_json_test_field_SOURCES = tests/unit/json/test_field.c tests/unit/unit_arena.h
UNIT_TESTS += tests/unit/json/test_pairs
tests_unit_json_test_pairs_SOURCES = tests/unit/json/test_pairs.c tests/unit/unit_arena.h
UNIT_TESTS += tests/unit/json/test_read
tests_unit_json_test_read_SOURCES = tests/unit/json/test_read.c tests/unit/unit_arena.h
UNIT_TESTS += tests/unit/json/test_schema
tests_unit_json_test_schema_SOURCES = tests/unit/json/test_schema.c tests/unit/unit_arena.h
UNIT_TESTS += tests/unit/json/test_shape
tests_unit_json_test_shape_SOURCES = tests/unit/json/test_shape.c tests/unit/unit_arena.h
UNIT_TESTS += tests/unit/json/test_write
tests_unit_json_test_write_SOURCES = tests/unit/json/test_write.c tests/unit/unit_arena.h
EXTRA_DIST += tests/unit/json/sample.h
tests_unit_json_test_schema_LDADD = $(LDADD) $(JSONC_LIBS)
tests_unit_json_test_read_LDADD = $(LDADD) $(JSONC_LIBS)
UNIT_TESTS += tests/unit/json/test_value
tests_unit_json_test_value_SOURCES = tests/unit/json/test_value.c
