-- name: b9 :many
-- in: ids uuid[]
-- out: ids text[]
SELECT $1;
