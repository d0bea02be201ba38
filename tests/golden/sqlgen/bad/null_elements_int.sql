-- name: a :exec
-- in: x int8?[]
SELECT f($1);
