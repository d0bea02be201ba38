const char *const q = "  SELECT a FROM b";
