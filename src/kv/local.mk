# src/kv: sources and tests of this folder
libsouk_la_SOURCES += src/kv/kv.c src/kv/kv.h
