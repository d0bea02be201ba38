# fcgi-handlers/payment: sources and tests of this folder
