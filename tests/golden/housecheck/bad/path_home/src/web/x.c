const char *const p = "/home/anna/souk";
