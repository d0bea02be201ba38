-- name: a :one
-- out: default int8
SELECT 1;
