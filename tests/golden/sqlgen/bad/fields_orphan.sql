-- in: x int8
SELECT 1;
