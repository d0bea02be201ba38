-- name: a :one
-- out: y text
SELECT 'x;
