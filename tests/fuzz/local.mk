# tests/fuzz: drivers, each with a corpus of the same name. To add one: its name in FUZZERS, its _SOURCES, corpus/<name>/ (README.md).
FUZZERS = tests/fuzz/fuzz_html tests/fuzz/fuzz_form tests/fuzz/fuzz_json tests/fuzz/fuzz_request tests/fuzz/fuzz_csv
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c tests/fuzz/replay.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c tests/fuzz/replay.c tests/fuzz/fuzz.h
check_PROGRAMS += $(FUZZERS)
EXTRA_DIST += tests/fuzz/README.md tests/fuzz/run-corpora.sh tests/fuzz/corpus
.PHONY: fuzzers
fuzzers: $(FUZZERS)
