# src/service: sources and tests of this folder
libsouk_la_SOURCES += src/service/call.h src/service/order_link.c src/service/order_link.h \
	src/service/cart.c src/service/cart.h src/service/cart_details.c src/service/cart_internal.h src/service/cart_claim.c src/service/cart_claim.h src/service/cart_load.c src/service/cart_open.c \
	src/service/checkout.c src/service/checkout.h src/service/idem.c src/service/idem.h src/service/order.c src/service/order.h \
	src/service/order_list.c src/service/order_list.h src/service/shopper.c src/service/shopper.h

libsouk_la_SOURCES += \
	src/service/payment.c src/service/payment.h src/service/payment_internal.h \
	src/service/notification.c src/service/notification.h src/service/payment_providers.c \
	src/service/payment_work.c \
	src/service/person.c src/service/person.h src/service/verify.c src/service/verify.h \
	src/service/provider_sandbox.c src/service/provider_sandbox.h src/service/provider_sandbox.def
libsouk_la_SOURCES += src/service/catalog.h src/service/catalog_internal.h src/service/catalog_category.c src/service/catalog_list.c \
	src/service/catalog_product.c src/service/catalog_search.c src/service/demo.c src/service/demo.h src/service/inventory.c src/service/inventory.h \
	src/service/price.h src/service/price_read.c src/service/price_set.c

EXTRA_DIST += src/service/README.md
UNIT_TESTS += tests/unit/service/test_idem tests/unit/service/test_order_link
tests_unit_service_test_idem_SOURCES = tests/unit/service/test_idem.c tests/unit/service/shop.c
tests_unit_service_test_idem_LDADD = $(LDADD) $(LIBPQ_LIBS)
tests_unit_service_test_order_link_SOURCES = tests/unit/service/test_order_link.c
libsouk_la_SOURCES += src/service/import.c src/service/import.h src/service/import_internal.h src/service/import_retail.c src/service/import_shopify.c \
	src/service/import_text.c

# These have a shop of their own (tests/unit/service/shop.h): a migrated database, copied from a template.
EXTRA_DIST += tests/unit/service/shop.sh tests/unit/service/shop.h
SHOP_TEST_LIBS = $(LDADD) $(LIBPQ_LIBS)
UNIT_TESTS += tests/unit/service/test_cart tests/unit/service/test_cart_details tests/unit/service/test_cart_load tests/unit/service/test_cart_open tests/unit/service/test_checkout \
	tests/unit/service/test_order
tests_unit_service_test_cart_SOURCES = tests/unit/service/test_cart.c tests/unit/service/shop.c
tests_unit_service_test_cart_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_cart_details_SOURCES = tests/unit/service/test_cart_details.c tests/unit/service/shop.c
tests_unit_service_test_cart_details_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_cart_load_SOURCES = tests/unit/service/test_cart_load.c tests/unit/service/shop.c
tests_unit_service_test_cart_load_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_checkout_SOURCES = tests/unit/service/test_checkout.c tests/unit/service/shop.c
tests_unit_service_test_checkout_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_order_SOURCES = tests/unit/service/test_order.c tests/unit/service/shop.c
tests_unit_service_test_order_LDADD = $(SHOP_TEST_LIBS)

# Payments, persons, messages, verification: a shop with the sandbox provider (tests/unit/service/paying.h)
EXTRA_DIST += tests/unit/service/paying.h
UNIT_TESTS += tests/unit/service/test_notification tests/unit/service/test_payment tests/unit/service/test_payment_providers \
	tests/unit/service/test_payment_work tests/unit/service/test_person tests/unit/service/test_provider_sandbox tests/unit/service/test_verify
tests_unit_service_test_notification_SOURCES = tests/unit/service/test_notification.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_service_test_notification_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_payment_SOURCES = tests/unit/service/test_payment.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_service_test_payment_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_payment_providers_SOURCES = tests/unit/service/test_payment_providers.c
tests_unit_service_test_payment_work_SOURCES = tests/unit/service/test_payment_work.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_service_test_payment_work_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_person_SOURCES = tests/unit/service/test_person.c tests/unit/service/shop.c
tests_unit_service_test_person_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_provider_sandbox_SOURCES = tests/unit/service/test_provider_sandbox.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_service_test_provider_sandbox_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_verify_SOURCES = tests/unit/service/test_verify.c tests/unit/service/paying.c tests/unit/service/shop.c
tests_unit_service_test_verify_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_cart_open_SOURCES = tests/unit/service/test_cart_open.c tests/unit/service/shop.c
tests_unit_service_test_cart_open_LDADD = $(SHOP_TEST_LIBS)

EXTRA_DIST += tests/unit/service/shelf.h
UNIT_TESTS += tests/unit/service/test_price_read tests/unit/service/test_price_set
tests_unit_service_test_price_read_SOURCES = tests/unit/service/test_price_read.c tests/unit/service/shelf.c tests/unit/service/shop.c
tests_unit_service_test_price_read_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_price_set_SOURCES = tests/unit/service/test_price_set.c tests/unit/service/shelf.c tests/unit/service/shop.c
tests_unit_service_test_price_set_LDADD = $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_catalog_category tests/unit/service/test_catalog_list tests/unit/service/test_catalog_product \
	tests/unit/service/test_catalog_search tests/unit/service/test_demo tests/unit/service/test_inventory
tests_unit_service_test_catalog_category_SOURCES = tests/unit/service/test_catalog_category.c tests/unit/service/shelf.c tests/unit/service/shop.c
tests_unit_service_test_catalog_category_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_catalog_list_SOURCES = tests/unit/service/test_catalog_list.c tests/unit/service/shelf.c tests/unit/service/shop.c
tests_unit_service_test_catalog_list_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_catalog_product_SOURCES = tests/unit/service/test_catalog_product.c tests/unit/service/shelf.c tests/unit/service/shop.c
tests_unit_service_test_catalog_product_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_catalog_search_SOURCES = tests/unit/service/test_catalog_search.c tests/unit/service/shelf.c tests/unit/service/shop.c
tests_unit_service_test_catalog_search_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_demo_SOURCES = tests/unit/service/test_demo.c tests/unit/service/shop.c
tests_unit_service_test_demo_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_inventory_SOURCES = tests/unit/service/test_inventory.c tests/unit/service/shop.c
tests_unit_service_test_inventory_LDADD = $(SHOP_TEST_LIBS)

EXTRA_DIST += tests/unit/service/importing.h
UNIT_TESTS += tests/unit/service/test_import tests/unit/service/test_import_retail tests/unit/service/test_import_shopify tests/unit/service/test_import_text
tests_unit_service_test_import_SOURCES = tests/unit/service/test_import.c tests/unit/service/importing.c tests/unit/service/shop.c
tests_unit_service_test_import_LDADD = $(SHOP_TEST_LIBS) $(ZLIB_LIBS)
tests_unit_service_test_import_retail_SOURCES = tests/unit/service/test_import_retail.c tests/unit/service/importing.c tests/unit/service/shop.c
tests_unit_service_test_import_retail_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_import_shopify_SOURCES = tests/unit/service/test_import_shopify.c tests/unit/service/importing.c tests/unit/service/shop.c
tests_unit_service_test_import_shopify_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_import_text_SOURCES = tests/unit/service/test_import_text.c

# The audit trail: every pool may write it. Profile, address book, consents and privacy are libidentity's.
libsouk_la_SOURCES += src/service/audit.c src/service/audit.h src/service/audit_read.c src/service/page_cursor.c src/service/page_cursor.h
libidentity_la_SOURCES += src/service/profile.c src/service/profile.h src/service/preference.def src/service/address_book.c src/service/address_book.h \
	src/service/consent.c src/service/consent.h src/service/consent.def src/service/privacy.c src/service/privacy.h src/service/privacy_internal.h \
	src/service/privacy_erase.c src/service/privacy_export.c src/service/privacy_file.c src/service/privacy_work.c
libidentity_la_SOURCES += src/service/customer.c src/service/customer.h src/service/users.h src/service/users_internal.h src/service/users_file.c src/service/users_import.c \
	src/service/users_export.c src/service/users_admin.c
EXTRA_DIST += tests/unit/service/signed_in.h tests/unit/service/users_text.h
EXTRA_DIST += tests/unit/service/erasing.h
UNIT_TESTS += tests/unit/service/test_privacy tests/unit/service/test_privacy_erase tests/unit/service/test_privacy_export tests/unit/service/test_privacy_file tests/unit/service/test_privacy_work tests/unit/service/test_customer
tests_unit_service_test_privacy_SOURCES = tests/unit/service/test_privacy.c tests/unit/service/shop.c
tests_unit_service_test_privacy_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_privacy_erase_SOURCES = tests/unit/service/test_privacy_erase.c tests/unit/service/shop.c
tests_unit_service_test_privacy_erase_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_privacy_export_SOURCES = tests/unit/service/test_privacy_export.c tests/unit/service/shop.c
tests_unit_service_test_privacy_export_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_privacy_file_SOURCES = tests/unit/service/test_privacy_file.c tests/unit/service/shop.c
tests_unit_service_test_privacy_file_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_privacy_work_SOURCES = tests/unit/service/test_privacy_work.c tests/unit/service/shop.c
tests_unit_service_test_privacy_work_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_customer_SOURCES = tests/unit/service/test_customer.c tests/unit/service/shop.c
tests_unit_service_test_customer_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_users_admin
tests_unit_service_test_users_admin_SOURCES = tests/unit/service/test_users_admin.c tests/unit/service/shop.c
tests_unit_service_test_users_admin_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_users_file tests/unit/service/test_users_import tests/unit/service/test_users_export
tests_unit_service_test_users_file_SOURCES = tests/unit/service/test_users_file.c
tests_unit_service_test_users_file_LDADD = libidentity.la $(LDADD)
tests_unit_service_test_users_import_SOURCES = tests/unit/service/test_users_import.c tests/unit/service/shop.c
tests_unit_service_test_users_import_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_users_export_SOURCES = tests/unit/service/test_users_export.c tests/unit/service/shop.c
tests_unit_service_test_users_export_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_address_book tests/unit/service/test_consent tests/unit/service/test_profile
tests_unit_service_test_address_book_SOURCES = tests/unit/service/test_address_book.c tests/unit/service/shop.c
tests_unit_service_test_address_book_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_consent_SOURCES = tests/unit/service/test_consent.c tests/unit/service/shop.c
tests_unit_service_test_consent_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_profile_SOURCES = tests/unit/service/test_profile.c tests/unit/service/shop.c
tests_unit_service_test_profile_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_audit tests/unit/service/test_audit_read tests/unit/service/test_page_cursor
tests_unit_service_test_audit_read_SOURCES = tests/unit/service/test_audit_read.c tests/unit/service/shop.c
tests_unit_service_test_audit_read_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_page_cursor_SOURCES = tests/unit/service/test_page_cursor.c
tests_unit_service_test_audit_SOURCES = tests/unit/service/test_audit.c tests/unit/service/shop.c
tests_unit_service_test_audit_LDADD = $(SHOP_TEST_LIBS)

# Accounts: what every pool needs to know who calls is part of libsouk; the rest of it of libidentity.
libsouk_la_SOURCES += src/service/challenge.h src/service/throttle.h src/service/challenge.c src/service/account_message.c
libsouk_la_SOURCES += src/service/session.h src/service/session_internal.h src/service/session_check.c src/service/session_end.c \
	src/service/session_news.c src/service/session_news.h src/service/session_keys.c src/service/session_keys.h
libsouk_la_SOURCES += src/service/api_key.c src/service/api_key.h src/service/role.c src/service/role.h
libidentity_la_SOURCES += src/service/session.c src/service/session_refresh.c src/service/signing_key.c src/service/signing_key.h src/service/staff.c src/service/staff.h
libidentity_la_SOURCES += src/service/account.c src/service/account.h src/service/account_internal.h src/service/account_register.c \
	src/service/account_login.c src/service/account_password.c src/service/account_email.c src/service/throttle.c \
	src/service/account_hasher.c
UNIT_TESTS += tests/unit/service/test_challenge tests/unit/service/test_throttle tests/unit/service/test_account_message
tests_unit_service_test_challenge_SOURCES = tests/unit/service/test_challenge.c tests/unit/service/shop.c
tests_unit_service_test_challenge_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_throttle_SOURCES = tests/unit/service/test_throttle.c tests/unit/service/shop.c
tests_unit_service_test_throttle_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_account_message_SOURCES = tests/unit/service/test_account_message.c tests/unit/service/shop.c
tests_unit_service_test_account_message_LDADD = libidentity.la $(SHOP_TEST_LIBS)
EXTRA_DIST += tests/unit/service/registering.h
UNIT_TESTS += tests/unit/service/test_account tests/unit/service/test_account_register tests/unit/service/test_account_login \
	tests/unit/service/test_account_password tests/unit/service/test_account_email tests/unit/service/test_account_hasher
tests_unit_service_test_account_SOURCES = tests/unit/service/test_account.c tests/unit/service/registering.c tests/unit/service/shop.c
tests_unit_service_test_account_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_account_register_SOURCES = tests/unit/service/test_account_register.c tests/unit/service/registering.c tests/unit/service/shop.c
tests_unit_service_test_account_register_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_account_login_SOURCES = tests/unit/service/test_account_login.c tests/unit/service/registering.c tests/unit/service/shop.c
tests_unit_service_test_account_login_LDADD = libidentity.la $(SHOP_TEST_LIBS) -lcrypt
tests_unit_service_test_account_password_SOURCES = tests/unit/service/test_account_password.c tests/unit/service/registering.c tests/unit/service/shop.c
tests_unit_service_test_account_password_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_account_email_SOURCES = tests/unit/service/test_account_email.c tests/unit/service/registering.c tests/unit/service/shop.c
tests_unit_service_test_account_email_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_account_hasher_SOURCES = tests/unit/service/test_account_hasher.c tests/unit/service/registering.c tests/unit/service/shop.c
tests_unit_service_test_account_hasher_LDADD = libidentity.la $(SHOP_TEST_LIBS)

EXTRA_DIST += tests/unit/service/redis.h tests/unit/service/signing.h
UNIT_TESTS += tests/unit/service/test_session tests/unit/service/test_session_check tests/unit/service/test_session_end tests/unit/service/test_session_news
tests_unit_service_test_session_SOURCES = tests/unit/service/test_session.c tests/unit/service/shop.c
tests_unit_service_test_session_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_session_check_SOURCES = tests/unit/service/test_session_check.c tests/unit/service/shop.c
tests_unit_service_test_session_check_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_session_end_SOURCES = tests/unit/service/test_session_end.c tests/unit/service/shop.c
tests_unit_service_test_session_end_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_session_news_SOURCES = tests/unit/service/test_session_news.c
# Second factors and passkeys
libidentity_la_SOURCES += src/service/second_factor.c src/service/second_factor.h src/service/trusted_device.c src/service/trusted_device.h src/service/passkey.c src/service/passkey.h
EXTRA_DIST += tests/unit/service/factors.h
UNIT_TESTS += tests/unit/service/test_second_factor tests/unit/service/test_trusted_device
tests_unit_service_test_second_factor_SOURCES = tests/unit/service/test_second_factor.c tests/unit/service/shop.c
tests_unit_service_test_second_factor_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_trusted_device_SOURCES = tests/unit/service/test_trusted_device.c tests/unit/service/shop.c
tests_unit_service_test_trusted_device_LDADD = libidentity.la $(SHOP_TEST_LIBS)
EXTRA_DIST += tests/unit/service/authenticator.h
UNIT_TESTS += tests/unit/service/test_passkey
tests_unit_service_test_passkey_SOURCES = tests/unit/service/test_passkey.c tests/unit/service/shop.c
tests_unit_service_test_passkey_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_session_refresh tests/unit/service/test_session_keys tests/unit/service/test_signing_key
tests_unit_service_test_session_refresh_SOURCES = tests/unit/service/test_session_refresh.c tests/unit/service/shop.c
tests_unit_service_test_session_refresh_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_session_keys_SOURCES = tests/unit/service/test_session_keys.c tests/unit/service/shop.c
tests_unit_service_test_session_keys_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_signing_key_SOURCES = tests/unit/service/test_signing_key.c tests/unit/service/shop.c
tests_unit_service_test_signing_key_LDADD = libidentity.la $(SHOP_TEST_LIBS)
UNIT_TESTS += tests/unit/service/test_api_key tests/unit/service/test_role tests/unit/service/test_staff
tests_unit_service_test_api_key_SOURCES = tests/unit/service/test_api_key.c tests/unit/service/shop.c
tests_unit_service_test_api_key_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_role_SOURCES = tests/unit/service/test_role.c tests/unit/service/shop.c
tests_unit_service_test_role_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_staff_SOURCES = tests/unit/service/test_staff.c tests/unit/service/shop.c
tests_unit_service_test_staff_LDADD = libidentity.la $(SHOP_TEST_LIBS)

# What accounts shop
UNIT_TESTS += tests/unit/service/test_cart_claim tests/unit/service/test_order_list tests/unit/service/test_shopper
tests_unit_service_test_cart_claim_SOURCES = tests/unit/service/test_cart_claim.c tests/unit/service/shop.c
tests_unit_service_test_cart_claim_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_order_list_SOURCES = tests/unit/service/test_order_list.c tests/unit/service/shop.c
tests_unit_service_test_order_list_LDADD = $(SHOP_TEST_LIBS)
tests_unit_service_test_shopper_SOURCES = tests/unit/service/test_shopper.c tests/unit/service/shop.c
tests_unit_service_test_shopper_LDADD = libidentity.la $(SHOP_TEST_LIBS)
# Identities from outside: user pools' tokens are every pool's matter, sign-in over OpenID Connect is libidentity's.
libsouk_la_SOURCES += src/service/cognito.c src/service/cognito.h
libidentity_la_SOURCES += src/service/identity_provider.c src/service/identity_provider.h src/service/identity_provider_put.c src/service/identity_internal.h \
	src/service/identity_sign_in.c src/service/identity_link.c
EXTRA_DIST += tests/unit/service/outside.h
OUTSIDE_TEST_SOURCES = tests/unit/service/outside.c tests/unit/service/shop.c tests/unit/net/counterpart.c
OUTSIDE_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit/net
UNIT_TESTS += tests/unit/service/test_cognito tests/unit/service/test_identity_link tests/unit/service/test_identity_provider tests/unit/service/test_identity_provider_put \
	tests/unit/service/test_identity_sign_in
tests_unit_service_test_cognito_SOURCES = tests/unit/service/test_cognito.c $(OUTSIDE_TEST_SOURCES)
tests_unit_service_test_cognito_CPPFLAGS = $(OUTSIDE_TEST_CPPFLAGS)
tests_unit_service_test_cognito_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_identity_link_SOURCES = tests/unit/service/test_identity_link.c $(OUTSIDE_TEST_SOURCES)
tests_unit_service_test_identity_link_CPPFLAGS = $(OUTSIDE_TEST_CPPFLAGS)
tests_unit_service_test_identity_link_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_identity_provider_SOURCES = tests/unit/service/test_identity_provider.c $(OUTSIDE_TEST_SOURCES)
tests_unit_service_test_identity_provider_CPPFLAGS = $(OUTSIDE_TEST_CPPFLAGS)
tests_unit_service_test_identity_provider_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_identity_provider_put_SOURCES = tests/unit/service/test_identity_provider_put.c $(OUTSIDE_TEST_SOURCES)
tests_unit_service_test_identity_provider_put_CPPFLAGS = $(OUTSIDE_TEST_CPPFLAGS)
tests_unit_service_test_identity_provider_put_LDADD = libidentity.la $(SHOP_TEST_LIBS)
tests_unit_service_test_identity_sign_in_SOURCES = tests/unit/service/test_identity_sign_in.c $(OUTSIDE_TEST_SOURCES)
tests_unit_service_test_identity_sign_in_CPPFLAGS = $(OUTSIDE_TEST_CPPFLAGS)
tests_unit_service_test_identity_sign_in_LDADD = libidentity.la $(SHOP_TEST_LIBS)
