# src/domain: the rules of the shop, pure
libsouk_la_SOURCES += \
	src/domain/address.c src/domain/address.h src/domain/country.def \
	src/domain/cart_rules.c src/domain/cart_rules.h \
	src/domain/contact.c src/domain/contact.h \
	src/domain/order_state.c src/domain/order_state.h \
	src/domain/payment_state.c src/domain/payment_state.h \
	src/domain/reservation_state.c src/domain/reservation_state.h \
	src/domain/return_state.c src/domain/return_state.h \
	src/domain/shipping.c src/domain/shipping.h \
	src/domain/state.c src/domain/state.h \
	src/domain/tax.c src/domain/tax.h \
	src/domain/totals.c src/domain/totals.h
