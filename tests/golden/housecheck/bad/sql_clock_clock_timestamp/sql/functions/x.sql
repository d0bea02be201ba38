SELECT 1;
SELECT clock_timestamp();
