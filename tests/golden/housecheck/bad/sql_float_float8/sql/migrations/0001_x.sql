CREATE TABLE t (a float8);
