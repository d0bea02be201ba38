-- name: a :one
-- out: x int8, x text
SELECT 1, 2;
