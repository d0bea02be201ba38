const char *const q = "SET ROLE own_catalog";
