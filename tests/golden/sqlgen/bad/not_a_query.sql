-- name: a :exec
DROP TABLE t;
