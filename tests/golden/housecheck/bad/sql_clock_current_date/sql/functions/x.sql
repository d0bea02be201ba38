SELECT 1;
SELECT current_date;
