SELECT 1;
SELECT transaction_timestamp();
