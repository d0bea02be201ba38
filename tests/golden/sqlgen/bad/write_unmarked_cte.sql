-- name: a :one
-- out: n int8
WITH d AS (DELETE FROM t RETURNING 1) SELECT count(*) FROM d;
