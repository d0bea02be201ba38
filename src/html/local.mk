# src/html: escapers, texts, formats, trusted HTML
libsouk_la_SOURCES += \
	src/html/error_words.c src/html/escape.c src/html/format.c src/html/html.h src/html/locale.def src/html/locale.h src/html/sanitize.c \
	src/html/text.c src/html/trusted.c

UNIT_TESTS += tests/unit/html/test_error_words tests/unit/html/test_escape tests/unit/html/test_format tests/unit/html/test_sanitize tests/unit/html/test_text tests/unit/html/test_trusted
tests_unit_html_test_error_words_SOURCES = tests/unit/html/test_error_words.c
tests_unit_html_test_escape_SOURCES = tests/unit/html/test_escape.c
tests_unit_html_test_format_SOURCES = tests/unit/html/test_format.c
tests_unit_html_test_sanitize_SOURCES = tests/unit/html/test_sanitize.c
tests_unit_html_test_text_SOURCES = tests/unit/html/test_text.c
tests_unit_html_test_trusted_SOURCES = tests/unit/html/test_trusted.c
