-- name:
-- out: x int8
SELECT 1;
