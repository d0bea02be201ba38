const char *const q = "SELECT 1";
