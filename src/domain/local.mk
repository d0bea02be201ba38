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

EXTRA_DIST += src/domain/README.md tests/unit/with_arena.h tests/unit/domain/edges.h
UNIT_TESTS += tests/unit/domain/test_address
tests_unit_domain_test_address_SOURCES = tests/unit/domain/test_address.c
UNIT_TESTS += tests/unit/domain/test_cart_rules
tests_unit_domain_test_cart_rules_SOURCES = tests/unit/domain/test_cart_rules.c
UNIT_TESTS += tests/unit/domain/test_contact
tests_unit_domain_test_contact_SOURCES = tests/unit/domain/test_contact.c
UNIT_TESTS += tests/unit/domain/test_order_state
tests_unit_domain_test_order_state_SOURCES = tests/unit/domain/test_order_state.c
UNIT_TESTS += tests/unit/domain/test_payment_state
tests_unit_domain_test_payment_state_SOURCES = tests/unit/domain/test_payment_state.c
UNIT_TESTS += tests/unit/domain/test_reservation_state
tests_unit_domain_test_reservation_state_SOURCES = tests/unit/domain/test_reservation_state.c
UNIT_TESTS += tests/unit/domain/test_return_state
tests_unit_domain_test_return_state_SOURCES = tests/unit/domain/test_return_state.c
UNIT_TESTS += tests/unit/domain/test_shipping
tests_unit_domain_test_shipping_SOURCES = tests/unit/domain/test_shipping.c
UNIT_TESTS += tests/unit/domain/test_state
tests_unit_domain_test_state_SOURCES = tests/unit/domain/test_state.c
UNIT_TESTS += tests/unit/domain/test_tax
tests_unit_domain_test_tax_SOURCES = tests/unit/domain/test_tax.c
UNIT_TESTS += tests/unit/domain/test_totals
tests_unit_domain_test_totals_SOURCES = tests/unit/domain/test_totals.c
libsouk_la_SOURCES += src/domain/return_to.c src/domain/return_to.h
UNIT_TESTS += tests/unit/domain/test_return_to
tests_unit_domain_test_return_to_SOURCES = tests/unit/domain/test_return_to.c

libsouk_la_SOURCES += src/domain/client.c src/domain/client.h
UNIT_TESTS += tests/unit/domain/test_client
tests_unit_domain_test_client_SOURCES = tests/unit/domain/test_client.c
