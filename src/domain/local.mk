# src/domain: sources and tests of this folder
