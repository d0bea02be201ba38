const char *const p = "/work/souk";
