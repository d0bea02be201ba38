-- name: b1 :many
-- out: id uuid, attempts int8
SELECT j.id, j.attempts FROM platform.job j;
