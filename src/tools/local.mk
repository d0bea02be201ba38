# src/tools: sources and tests of this folder
