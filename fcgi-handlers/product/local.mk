# fcgi-handlers/product: the product pool
noinst_LTLIBRARIES += libpool-product.la
libpool_product_la_SOURCES = \
	fcgi-handlers/product/api.c \
	fcgi-handlers/product/api_price.c \
	fcgi-handlers/product/linked_data.c \
	fcgi-handlers/product/lists.c \
	fcgi-handlers/product/plain.c \
	fcgi-handlers/product/pool.h \
	fcgi-handlers/product/price.h \
	fcgi-handlers/product/product.c \
	fcgi-handlers/product/routes.c \
	fcgi-handlers/product/shapes.c \
	fcgi-handlers/product/shapes_price.c \
	fcgi-handlers/product/sitemap.c
libpool_product_la_LIBADD = libsouk.la
ROUTEGEN_POOLS += libpool-product.la

pkglibexec_PROGRAMS += souk-product
souk_product_SOURCES = fcgi-handlers/product/main.c
souk_product_LDADD = libpool-product.la libsouk.la
EXTRA_DIST += fcgi-handlers/product/README.md
