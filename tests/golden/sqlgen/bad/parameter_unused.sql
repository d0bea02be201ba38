-- name: a :one
-- in: x int8, z int8
-- out: y int8
SELECT $1;
