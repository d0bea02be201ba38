# tests: sources and tests of this folder
EXTRA_DIST += tests/unit/unit.h

# The bench's load generator; built by `make bench` only.
EXTRA_PROGRAMS = tests/bench/load
tests_bench_load_SOURCES = tests/bench/load.c tests/bench/load.h tests/bench/scenario.c
tests_bench_load_LDADD = $(OPENSSL_LIBS)
.PHONY: bench
bench: all tests/bench/load$(EXEEXT)
	SOUK_BUILD='$(abs_builddir)' node '$(srcdir)/tests/bench/bench.mjs' --build '$(abs_builddir)'
