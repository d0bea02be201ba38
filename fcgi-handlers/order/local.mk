# fcgi-handlers/order: sources and tests of this folder
