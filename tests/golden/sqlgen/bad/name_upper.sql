-- name: ThingList :many
-- out: x int8
SELECT 1;
