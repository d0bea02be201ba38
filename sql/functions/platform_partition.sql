-- Partitions of the growing tables: made ahead and dropped when their time is over.
SET LOCAL ROLE own_platform;

-- The tables of one schema, with the rights of the caller: the function of that schema that calls it is owned by its owner, so only an owner makes and drops its
-- tables. Rows that a moved clock put into the default partition move into the new one. An event that was not relayed yet is never dropped: its partition waits.
CREATE OR REPLACE FUNCTION platform.partitions_of(p_schema text, p_now timestamptz, p_real timestamptz, OUT made int, OUT dropped int)
    LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s'
AS $$
DECLARE
    t platform.partitioned;
    p record;
    v_from timestamptz;
    v_to timestamptz;
    v_name text;
    v_busy boolean;
    v_now timestamptz;
BEGIN
    made := 0;
    dropped := 0;
    PERFORM pg_advisory_xact_lock(6009413705712004);
    FOR t IN SELECT * FROM platform.partitioned WHERE split_part(table_name, '.', 1) = p_schema ORDER BY table_name LOOP
        v_now := CASE WHEN t.real_time THEN p_real ELSE p_now END;
        v_from := date_trunc(CASE WHEN t.width >= interval '28 days' THEN 'month' ELSE 'day' END, v_now);
        WHILE v_from <= v_now + t.ahead LOOP
            v_to := v_from + t.width;
            v_name := t.table_name || '_' || to_char(v_from, CASE WHEN t.width >= interval '28 days' THEN 'YYYYMM' ELSE 'YYYYMMDD' END);
            IF to_regclass(v_name) IS NULL THEN
                EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name, t.table_name);
                EXECUTE format('SELECT EXISTS (SELECT FROM %s_default WHERE created_at >= $1 AND created_at < $2)', t.table_name)
                    INTO v_busy USING v_from, v_to;
                IF v_busy THEN
                    PERFORM set_config('souk.moving_rows', 'on', true);          -- audit rows may be moved, never removed
                    EXECUTE format('WITH moved AS (DELETE FROM %s_default WHERE created_at >= $1 AND created_at < $2 RETURNING *) '
                                   'INSERT INTO %s SELECT * FROM moved', t.table_name, v_name) USING v_from, v_to;
                    PERFORM set_config('souk.moving_rows', 'off', true);
                END IF;
                EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', t.table_name, v_name, v_from, v_to);
                made := made + 1;
            END IF;
            v_from := v_to;
        END LOOP;

        FOR p IN SELECT c.oid::regclass::text AS name,
                        (regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$ TO \('([^']+)'\)$re$))[1]::timestamptz AS upper
                 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = t.table_name::regclass AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
        LOOP
            CONTINUE WHEN p.upper > v_now - t.keep;
            IF t.table_name = 'platform.outbox' THEN
                EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE position IS NULL)', p.name) INTO v_busy;
                CONTINUE WHEN v_busy;
            ELSIF t.table_name = 'platform.audit' THEN
                CONTINUE WHEN NOT platform.audit_retire(p.name, v_now);
            END IF;
            EXECUTE format('DROP TABLE %s', p.name);
            dropped := dropped + 1;
        END LOOP;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION platform.partitions_of(text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.partitions_of(text, timestamptz, timestamptz) TO own_identity;

-- Idempotent; called at the end of every `souk migrate` and every hour by the jobs. Returns the number of partitions made and dropped.
CREATE OR REPLACE FUNCTION platform.partitions_v1(p_now timestamptz, OUT made int, OUT dropped int)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.made, p.dropped FROM platform.partitions_of('platform', p_now, p_now) p
$$;
REVOKE ALL ON FUNCTION platform.partitions_v1(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.partitions_v1(timestamptz) TO souk_jobs_core;
