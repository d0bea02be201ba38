-- name: a :exec
COMMIT;
