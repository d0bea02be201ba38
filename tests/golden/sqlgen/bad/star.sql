-- name: a :many
-- out: y int8
SELECT * FROM t;
