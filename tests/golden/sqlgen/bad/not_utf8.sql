-- name: a :one
-- out: x text
SELECT 'ÿ';
