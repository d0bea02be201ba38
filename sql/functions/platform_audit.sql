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
       souk_user, souk_order, souk_payment, souk_jobs_core, souk_jobs_payment, souk_admin;
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
