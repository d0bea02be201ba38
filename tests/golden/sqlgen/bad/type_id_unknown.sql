-- name: a :one
-- out: x unicorn_id
SELECT 1;
