# src/http: sources and tests of this folder
libsouk_la_SOURCES += \
	src/http/fcgi.c src/http/fcgi.h \
	src/http/http.h \
	src/http/parse.c src/http/parse.h \
	src/http/response.c
UNIT_TESTS += tests/unit/http/test_fcgi
tests_unit_http_test_fcgi_SOURCES = tests/unit/http/test_fcgi.c
UNIT_TESTS += tests/unit/http/test_parse
tests_unit_http_test_parse_SOURCES = tests/unit/http/test_parse.c
UNIT_TESTS += tests/unit/http/test_response
tests_unit_http_test_response_SOURCES = tests/unit/http/test_response.c
tests_unit_http_test_fcgi_LDADD = $(LDADD) $(FCGI_LIBS)
