-- name: a :one
-- in: n text
-- out: id uuid
INSERT INTO t (n) VALUES ($1) RETURNING id;
