-- name: a :one
-- out: y usec
SELECT current_timestamp;
