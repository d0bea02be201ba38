-- name: a :one
-- out: n int8
UPDATE t SET n = n + 1 RETURNING n;
