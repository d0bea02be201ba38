# src/service: sources and tests of this folder
libsouk_la_SOURCES += src/service/call.h src/service/order_link.c src/service/order_link.h
