# fcgi-handlers/inventory: the inventory pool
noinst_LTLIBRARIES += libpool-inventory.la
libpool_inventory_la_SOURCES = fcgi-handlers/inventory/pool.h fcgi-handlers/inventory/routes.c
libpool_inventory_la_LIBADD = libsouk.la
ROUTEGEN_POOLS += libpool-inventory.la

pkglibexec_PROGRAMS += souk-inventory
souk_inventory_SOURCES = fcgi-handlers/inventory/main.c
souk_inventory_LDADD = libpool-inventory.la libsouk.la
EXTRA_DIST += fcgi-handlers/inventory/README.md
