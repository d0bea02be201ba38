const char *const q = "UPDATE t SET a = 1";
