# fcgi-handlers/order: carts, checkout, orders
noinst_LTLIBRARIES += libpool-order.la
libpool_order_la_SOURCES = \
	fcgi-handlers/order/api_cart.c fcgi-handlers/order/api_order.c fcgi-handlers/order/handlers.h \
	fcgi-handlers/order/page_cart.c fcgi-handlers/order/page_checkout.c fcgi-handlers/order/page_order.c fcgi-handlers/order/page_orders.c \
	fcgi-handlers/order/pool.h fcgi-handlers/order/routes.c fcgi-handlers/order/shapes.c fcgi-handlers/order/shapes.h \
	fcgi-handlers/order/view.c fcgi-handlers/order/view.h
libpool_order_la_LIBADD = libsouk.la
ROUTEGEN_POOLS += libpool-order.la
pkglibexec_PROGRAMS += souk-order
souk_order_SOURCES = fcgi-handlers/order/main.c
souk_order_LDADD = libpool-order.la libsouk.la
EXTRA_DIST += fcgi-handlers/order/README.md
