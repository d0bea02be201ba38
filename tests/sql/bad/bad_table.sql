-- name: b3 :many
-- out: id uuid
SELECT j.id FROM platform.nothing j;
