-- Partitions of this schema's growing tables (platform.partitions_of says how). Called with platform.partitions_v1 by `souk migrate` and the jobs.
SET LOCAL ROLE own_identity;

CREATE OR REPLACE FUNCTION identity.partitions_v1(p_now timestamptz, p_real timestamptz, OUT made int, OUT dropped int)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.made, p.dropped FROM platform.partitions_of('identity', p_now, p_real) p
$$;
REVOKE ALL ON FUNCTION identity.partitions_v1(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.partitions_v1(timestamptz, timestamptz) TO souk_jobs_core;
