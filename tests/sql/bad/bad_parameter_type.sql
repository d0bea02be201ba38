-- name: b4 :many
-- in: id int8
-- out: id uuid
SELECT j.id FROM platform.job j WHERE j.id = $1;
