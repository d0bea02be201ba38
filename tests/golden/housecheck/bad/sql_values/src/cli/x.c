const char *const q = "VALUES (1, 2)";
