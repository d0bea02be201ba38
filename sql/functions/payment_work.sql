-- What `souk-jobs payment` claims: attempts that stayed open, commands, provider events. Claimed with SKIP LOCKED; the
-- claim moves the row's next time forward, so a worker that dies gives it back by itself. p_real is real time.
--
-- A plan lives as long as its connection and may have been made when all of this was empty: so rows are claimed by an array of
-- their keys, and what is known of them elsewhere is looked up row by row (OFFSET 0 keeps the planner from joining whole tables).
SET LOCAL ROLE own_payment;

-- Open attempts whose time has come, and open operations of closed ones. Waits longer each time it looks: p_settle_s, twice that, … 10 minutes.
-- amount: the open operation's, so that it is repeated as it was, else the attempt's.
CREATE OR REPLACE FUNCTION payment.sweep_claim_v1(p_limit int, p_settle_s int, p_real timestamptz, p_now timestamptz)
RETURNS TABLE(attempt_id uuid, order_id uuid, state text, provider text, method text, amount bigint, currency text, provider_ref text, checks int, flagged boolean,
              operation_id uuid, operation_kind text, operation_started timestamptz, called boolean, return_nonce bytea, order_number text, order_status text, expired boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_due uuid[];
BEGIN
    v_due := ARRAY(
        SELECT a.id FROM payment.attempt a WHERE a.state IN ('created', 'requires_action') AND a.next_check_at <= p_real
        UNION ALL
        -- Whom nobody ever called has no time of its own: its order's counts. (Begins with the orders whose time is over; open attempts may be thousands.)
        SELECT a.id FROM orders.pub_payable o
        CROSS JOIN LATERAL (SELECT x.id FROM payment.attempt x WHERE x.order_id = o.order_id AND x.state IN ('created', 'requires_action') AND x.next_check_at IS NULL OFFSET 0) a
        WHERE o.status = 'pending_payment' AND o.expires_at <= p_now
        UNION ALL
        SELECT x.attempt_id FROM payment.operation x WHERE x.state IN ('started', 'unknown')
            AND (SELECT a.state NOT IN ('created', 'requires_action') AND coalesce(a.next_check_at, x.started_at + p_settle_s * interval '1 second') <= p_real
                 FROM payment.attempt a WHERE a.id = x.attempt_id)
        LIMIT p_limit);
    IF cardinality(v_due) = 0 THEN
        RETURN;
    END IF;
    v_due := ARRAY(SELECT a.id FROM payment.attempt a WHERE a.id = ANY (v_due) ORDER BY a.id FOR NO KEY UPDATE SKIP LOCKED);
    RETURN QUERY
    WITH claimed AS (
        UPDATE payment.attempt a SET checks = a.checks + 1,
            next_check_at = p_real + least(600, p_settle_s * power(2, least(a.checks, 9))::int) * interval '1 second'
        WHERE a.id = ANY (v_due) RETURNING a.*
    )
    SELECT a.id, a.order_id, a.state, a.provider, a.method, coalesce(x.amount, a.amount), a.currency, a.provider_ref, a.checks, a.flag IS NOT NULL, x.id, x.kind, x.started_at,
           EXISTS (SELECT 1 FROM payment.operation y WHERE y.attempt_id = a.id), a.return_nonce, o.number::text, o.status::text, o.expires_at <= p_now
    FROM claimed a
    CROSS JOIN LATERAL (SELECT v.number, v.status, v.expires_at FROM orders.pub_payable v WHERE v.order_id = a.order_id OFFSET 0) o
    LEFT JOIN LATERAL (SELECT y.id, y.kind, y.amount, y.started_at FROM payment.operation y WHERE y.attempt_id = a.id AND y.state IN ('started', 'unknown') OFFSET 0) x ON true;
END $$;

-- Says that a person must look at an attempt. The first reason stays.
CREATE OR REPLACE FUNCTION payment.flag_v1(p_attempt uuid, p_flag text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE payment.attempt a SET flag = p_flag, version = a.version + 1, updated_at = p_now WHERE a.id = p_attempt AND a.flag IS NULL;
END $$;

-- Orders that nobody can pay any more: the reservation ended and the last attempt is final.
CREATE OR REPLACE FUNCTION payment.unpaid_v1(p_limit int, p_now timestamptz) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT o.order_id FROM orders.pub_payable o
        WHERE o.status = 'pending_payment' AND o.expires_at <= p_now
          AND NOT EXISTS (SELECT 1 FROM payment.attempt a WHERE a.order_id = o.order_id AND a.state NOT IN ('voided', 'failed'))
        ORDER BY o.expires_at LIMIT p_limit;
END $$;

-- Commands whose time has come.
CREATE OR REPLACE FUNCTION payment.command_claim_v1(p_limit int, p_lease_s int, p_real timestamptz)
RETURNS TABLE(command_id uuid, attempt_id uuid, kind text, reason text, tries int, state text, provider text, provider_ref text, order_id uuid, request_id text, trace_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_due uuid[] := ARRAY(SELECT c.id FROM payment.command c WHERE c.state = 'open' AND c.next_try_at <= p_real ORDER BY c.next_try_at LIMIT p_limit
                          FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
    IF cardinality(v_due) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        UPDATE payment.command c SET tries = c.tries + 1, next_try_at = p_real + p_lease_s * interval '1 second' WHERE c.id = ANY (v_due) RETURNING c.*
    )
    SELECT c.id, c.attempt_id, c.kind, c.reason, c.tries, a.state, a.provider, a.provider_ref, a.order_id, c.request_id, c.trace_id
    FROM claimed c
    CROSS JOIN LATERAL (SELECT x.state, x.provider, x.provider_ref, x.order_id FROM payment.attempt x WHERE x.id = c.attempt_id OFFSET 0) a;
END $$;

-- p_state: done | flagged | open (again at p_next). Who was called because it did not work need not come when it did.
-- (The condition is not `state = 'open'`: that would be the queue's index, which a plan made on a quiet day reads from end to end.)
CREATE OR REPLACE FUNCTION payment.command_finish_v1(p_command uuid, p_state text, p_note text, p_next timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE payment.command c SET state = p_state, note = p_note, next_try_at = coalesce(p_next, c.next_try_at), finished_at = CASE WHEN p_state <> 'open' THEN p_now END
    WHERE c.id = p_command AND c.state NOT IN ('done', 'flagged');
    IF p_state = 'done' THEN
        UPDATE payment.attempt a SET flag = NULL, version = a.version + 1, updated_at = p_now
        WHERE a.id = (SELECT c.attempt_id FROM payment.command c WHERE c.id = p_command) AND a.flag = 'command_failed';
    END IF;
END $$;

-- News from a provider, verified by the caller. stored | known (a repetition; counted) | expected (nothing to ask about).
-- p_says: the state that the news reports, where it does. Most news reports what the provider's own answer said a moment before:
-- then it is kept as done. Anything else (another state, a refund, an answer that we never got) is asked about.
DROP FUNCTION IF EXISTS payment.event_store_v1(uuid, text, text, text, text, uuid, timestamptz);
CREATE OR REPLACE FUNCTION payment.event_store_v1(p_id uuid, p_provider text, p_provider_event text, p_type text, p_ref text, p_attempt uuid, p_says text,
    p_real timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_expected boolean := EXISTS (SELECT FROM payment.attempt a WHERE a.provider = p_provider AND a.provider_ref = p_ref
                                  AND (a.provider_state = p_says OR a.provider_state = 'captured' AND p_says = 'authorized'));
    v_copies int;
BEGIN
    INSERT INTO payment.inbound_event AS e (id, provider, provider_event, type, provider_ref, attempt_id, state, next_try_at, received_at, finished_at)
    VALUES (p_id, p_provider, p_provider_event, p_type, p_ref, p_attempt, CASE WHEN v_expected THEN 'done' ELSE 'open' END, p_real, p_real,
            CASE WHEN v_expected THEN p_real END)
    ON CONFLICT (provider, provider_event) DO UPDATE SET copies = e.copies + 1 RETURNING copies INTO v_copies;
    RETURN CASE WHEN v_copies > 1 THEN 'known' WHEN v_expected THEN 'expected' ELSE 'stored' END;
END $$;

CREATE OR REPLACE FUNCTION payment.event_claim_v1(p_limit int, p_lease_s int, p_real timestamptz)
RETURNS TABLE(event_id uuid, provider text, type text, provider_ref text, attempt_id uuid, tries int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_due uuid[] := ARRAY(SELECT e.id FROM payment.inbound_event e WHERE e.state = 'open' AND e.next_try_at <= p_real ORDER BY e.next_try_at LIMIT p_limit
                          FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
    IF cardinality(v_due) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        UPDATE payment.inbound_event e SET tries = e.tries + 1, next_try_at = p_real + p_lease_s * interval '1 second' WHERE e.id = ANY (v_due) RETURNING e.*
    )
    SELECT e.id, e.provider, e.type, e.provider_ref,
           coalesce((SELECT a.id FROM payment.attempt a WHERE a.provider = e.provider AND a.provider_ref = e.provider_ref), e.attempt_id), e.tries
    FROM claimed e;
END $$;

-- p_state: done | ignored (not about a payment of ours) | flagged | open (again at p_next).
CREATE OR REPLACE FUNCTION payment.event_finish_v1(p_event uuid, p_state text, p_next timestamptz, p_real timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE payment.inbound_event e SET state = p_state, next_try_at = coalesce(p_next, e.next_try_at), finished_at = CASE WHEN p_state <> 'open' THEN p_real END
    WHERE e.id = p_event AND e.state NOT IN ('done', 'ignored', 'flagged');
END $$;

REVOKE ALL ON FUNCTION payment.sweep_claim_v1(int, int, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.flag_v1(uuid, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.unpaid_v1(int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.command_claim_v1(int, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.command_finish_v1(uuid, text, text, timestamptz, timestamptz) FROM PUBLIC;
-- Forgets news that was worked long ago, by ids that begin with their time: no provider repeats itself for so long. Returns how many.
CREATE OR REPLACE FUNCTION payment.events_retire_v1(p_before uuid, p_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    DELETE FROM payment.inbound_event WHERE id IN (SELECT e.id FROM payment.inbound_event e WHERE e.id < p_before AND e.state IN ('done', 'ignored')
                                                   ORDER BY e.id LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

REVOKE ALL ON FUNCTION payment.events_retire_v1(uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payment.events_retire_v1(uuid, int) TO souk_jobs_core;
REVOKE ALL ON FUNCTION payment.event_store_v1(uuid, text, text, text, text, uuid, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.event_claim_v1(int, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.event_finish_v1(uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payment.sweep_claim_v1(int, int, timestamptz, timestamptz) TO souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.flag_v1(uuid, text, timestamptz) TO souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.unpaid_v1(int, timestamptz) TO souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.command_claim_v1(int, int, timestamptz) TO souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.command_finish_v1(uuid, text, text, timestamptz, timestamptz) TO souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.event_store_v1(uuid, text, text, text, text, uuid, text, timestamptz) TO souk_payment, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.event_claim_v1(int, int, timestamptz) TO souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.event_finish_v1(uuid, text, timestamptz, timestamptz) TO souk_jobs_payment;
