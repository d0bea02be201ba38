-- name: a :one :twice
-- out: x int8
SELECT 1;
