# src/json: sources and tests of this folder
