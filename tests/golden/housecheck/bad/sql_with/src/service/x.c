const char *const q = "WITH a AS (SELECT 1)";
