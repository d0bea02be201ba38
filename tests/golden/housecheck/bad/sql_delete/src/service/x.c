const char *const q = "DELETE FROM t";
