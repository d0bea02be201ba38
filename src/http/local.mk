# src/http: sources and tests of this folder
