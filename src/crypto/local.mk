# src/crypto: sources and tests of this folder
