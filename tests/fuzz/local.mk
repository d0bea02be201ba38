# tests/fuzz: drivers, each with a corpus of the same name. To add one: its name in FUZZERS, its _SOURCES, corpus/<name>/ (README.md).
FUZZERS = tests/fuzz/fuzz_html tests/fuzz/fuzz_form tests/fuzz/fuzz_json tests/fuzz/fuzz_request tests/fuzz/fuzz_csv \
	tests/fuzz/fuzz_cookie tests/fuzz/fuzz_jwks tests/fuzz/fuzz_jwt tests/fuzz/fuzz_password tests/fuzz/fuzz_webauthn
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_cookie_SOURCES = tests/fuzz/fuzz_cookie.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_jwks_SOURCES = tests/fuzz/fuzz_jwks.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_jwt_SOURCES = tests/fuzz/fuzz_jwt.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_password_SOURCES = tests/fuzz/fuzz_password.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_webauthn_SOURCES = tests/fuzz/fuzz_webauthn.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_password_LDADD = libidentity.la $(LDADD)
tests_fuzz_fuzz_webauthn_LDADD = libidentity.la $(LDADD)
check_PROGRAMS += $(FUZZERS)
EXTRA_DIST += tests/fuzz/README.md tests/fuzz/run-corpora.sh tests/fuzz/corpus
.PHONY: fuzzers
fuzzers: $(FUZZERS)
