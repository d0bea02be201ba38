const char *const q = "delete from t where a = $1";
