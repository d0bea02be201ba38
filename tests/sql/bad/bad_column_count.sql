-- name: b2 :many
-- out: id uuid, queue text
SELECT j.id FROM platform.job j;
