SELECT 1;
SELECT localtimestamp;
