# src/html: escapers, texts, formats, trusted HTML
libsouk_la_SOURCES += \
	src/html/escape.c src/html/format.c src/html/html.h src/html/locale.def src/html/locale.h src/html/sanitize.c \
	src/html/text.c src/html/trusted.c
