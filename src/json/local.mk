# src/json: sources and tests of this folder
libsouk_la_SOURCES += \
	src/json/body.c \
	src/json/field.c src/json/field.h \
	src/json/json.h src/json/tree.h \
	src/json/pairs.c \
	src/json/read.c \
	src/json/schema.c \
	src/json/shape.c src/json/shape.h \
	src/json/write.c
