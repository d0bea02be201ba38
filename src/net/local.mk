# src/net: sources and tests of this folder
