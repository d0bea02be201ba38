-- The sandbox provider's side: an outside system that happens to live in the same cluster. Only the role souk_sandbox calls
-- these, on a connection of its own, in transactions of its own. p_real is real time: a provider has no idea of our clock.
SET LOCAL ROLE own_sandbox;

-- Internal: news that will be delivered.
CREATE OR REPLACE FUNCTION sandbox.event_internal(p_intent text, p_type text, p_deliver timestamptz, p_copies int, p_real timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO sandbox.event (id, intent_id, type, created_at, deliver_at, copies) VALUES (gen_random_uuid(), p_intent, p_type, p_real, p_deliver, p_copies);
END $$;

-- Internal: an entry in the provider's books.
CREATE OR REPLACE FUNCTION sandbox.book_internal(p_booking uuid, p_intent text, p_kind text, p_amount bigint, p_real timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO sandbox.booking (id, intent_id, kind, amount, currency, created_at)
    SELECT p_booking, i.id, p_kind, p_amount, i.currency, p_real FROM sandbox.intent i WHERE i.id = p_intent;
END $$;

-- Makes an intent, or answers with the one that this idempotency key made before. p_state is what the test token says.
CREATE OR REPLACE FUNCTION sandbox.authorize_v1(p_id text, p_idem uuid, p_attempt uuid, p_order_number text, p_amount bigint, p_currency text, p_token text,
    p_state text, p_code text, p_challenge_key text, p_return_url text, p_late_s int, p_late_state text, p_copies int, p_real timestamptz) RETURNS SETOF sandbox.intent
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH made AS (
        INSERT INTO sandbox.intent (id, idem_key, attempt_id, order_number, amount, currency, token, state, code, challenge_key, return_url, late_at, late_state, created_at, updated_at)
        VALUES (p_id, p_idem, p_attempt, p_order_number, p_amount, p_currency, p_token, p_state, p_code, p_challenge_key, p_return_url,
                p_real + p_late_s * interval '1 second', p_late_state, p_real, p_real)
        ON CONFLICT (idem_key) DO NOTHING RETURNING id
    ), booked AS (
        INSERT INTO sandbox.booking (id, intent_id, kind, amount, currency, created_at)
        SELECT p_idem, m.id, 'authorize', p_amount, p_currency, p_real FROM made m WHERE p_state = 'authorized'
    )
    INSERT INTO sandbox.event (id, intent_id, type, created_at, deliver_at, copies)
    SELECT gen_random_uuid(), m.id, 'payment.' || p_state, p_real, p_real, p_copies FROM made m WHERE p_state IN ('authorized', 'failed');
    RETURN QUERY SELECT i.* FROM sandbox.intent i WHERE i.idem_key = p_idem;
END $$;

-- Internal: a decision of the bank, now or late.
CREATE OR REPLACE FUNCTION sandbox.decide_internal(p_intent text, p_state text, p_code text, p_real timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    i sandbox.intent;
BEGIN
    UPDATE sandbox.intent x SET state = p_state, code = p_code, late_at = NULL, updated_at = p_real
    WHERE x.id = p_intent AND x.state IN ('processing', 'requires_action') RETURNING * INTO i;
    IF FOUND THEN
        IF p_state = 'authorized' THEN
            PERFORM sandbox.book_internal(gen_random_uuid(), i.id, 'authorize', i.amount, p_real);
        END IF;
        PERFORM sandbox.event_internal(i.id, 'payment.' || p_state, p_real, 1, p_real);
    END IF;
END $$;

-- The payer's answer on the bank page. Nothing happens when it was answered before.
CREATE OR REPLACE FUNCTION sandbox.challenge_v1(p_id text, p_key text, p_approve boolean, p_real timestamptz) RETURNS SETOF sandbox.intent
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sandbox.intent i WHERE i.id = p_id AND i.challenge_key = p_key) THEN
        PERFORM sandbox.decide_internal(p_id, CASE WHEN p_approve THEN 'authorized' ELSE 'failed' END, CASE WHEN p_approve THEN NULL ELSE 'challenge_failed' END, p_real);
    END IF;
    RETURN QUERY SELECT i.* FROM sandbox.intent i WHERE i.id = p_id AND i.challenge_key = p_key;
END $$;

-- Intents that were to decide later, and whose time has come, decide. Returns how many.
CREATE OR REPLACE FUNCTION sandbox.tick_v1(p_real timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r record;
    v_count int := 0;
BEGIN
    FOR r IN SELECT i.id, i.late_state FROM sandbox.intent i WHERE i.state = 'processing' AND i.late_at <= p_real ORDER BY i.late_at FOR UPDATE SKIP LOCKED LOOP
        PERFORM sandbox.decide_internal(r.id, r.late_state, CASE r.late_state WHEN 'failed' THEN 'card_declined' END, p_real);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;

-- void, capture, refund: repeated with the same key they change nothing. p_amount 0 stands for everything. What is not
-- possible changes nothing either; the answer says how the intent stands.
CREATE OR REPLACE FUNCTION sandbox.change_v1(p_id text, p_idem uuid, p_kind text, p_amount bigint, p_real timestamptz) RETURNS SETOF sandbox.intent
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    i sandbox.intent;
    v_amount bigint;
BEGIN
    SELECT * INTO i FROM sandbox.intent x WHERE x.id = p_id FOR UPDATE;
    IF FOUND AND NOT EXISTS (SELECT 1 FROM sandbox.booking b WHERE b.id = p_idem) THEN
        IF p_kind = 'void' AND i.state IN ('processing', 'requires_action') THEN
            UPDATE sandbox.intent x SET state = 'voided', late_at = NULL, updated_at = p_real WHERE x.id = i.id;
            PERFORM sandbox.event_internal(i.id, 'payment.voided', p_real, 1, p_real);
        ELSIF p_kind = 'void' AND i.state = 'authorized' THEN
            UPDATE sandbox.intent x SET state = 'voided', updated_at = p_real WHERE x.id = i.id;
            PERFORM sandbox.book_internal(p_idem, i.id, 'void', i.amount, p_real);
            PERFORM sandbox.event_internal(i.id, 'payment.voided', p_real, 1, p_real);
        ELSIF p_kind = 'capture' AND i.state = 'authorized' AND p_amount <= i.amount THEN
            v_amount := CASE p_amount WHEN 0 THEN i.amount ELSE p_amount END;
            UPDATE sandbox.intent x SET state = 'captured', captured = v_amount, updated_at = p_real WHERE x.id = i.id;
            PERFORM sandbox.book_internal(p_idem, i.id, 'capture', v_amount, p_real);
            PERFORM sandbox.event_internal(i.id, 'payment.captured', p_real, 1, p_real);
        ELSIF p_kind = 'refund' AND i.state = 'captured' AND p_amount <= i.captured - i.refunded AND i.captured > i.refunded THEN
            v_amount := CASE p_amount WHEN 0 THEN i.captured - i.refunded ELSE p_amount END;
            UPDATE sandbox.intent x SET refunded = x.refunded + v_amount, updated_at = p_real WHERE x.id = i.id;
            PERFORM sandbox.book_internal(p_idem, i.id, 'refund', v_amount, p_real);
            PERFORM sandbox.event_internal(i.id, 'refund.succeeded', p_real, 1, p_real);
        END IF;
    END IF;
    RETURN QUERY SELECT x.* FROM sandbox.intent x WHERE x.id = p_id;
END $$;

-- News to deliver now, until events_delivered_v1 says that a copy arrived: a receiver that dies gets it again.
CREATE OR REPLACE FUNCTION sandbox.events_due_v1(p_limit int, p_real timestamptz)
RETURNS TABLE(event_id uuid, type text, intent_id text, attempt_id uuid, created_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT e.id, e.type, e.intent_id, (SELECT i.attempt_id FROM sandbox.intent i WHERE i.id = e.intent_id), e.created_at
    FROM sandbox.event e
    WHERE e.delivered < e.copies AND e.deliver_at <= p_real ORDER BY e.deliver_at, e.id LIMIT p_limit;
END $$;

-- The receiver has stored a copy of each of these.
DROP FUNCTION IF EXISTS sandbox.event_delivered_v1(uuid);
CREATE OR REPLACE FUNCTION sandbox.events_delivered_v1(p_events uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE sandbox.event e SET delivered = least(e.delivered + 1, e.copies) WHERE e.id = ANY (p_events);
END $$;

-- False the first time that it is asked about a key: that request got lost.
CREATE OR REPLACE FUNCTION sandbox.seen_v1(p_idem uuid, p_real timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO sandbox.lost_request (idem_key, created_at) VALUES (p_idem, p_real) ON CONFLICT DO NOTHING;
    RETURN NOT FOUND;
END $$;

REVOKE ALL ON FUNCTION sandbox.seen_v1(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sandbox.seen_v1(uuid, timestamptz) TO souk_sandbox;
REVOKE ALL ON FUNCTION sandbox.event_internal(text, text, timestamptz, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.book_internal(uuid, text, text, bigint, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.authorize_v1(text, uuid, uuid, text, bigint, text, text, text, text, text, text, int, text, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.decide_internal(text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.challenge_v1(text, text, boolean, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.tick_v1(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.change_v1(text, uuid, text, bigint, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.events_due_v1(int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sandbox.events_delivered_v1(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sandbox.authorize_v1(text, uuid, uuid, text, bigint, text, text, text, text, text, text, int, text, int, timestamptz) TO souk_sandbox;
GRANT EXECUTE ON FUNCTION sandbox.challenge_v1(text, text, boolean, timestamptz) TO souk_sandbox;
GRANT EXECUTE ON FUNCTION sandbox.tick_v1(timestamptz) TO souk_sandbox;
GRANT EXECUTE ON FUNCTION sandbox.change_v1(text, uuid, text, bigint, timestamptz) TO souk_sandbox;
GRANT EXECUTE ON FUNCTION sandbox.events_due_v1(int, timestamptz) TO souk_sandbox;
GRANT EXECUTE ON FUNCTION sandbox.events_delivered_v1(uuid[]) TO souk_sandbox;
