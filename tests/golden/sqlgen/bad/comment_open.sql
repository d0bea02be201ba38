-- name: a :one
-- out: y text
SELECT 1 /* ; 
