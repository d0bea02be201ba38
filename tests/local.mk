# tests: sources and tests of this folder
EXTRA_DIST += tests/unit/unit.h
