SELECT 1;
SELECT pg_catalog.now();
