-- Audit: rows are inserted unchained, a sealer chains what is committed (a chain inside the transaction is a global lock).
SET LOCAL ROLE own_platform;

CREATE OR REPLACE FUNCTION platform.audit_v1(p_actor text, p_action text, p_object_type text, p_object_id uuid, p_detail jsonb,
                                             p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO platform.audit (id, actor, action, object_type, object_id, detail, request_id, trace_id, created_at)
        VALUES (gen_random_uuid(), p_actor, p_action, p_object_type, p_object_id, coalesce(p_detail, '{}'), p_request_id,
                p_trace_id, p_now);
END
$$;

-- What is hashed: every column of the row except the chain's own, as text that does not depend on settings.
CREATE OR REPLACE FUNCTION platform.audit_text_v1(p_row platform.audit) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_array(p_row.id, p_row.written, p_row.actor, p_row.action, p_row.object_type, p_row.object_id,
                             p_row.detail, p_row.request_id, p_row.trace_id, extract(epoch FROM p_row.created_at))::text
$$;

-- Chains up to p_limit rows; returns how many, or -1 when another sealer is at work.
CREATE OR REPLACE FUNCTION platform.audit_seal_v1(p_limit int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_number bigint;
    v_hash bytea;
    v_previous bytea;
    v_row platform.audit;
    v_count int := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(6009413705712003) THEN
        RETURN -1;
    END IF;
    IF NOT EXISTS (SELECT FROM platform.audit WHERE chain_number IS NULL) THEN
        RETURN 0;
    END IF;
    SELECT last_number, last_hash INTO STRICT v_number, v_hash FROM platform.audit_chain FOR UPDATE;
    FOR v_row IN SELECT * FROM platform.audit WHERE chain_number IS NULL ORDER BY written LIMIT p_limit LOOP
        v_number := v_number + 1;
        v_previous := v_hash;
        v_hash := sha256(v_previous || convert_to(v_number || ':' || platform.audit_text_v1(v_row), 'UTF8'));
        UPDATE platform.audit SET chain_number = v_number, chain_previous = v_previous, chain_hash = v_hash
            WHERE id = v_row.id AND created_at = v_row.created_at;
        v_count := v_count + 1;
    END LOOP;
    UPDATE platform.audit_chain SET last_number = v_number, last_hash = v_hash;
    RETURN v_count;
END
$$;

-- The first number behind p_after where the chain is broken (a row changed, missing or out of order); null: none.
CREATE OR REPLACE FUNCTION platform.audit_broken_v1(p_after bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_number bigint := p_after;
    v_hash bytea;
    v_last bigint;
    v_row platform.audit;
BEGIN
    IF p_after = 0 THEN
        v_hash := '\x';
    ELSE
        SELECT chain_hash INTO v_hash FROM platform.audit WHERE chain_number = p_after;
    END IF;
    FOR v_row IN SELECT * FROM platform.audit WHERE chain_number > p_after ORDER BY chain_number LOOP
        v_number := v_number + 1;
        IF v_row.chain_number <> v_number OR v_row.chain_previous IS DISTINCT FROM v_hash
           OR v_row.chain_hash <> sha256(v_row.chain_previous || convert_to(v_number || ':' || platform.audit_text_v1(v_row), 'UTF8')) THEN
            RETURN v_number;
        END IF;
        v_hash := v_row.chain_hash;
    END LOOP;
    SELECT last_number INTO STRICT v_last FROM platform.audit_chain;
    RETURN CASE WHEN v_last > v_number THEN v_number + 1 END;
END
$$;

REVOKE ALL ON FUNCTION platform.audit_v1(text, text, text, uuid, jsonb, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.audit_text_v1(platform.audit) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.audit_seal_v1(int) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.audit_broken_v1(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.audit_v1(text, text, text, uuid, jsonb, text, text, timestamptz)
    TO own_identity, own_catalog, own_orders, own_payment, own_inventory, own_notification,
       souk_product, souk_user, souk_order, souk_payment, souk_jobs_core, souk_jobs_payment, souk_admin;
GRANT EXECUTE ON FUNCTION platform.audit_seal_v1(int) TO souk_jobs_core;
GRANT EXECUTE ON FUNCTION platform.audit_broken_v1(bigint) TO souk_admin, souk_jobs_core;

-- What the trail says of one object (also where it acted itself), for an export: newest last, at most 10,000 rows.
CREATE OR REPLACE FUNCTION platform.audit_of_v1(p_object_type text, p_object uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('action', r.action, 'at', r.created_at) || CASE WHEN r.detail ? 'place' THEN jsonb_build_object('place', r.detail -> 'place') ELSE '{}' END
                              ORDER BY r.created_at, r.written), '[]')
    FROM (SELECT a.action, a.created_at, a.written, a.detail FROM platform.audit a WHERE a.object_type = p_object_type AND a.object_id = p_object
          ORDER BY a.created_at DESC, a.written DESC LIMIT 10000) r
$$;
REVOKE ALL ON FUNCTION platform.audit_of_v1(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.audit_of_v1(text, uuid) TO own_identity;

-- Before a partition of the trail goes: writes down which numbers go with it, so that what is left can still be checked, and says so in the trail itself.
-- False: it holds rows that are not chained yet, and waits.
CREATE OR REPLACE FUNCTION platform.audit_retire(p_partition text, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_busy boolean;
    v_first bigint[];
    v_last bigint[];
    v_previous bytea[];
    v_hash bytea[];
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE chain_number IS NULL)', p_partition) INTO v_busy;
    IF v_busy THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'SELECT coalesce(array_agg(i.first ORDER BY i.first), ''{}''), array_agg(i.last ORDER BY i.first), array_agg(a.chain_previous ORDER BY i.first), array_agg(z.chain_hash ORDER BY i.first)
         FROM (SELECT min(n.chain_number) AS first, max(n.chain_number) AS last
               FROM (SELECT x.chain_number, x.chain_number - row_number() OVER (ORDER BY x.chain_number) AS island FROM %1$s x) n GROUP BY n.island) i
         JOIN %1$s a ON a.chain_number = i.first JOIN %1$s z ON z.chain_number = i.last', p_partition) INTO v_first, v_last, v_previous, v_hash;
    FOR i IN 1 .. cardinality(v_first) LOOP
        INSERT INTO platform.audit_retired (first_number, last_number, previous, hash, partition, retired_at)
            VALUES (v_first[i], v_last[i], v_previous[i], v_hash[i], p_partition, p_now);
        PERFORM platform.audit_v1('system', 'audit.retired', NULL, NULL,
                                  jsonb_build_object('first', v_first[i], 'last', v_last[i], 'hash', encode(v_hash[i], 'hex'), 'partition', p_partition), NULL, NULL, p_now);
    END LOOP;
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION platform.audit_retire(text, timestamptz) FROM PUBLIC;

-- Walks the whole chain and names what is wrong, at most p_limit things:
--   changed    the row's content or hash is another one than was chained      missing    numbers that are gone without having been retired
--   reordered  the row does not stand behind the one that it was chained to    twice      the number stands twice
--   retired    a retired range does not fit, or the trail does not know of it  beyond     the chain's own end says something else
--   unsealed   written before p_before and not chained yet
CREATE OR REPLACE FUNCTION platform.audit_check_v1(p_before timestamptz, p_limit int) RETURNS TABLE(number bigint, id uuid, problem text, detail text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_number bigint := 0;
    v_hash bytea := '\x';
    v_other bytea := '\x';                  -- what the hash of the last row should have been
    v_end platform.audit_chain;
    v_row platform.audit;
    v_gone platform.audit_retired;
    v_to bigint;
    v_real bytea;
    v_left int := p_limit;
BEGIN
    SELECT * INTO STRICT v_end FROM platform.audit_chain;
    FOR v_row IN SELECT * FROM platform.audit a WHERE a.chain_number IS NOT NULL ORDER BY a.chain_number, a.written LOOP
        EXIT WHEN v_left <= 0;
        WHILE v_row.chain_number > v_number + 1 LOOP
            SELECT * INTO v_gone FROM platform.audit_retired g WHERE g.first_number > v_number ORDER BY g.first_number LIMIT 1;
            IF v_gone.first_number = v_number + 1 AND v_gone.last_number < v_row.chain_number THEN
                IF (v_hash IS NOT NULL AND v_gone.previous <> v_hash) OR NOT platform.audit_retired_is_known(v_gone) THEN
                    number := v_gone.first_number; id := NULL; problem := 'retired';
                    detail := format('numbers %s to %s are said to have been retired with %s, but the trail does not bear it out', v_gone.first_number, v_gone.last_number, v_gone.partition);
                    v_left := v_left - 1;
                    RETURN NEXT;
                END IF;
                v_number := v_gone.last_number;
                v_hash := v_gone.hash;
                v_other := v_gone.hash;
            ELSE
                v_to := least(v_row.chain_number, coalesce(v_gone.first_number, v_row.chain_number)) - 1;
                number := v_number + 1; id := NULL; problem := 'missing';
                detail := CASE WHEN v_to > v_number + 1 THEN format('numbers %s to %s are gone', v_number + 1, v_to) ELSE 'the row is gone' END;
                v_left := v_left - 1;
                RETURN NEXT;
                v_number := greatest(v_to, v_number + 1);
                v_hash := NULL;
                v_other := NULL;
            END IF;
        END LOOP;
        number := v_row.chain_number; id := v_row.id;
        IF v_row.chain_number <= v_number THEN
            problem := 'twice'; detail := v_row.action || ' has a number that stands already';
            v_left := v_left - 1;
            RETURN NEXT;
            CONTINUE;
        END IF;
        v_real := sha256(v_row.chain_previous || convert_to(v_row.chain_number || ':' || platform.audit_text_v1(v_row), 'UTF8'));
        IF v_hash IS NOT NULL AND v_row.chain_previous <> v_hash AND v_row.chain_previous <> v_other THEN
            problem := 'reordered'; detail := v_row.action || ' does not stand behind the row that it was chained to';
            v_left := v_left - 1;
            RETURN NEXT;
        ELSIF v_row.chain_hash <> v_real THEN
            problem := 'changed'; detail := v_row.action || ' by ' || v_row.actor || ' is not what was chained';
            v_left := v_left - 1;
            RETURN NEXT;
        END IF;
        v_number := v_row.chain_number;
        v_hash := v_row.chain_hash;
        v_other := v_real;
    END LOOP;
    -- What was retired behind the last row that is left.
    LOOP
        EXIT WHEN v_left <= 0 OR v_number >= v_end.last_number;
        SELECT * INTO v_gone FROM platform.audit_retired g WHERE g.first_number = v_number + 1;
        EXIT WHEN NOT FOUND;
        v_number := v_gone.last_number;
        v_hash := v_gone.hash;
    END LOOP;
    IF v_left > 0 AND v_number < v_end.last_number THEN
        number := v_number + 1; id := NULL; problem := 'missing'; detail := format('numbers %s to %s are gone', v_number + 1, v_end.last_number);
        v_left := v_left - 1;
        RETURN NEXT;
    ELSIF v_left > 0 AND (v_number > v_end.last_number OR v_hash IS DISTINCT FROM v_end.last_hash) AND v_hash IS NOT NULL THEN
        number := v_end.last_number; id := NULL; problem := 'beyond'; detail := format('the chain is said to end with %s, its last row is %s', v_end.last_number, v_number);
        v_left := v_left - 1;
        RETURN NEXT;
    END IF;
    RETURN QUERY SELECT 0::bigint, a.id, 'unsealed', a.action || ' by ' || a.actor || ' was never chained'
        FROM platform.audit a WHERE a.chain_number IS NULL AND a.created_at < p_before ORDER BY a.written LIMIT greatest(v_left, 0);
END
$$;

-- Does the trail say so itself? A row that would say it may be retired by now: then everything that is left is younger.
CREATE OR REPLACE FUNCTION platform.audit_retired_is_known(p_gone platform.audit_retired) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM platform.audit a WHERE a.action = 'audit.retired' AND a.actor = 'system' AND a.created_at = p_gone.retired_at
                   AND a.detail ->> 'first' = p_gone.first_number::text AND a.detail ->> 'last' = p_gone.last_number::text
                   AND a.detail ->> 'hash' = encode(p_gone.hash, 'hex'))
        OR NOT EXISTS (SELECT FROM platform.audit a WHERE a.created_at <= p_gone.retired_at)
$$;

CREATE OR REPLACE FUNCTION platform.audit_state_v1(OUT rows bigint, OUT last_number bigint, OUT last_hash text, OUT unsealed bigint, OUT retired bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (SELECT count(*) FROM platform.audit), c.last_number, encode(c.last_hash, 'hex'), (SELECT count(*) FROM platform.audit a WHERE a.chain_number IS NULL),
           (SELECT coalesce(sum(g.last_number - g.first_number + 1), 0)::bigint FROM platform.audit_retired g)
    FROM platform.audit_chain c
$$;

REVOKE ALL ON FUNCTION platform.audit_check_v1(timestamptz, int) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.audit_retired_is_known(platform.audit_retired) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.audit_state_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.audit_check_v1(timestamptz, int), platform.audit_state_v1() TO souk_admin;
