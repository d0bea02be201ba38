const char *const q = "BEGIN";
