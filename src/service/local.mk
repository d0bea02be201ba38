# src/service: sources and tests of this folder
