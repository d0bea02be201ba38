const char *const p = "/Users/anna";
