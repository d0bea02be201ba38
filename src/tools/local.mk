# src/tools: sources and tests of this folder

# sqlgen: query files to typed C (see README.md); sqlgen-check compares them with a server
noinst_PROGRAMS += sqlgen
sqlgen_SOURCES = src/tools/sqlgen.c src/tools/sqlgen.h src/tools/sqlgen_parse.c src/tools/sqlgen_emit.c
sqlgen_LDADD = libbase.la
