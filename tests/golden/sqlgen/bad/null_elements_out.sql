-- name: a :one
-- out: x text?[]
SELECT x FROM t;
