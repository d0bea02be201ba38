const char *const q = "SELECT 1 FROM t";
