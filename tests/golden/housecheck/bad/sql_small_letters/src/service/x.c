const char *const q = "insert into t (a) values ($1)";
