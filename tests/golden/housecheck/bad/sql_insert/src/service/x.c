const char *const q = "INSERT INTO t VALUES (1)";
