-- The one place that may say now().
CREATE OR REPLACE FUNCTION platform.clock() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.now() + offset_ FROM platform.clock_offset
$$;
