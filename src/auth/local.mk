# src/auth: what every pool needs to know who calls (libsouk), and what only the user pool needs (libidentity)
libsouk_la_SOURCES += \
	src/auth/permission.c src/auth/permission.def src/auth/permission.h \
	src/auth/refresh.c src/auth/refresh.h \
	src/auth/token.c src/auth/token.h \
	src/auth/token_keys.c src/auth/token_keys.h
EXTRA_DIST += src/auth/README.md

UNIT_TESTS += tests/unit/auth/test_permission tests/unit/auth/test_refresh tests/unit/auth/test_token tests/unit/auth/test_token_keys
tests_unit_auth_test_refresh_SOURCES = tests/unit/auth/test_refresh.c
tests_unit_auth_test_token_SOURCES = tests/unit/auth/test_token.c
tests_unit_auth_test_token_keys_SOURCES = tests/unit/auth/test_token_keys.c
tests_unit_auth_test_permission_SOURCES = tests/unit/auth/test_permission.c

libidentity_la_SOURCES += \
	src/auth/cbor.c src/auth/cbor.h \
	src/auth/common_passwords.def \
	src/auth/hasher.c src/auth/hasher.h \
	src/auth/password.c src/auth/password.h \
	src/auth/password_argon2.c \
	src/auth/password_foreign.c \
	src/auth/password_forms.c src/auth/password_forms.h \
	src/auth/password_rules.c \
	src/auth/qr.c src/auth/qr.h \
	src/auth/token_sign.c src/auth/token_sign.h \
	src/auth/totp.c src/auth/totp.h \
	src/auth/webauthn.c src/auth/webauthn.h
IDENTITY_TESTS = \
	tests/unit/auth/test_cbor tests/unit/auth/test_hasher tests/unit/auth/test_password \
	tests/unit/auth/test_password_argon2 tests/unit/auth/test_password_foreign tests/unit/auth/test_password_forms \
	tests/unit/auth/test_password_rules tests/unit/auth/test_qr tests/unit/auth/test_token_sign \
	tests/unit/auth/test_totp tests/unit/auth/test_webauthn
UNIT_TESTS += $(IDENTITY_TESTS)
tests_unit_auth_test_cbor_SOURCES = tests/unit/auth/test_cbor.c
tests_unit_auth_test_cbor_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_hasher_SOURCES = tests/unit/auth/test_hasher.c
tests_unit_auth_test_hasher_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_password_SOURCES = tests/unit/auth/test_password.c
tests_unit_auth_test_password_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_password_argon2_SOURCES = tests/unit/auth/test_password_argon2.c
tests_unit_auth_test_password_argon2_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_password_foreign_SOURCES = tests/unit/auth/test_password_foreign.c
tests_unit_auth_test_password_foreign_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_password_forms_SOURCES = tests/unit/auth/test_password_forms.c
tests_unit_auth_test_password_forms_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_password_rules_SOURCES = tests/unit/auth/test_password_rules.c
tests_unit_auth_test_password_rules_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_qr_SOURCES = tests/unit/auth/test_qr.c
tests_unit_auth_test_qr_LDADD = libidentity.la $(LDADD) $(QRENCODE_LIBS)
tests_unit_auth_test_token_sign_SOURCES = tests/unit/auth/test_token_sign.c
tests_unit_auth_test_token_sign_LDADD = libidentity.la $(LDADD) $(JWT_LIBS)
tests_unit_auth_test_totp_SOURCES = tests/unit/auth/test_totp.c
tests_unit_auth_test_totp_LDADD = libidentity.la $(LDADD)
tests_unit_auth_test_webauthn_SOURCES = tests/unit/auth/test_webauthn.c
tests_unit_auth_test_webauthn_LDADD = libidentity.la $(LDADD)
EXTRA_DIST += tests/unit/auth/token_vectors.h
