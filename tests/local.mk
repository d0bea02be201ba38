# tests: sources and tests of this folder
EXTRA_DIST += tests/unit/unit.h
# What ./check of a tarball needs besides what is compiled.
EXTRA_DIST += tests/README.md tests/packages.txt tests/package.json tests/package-lock.json tests/unit/README.md \
	tests/a11y tests/bench tests/browser tests/chaos tests/html tests/import tests/race tests/run \
	tests/lighthouse/package.json tests/lighthouse/package-lock.json tests/lighthouse/pages.mjs

# The bench's load generator; built by `make bench` only.
EXTRA_PROGRAMS = tests/bench/load tests/bench/primitives
tests_bench_load_SOURCES = tests/bench/load.c tests/bench/load.h tests/bench/scenario.c
tests_bench_load_LDADD = $(OPENSSL_LIBS)
tests_bench_primitives_SOURCES = tests/bench/primitives.c
tests_bench_primitives_LDADD = libidentity.la $(LDADD)
.PHONY: bench
bench: all tests/bench/load$(EXEEXT) tests/bench/primitives$(EXEEXT)
	SOUK_BUILD='$(abs_builddir)' node '$(srcdir)/tests/bench/bench.mjs' --build '$(abs_builddir)'
