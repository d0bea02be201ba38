const char *const p = "/root/x";
