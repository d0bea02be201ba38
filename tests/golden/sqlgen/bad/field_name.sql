-- name: a :one
-- out: 9x int8
SELECT 1;
