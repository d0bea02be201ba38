-- name: b7 :many
-- out: id uuid
SELECT j.id FROM platform.job j;
