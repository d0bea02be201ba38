-- name: a :one
-- in: x int8
-- out: y int8
SELECT $0, $1;
