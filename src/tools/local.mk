# src/tools: programs that run at build time. They link libbase only, because libsouk needs what they write.

# sqlgen: query files to typed C (see README.md); sqlgen-check compares them with a server
noinst_PROGRAMS += sqlgen
sqlgen_SOURCES = src/tools/sqlgen.c src/tools/sqlgen.h src/tools/sqlgen_parse.c src/tools/sqlgen_emit.c
sqlgen_LDADD = libbase.la

# tplc: templates and texts to C
noinst_PROGRAMS += tplc
tplc_SOURCES = \
	src/tools/tplc/bind.c src/tools/tplc/context.c src/tools/tplc/context.h src/tools/tplc/emit.c src/tools/tplc/emit_text.c \
	src/tools/tplc/fields.c src/tools/tplc/html.c src/tools/tplc/lex.c src/tools/tplc/main.c src/tools/tplc/parse.c \
	src/tools/tplc/po.c src/tools/tplc/tables.c src/tools/tplc/tplc.h src/tools/tplc/words.c
tplc_LDADD = libbase.la
