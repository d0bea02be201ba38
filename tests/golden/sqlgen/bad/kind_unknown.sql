-- name: a :some
-- out: x int8
SELECT 1;
