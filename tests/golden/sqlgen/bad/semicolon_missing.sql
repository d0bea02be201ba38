-- name: a :one
-- out: y int8
SELECT 1
