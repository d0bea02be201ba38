# src/auth: sources and tests of this folder
