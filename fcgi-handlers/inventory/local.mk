# fcgi-handlers/inventory: sources and tests of this folder
