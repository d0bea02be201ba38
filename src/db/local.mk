# src/db: sources and tests of this folder
