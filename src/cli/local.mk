# src/cli: sources and tests of this folder
