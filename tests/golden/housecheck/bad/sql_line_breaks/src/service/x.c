const char *const q = "SELECT\n    a\nFROM b";
