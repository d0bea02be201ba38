# fcgi-handlers/product: sources and tests of this folder
