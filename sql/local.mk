# sql: the query files become typed C. To add a file: one line here and nothing else.
# (list them in SQL_QUERIES, e.g. SQL_QUERIES += sql/queries/platform.sql)
