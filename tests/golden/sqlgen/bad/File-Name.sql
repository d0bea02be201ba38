-- name: a :one
-- out: x int8
SELECT 1;
