-- name: a :one
-- out: y int8
SELECT 1

-- name: b :one
-- out: y int8
SELECT 1;
