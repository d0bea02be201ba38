# src/net: one file per outside system
libsouk_la_SOURCES += src/net/payment_provider.c src/net/payment_provider.h
