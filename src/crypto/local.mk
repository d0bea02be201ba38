# src/crypto: OpenSSL only here
libsouk_la_SOURCES += \
	src/crypto/aead.c \
	src/crypto/crypto.h \
	src/crypto/hash.c \
	src/crypto/kdf.c src/crypto/kdf.h \
	src/crypto/keyring.c src/crypto/keyring.h \
	src/crypto/sign.c src/crypto/sign.h \
	src/crypto/token.c

UNIT_TESTS += tests/unit/crypto/test_aead tests/unit/crypto/test_hash tests/unit/crypto/test_kdf tests/unit/crypto/test_keyring tests/unit/crypto/test_sign tests/unit/crypto/test_token
tests_unit_crypto_test_aead_SOURCES = tests/unit/crypto/test_aead.c
tests_unit_crypto_test_hash_SOURCES = tests/unit/crypto/test_hash.c
tests_unit_crypto_test_keyring_SOURCES = tests/unit/crypto/test_keyring.c
tests_unit_crypto_test_token_SOURCES = tests/unit/crypto/test_token.c
tests_unit_crypto_test_kdf_SOURCES = tests/unit/crypto/test_kdf.c
tests_unit_crypto_test_sign_SOURCES = tests/unit/crypto/test_sign.c
EXTRA_DIST += src/crypto/README.md
