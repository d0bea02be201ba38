# src/kv: sources and tests of this folder
