-- name: a :one
-- out: y usec
SELECT now();
