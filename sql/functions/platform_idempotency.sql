-- Idempotency keys (data rules, section 4). The caller's transaction begins with idem_begin_v1 and ends with idem_finish_v1.
--
-- Times are bounded on both sides: without an upper bound every partition that was made ahead is looked into, for each call.
-- (The hour is for callers whose clocks differ.) For the same reason an answer is a row of its own behind the `started` one,
-- and no change of it: an UPDATE opens all partitions, an INSERT one.
SET LOCAL ROLE own_platform;

-- in_flight: another transaction works on this key. mismatch: the key was used for another body. replay: status and
-- result of the first call. started: transaction 1 around a provider call is committed, its result is not yet; `result`
-- is what idem_start_v1 stored. fresh: go on; the key is yours until your transaction ends.
CREATE OR REPLACE FUNCTION platform.idem_begin_v1(p_scope text, p_key text, p_body_hash text, p_now timestamptz)
    RETURNS TABLE(outcome text, status int, result jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_row record;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(p_scope || E'\x1f' || p_key, 7001)) THEN
        RETURN QUERY SELECT 'in_flight'::text, NULL::int, NULL::jsonb;
        RETURN;
    END IF;
    SELECT i.body_hash, i.state, i.status, i.result INTO found_row
        FROM platform.idempotency i
        WHERE i.scope = p_scope AND i.key = p_key AND i.created_at > p_now - interval '24 hours' AND i.created_at < p_now + interval '1 hour'
        ORDER BY i.created_at DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'fresh'::text, NULL::int, NULL::jsonb;
    ELSIF found_row.body_hash IS DISTINCT FROM p_body_hash THEN
        RETURN QUERY SELECT 'mismatch'::text, NULL::int, NULL::jsonb;
    ELSIF found_row.state = 'started' THEN
        RETURN QUERY SELECT 'started'::text, NULL::int, found_row.result;
    ELSE
        RETURN QUERY SELECT 'replay'::text, found_row.status, found_row.result;
    END IF;
END
$$;

-- Transaction 1 around a provider call: the attempt is recorded, the answer is not known yet.
CREATE OR REPLACE FUNCTION platform.idem_start_v1(p_scope text, p_key text, p_body_hash text, p_result jsonb, p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO platform.idempotency (scope, key, body_hash, state, result, created_at, updated_at)
        VALUES (p_scope, p_key, p_body_hash, 'started', p_result, p_now, p_now);
END
$$;

-- Stores the answer, behind a `started` row when there is one. A call that resumed a `started` key may come second: the first answer stays.
CREATE OR REPLACE FUNCTION platform.idem_finish_v1(p_scope text, p_key text, p_body_hash text, p_status int, p_result jsonb,
                                                   p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_newest timestamptz;
    v_done boolean;
BEGIN
    -- Two calls that resumed one key take turns; who began it in this transaction has the lock already.
    PERFORM pg_advisory_xact_lock(hashtextextended(p_scope || E'\x1f' || p_key, 7001));
    SELECT max(i.created_at), bool_or(i.state = 'done') INTO v_newest, v_done FROM platform.idempotency i
    WHERE i.scope = p_scope AND i.key = p_key AND i.created_at > p_now - interval '24 hours' AND i.created_at < p_now + interval '1 hour';
    IF v_done THEN
        RETURN;
    END IF;
    INSERT INTO platform.idempotency (scope, key, body_hash, state, status, result, created_at, updated_at)
    VALUES (p_scope, p_key, p_body_hash, 'done', p_status, p_result, greatest(p_now, v_newest + interval '1 microsecond'), p_now);
END
$$;

-- The answer of a key that idem_begin_v1 called fresh in this very transaction.
CREATE OR REPLACE FUNCTION platform.idem_store_v1(p_scope text, p_key text, p_body_hash text, p_status int, p_result jsonb, p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO platform.idempotency (scope, key, body_hash, state, status, result, created_at, updated_at)
    VALUES (p_scope, p_key, p_body_hash, 'done', p_status, p_result, p_now, p_now);
END
$$;
REVOKE ALL ON FUNCTION platform.idem_store_v1(text, text, text, int, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.idem_store_v1(text, text, text, int, jsonb, timestamptz) TO own_orders, own_payment;

REVOKE ALL ON FUNCTION platform.idem_begin_v1(text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.idem_start_v1(text, text, text, jsonb, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.idem_finish_v1(text, text, text, int, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.idem_begin_v1(text, text, text, timestamptz)
    TO own_orders, own_payment, own_catalog, own_inventory, own_identity, souk_product, souk_user, souk_order, souk_payment;
GRANT EXECUTE ON FUNCTION platform.idem_start_v1(text, text, text, jsonb, timestamptz)
    TO own_orders, own_payment, own_catalog, own_inventory, own_identity, souk_user, souk_order, souk_payment;
GRANT EXECUTE ON FUNCTION platform.idem_finish_v1(text, text, text, int, jsonb, timestamptz)
    TO own_orders, own_payment, own_catalog, own_inventory, own_identity, souk_product, souk_user, souk_order, souk_payment;
