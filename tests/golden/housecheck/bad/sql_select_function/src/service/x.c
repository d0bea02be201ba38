const char *const q = "select platform.f($1)";
