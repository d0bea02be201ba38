-- name: a :one
-- out: x
SELECT 1;
