# src/http: sources and tests of this folder
libsouk_la_SOURCES += \
	src/http/fcgi.c src/http/fcgi.h \
	src/http/http.h \
	src/http/parse.c src/http/parse.h \
	src/http/response.c
