const char *const q = "CALL orders.tidy()";
