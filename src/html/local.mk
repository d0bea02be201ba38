# src/html: sources and tests of this folder
