-- name: a :one
-- in: x text
-- out: y text
SELECT '$1';
