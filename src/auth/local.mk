# src/auth: what every pool needs to know who calls (libsouk), and what only the user pool needs (libidentity)
libsouk_la_SOURCES += src/auth/permission.c src/auth/permission.def src/auth/permission.h
EXTRA_DIST += src/auth/README.md

UNIT_TESTS += tests/unit/auth/test_permission
tests_unit_auth_test_permission_SOURCES = tests/unit/auth/test_permission.c
