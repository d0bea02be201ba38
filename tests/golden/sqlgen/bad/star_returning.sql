-- name: a :many :write
-- out: y int8
DELETE FROM t RETURNING *;
