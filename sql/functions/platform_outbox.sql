-- Events (data rules, section 7): written with the change, given a place in the feed after commit by one relay.
SET LOCAL ROLE own_platform;

-- Called by the functions of the domains, in the transaction that changed the object. p_seq comes from the object's own
-- row (event_seq = event_seq + 1), which that transaction holds anyway: so it is gapless, and the order of `written`
-- follows it for each object.
CREATE OR REPLACE FUNCTION platform.emit_v1(p_object_type text, p_object_id uuid, p_seq bigint, p_type text, p_version int,
                                            p_payload jsonb, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO platform.outbox (id, object_type, object_id, seq, type, schema_version, payload, actor, request_id, trace_id, created_at)
        VALUES (gen_random_uuid(), p_object_type, p_object_id, p_seq, p_type, p_version, p_payload, p_actor, p_request_id,
                p_trace_id, p_now);
END
$$;
REVOKE ALL ON FUNCTION platform.emit_v1(text, uuid, bigint, text, int, jsonb, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.emit_v1(text, uuid, bigint, text, int, jsonb, text, text, text, timestamptz)
    TO own_identity, own_catalog, own_orders, own_payment, own_inventory, own_notification,
       souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_jobs_core, souk_jobs_payment, souk_admin;

-- Gives positions to up to p_limit committed events; returns how many, or -1 when another relay is at work. The row lock
-- on relay_state makes positions gapless whoever calls; the advisory lock only keeps a second relay from waiting.
CREATE OR REPLACE FUNCTION platform.relay_v1(p_limit int, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_last bigint;
    v_count int;
BEGIN
    IF NOT pg_try_advisory_xact_lock(6009413705712002) THEN
        RETURN -1;
    END IF;
    -- Most polls find nothing: they take no row lock and write nothing.
    IF NOT EXISTS (SELECT FROM platform.outbox WHERE position IS NULL) THEN
        RETURN 0;
    END IF;
    SELECT last_position INTO STRICT v_last FROM platform.relay_state FOR UPDATE;
    WITH waiting AS (
        SELECT o.id, o.created_at, v_last + row_number() OVER (ORDER BY o.written) AS next
        FROM (SELECT w.id, w.created_at, w.written FROM platform.outbox w WHERE w.position IS NULL
              ORDER BY w.written LIMIT p_limit) o
    )
    UPDATE platform.outbox o SET position = w.next FROM waiting w WHERE o.id = w.id AND o.created_at = w.created_at;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    UPDATE platform.relay_state SET last_position = v_last + v_count, updated_at = p_now;
    RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION platform.relay_v1(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.relay_v1(int, timestamptz) TO souk_jobs_core;

-- A page of the feed behind a position.
CREATE OR REPLACE FUNCTION platform.feed_v1(p_after bigint, p_limit int)
    RETURNS TABLE("position" bigint, id uuid, object_type text, object_id uuid, seq bigint, type text, schema_version int,
                  payload jsonb, actor text, request_id text, trace_id text, created_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT o.position, o.id, o.object_type, o.object_id, o.seq, o.type, o.schema_version, o.payload, o.actor, o.request_id,
           o.trace_id, o.created_at
    FROM platform.outbox o WHERE o.position > p_after ORDER BY o.position LIMIT p_limit
$$;
REVOKE ALL ON FUNCTION platform.feed_v1(bigint, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.feed_v1(bigint, int) TO souk_jobs_core, souk_jobs_payment, souk_admin;

-- The next events for one reader. Locks the reader's row until the transaction ends, so two processes never do the same
-- events; an empty answer also when another process holds it. End with consumer_advance_v1 in the same transaction.
-- A reader begins at the feed's start.
CREATE OR REPLACE FUNCTION platform.consumer_read_v1(p_name text, p_limit int, p_now timestamptz)
    RETURNS TABLE("position" bigint, id uuid, object_type text, object_id uuid, seq bigint, type text, schema_version int,
                  payload jsonb, actor text, request_id text, trace_id text, created_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_position bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM platform.consumer c WHERE c.name = p_name) THEN
        INSERT INTO platform.consumer (name, created_at, updated_at) VALUES (p_name, p_now, p_now) ON CONFLICT DO NOTHING;
    END IF;
    SELECT c.position INTO v_position FROM platform.consumer c WHERE c.name = p_name FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT f.* FROM platform.feed_v1(v_position, p_limit) f;
END
$$;

CREATE OR REPLACE FUNCTION platform.consumer_advance_v1(p_name text, p_position bigint, p_now timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE platform.consumer SET position = p_position, updated_at = p_now WHERE name = p_name AND position <= p_position;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'reader % does not exist or is already past position %', p_name, p_position;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION platform.consumer_read_v1(text, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.consumer_advance_v1(text, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.consumer_read_v1(text, int, timestamptz) TO souk_jobs_core, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION platform.consumer_advance_v1(text, bigint, timestamptz) TO souk_jobs_core, souk_jobs_payment;

-- Committed events that the relay has not seen, and the feed's end: for metrics and for `souk verify`.
CREATE OR REPLACE VIEW platform.pub_relay AS
    SELECT s.last_position, (SELECT count(*) FROM platform.outbox o WHERE o.position IS NULL) AS waiting
    FROM platform.relay_state s;
GRANT SELECT ON platform.pub_relay TO souk_jobs_core, souk_jobs_payment, souk_admin;
-- Which event of which object has which place; no payload.
CREATE OR REPLACE VIEW platform.pub_events AS
    SELECT o.id, o.object_type, o.object_id, o.seq, o.type, o.position, o.created_at FROM platform.outbox o;
GRANT SELECT ON platform.pub_events TO souk_admin;
-- How far each reader of the feed has come.
CREATE OR REPLACE VIEW platform.pub_consumers AS
    SELECT c.name, c.position, c.updated_at FROM platform.consumer c;
GRANT SELECT ON platform.pub_consumers TO souk_jobs_core, souk_jobs_payment, souk_admin;
