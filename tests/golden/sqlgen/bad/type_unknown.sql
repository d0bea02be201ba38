-- name: a :one
-- out: x float8
SELECT 1;
