# src/web: sources and tests of this folder
