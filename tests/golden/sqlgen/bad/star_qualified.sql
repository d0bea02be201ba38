-- name: a :many
-- out: y int8
SELECT t.* FROM t;
