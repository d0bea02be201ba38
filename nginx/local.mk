# nginx: sources and tests of this folder
