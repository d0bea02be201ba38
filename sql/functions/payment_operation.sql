-- Provider calls: begin_v1 writes the operation before the call, finish_v1 stores its answer and moves attempt, ledger and
-- order in one transaction; observe_v1 does the same with what the provider said when it was asked.
--
-- Lock order everywhere: attempt, then order, then stock. Attempts are locked FOR NO KEY UPDATE: whoever holds an order and
-- writes a command refers to the attempt (a foreign key locks its key), and must not wait for us while we wait for the order.
-- Times: p_now is business time, p_real is real time (leases, the provider's memory of idempotency keys).
SET LOCAL ROLE own_payment;

-- A deferred trigger runs at COMMIT as the role that commits, which has no right to read the ledger. It runs for every row of a
-- transaction, so it is one probe and no more.
CREATE OR REPLACE FUNCTION payment.ledger_balanced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid;
    v_even boolean;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entry' THEN
        v_id := NEW.transaction_id;
    ELSE
        v_id := NEW.id;
    END IF;
    SELECT bool_and(s.amount = 0) AND EXISTS (SELECT FROM payment.ledger_transaction t WHERE t.id = v_id) INTO v_even
    FROM (SELECT sum(e.amount) AS amount FROM payment.ledger_entry e WHERE e.transaction_id = v_id GROUP BY e.currency) s;
    IF v_even IS NOT TRUE THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', v_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION payment.ledger_balanced() FROM PUBLIC;

-- Internal: the next event of an attempt.
CREATE OR REPLACE FUNCTION payment.emit_internal(p_attempt uuid, p_type text, p_more jsonb, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a payment.attempt;
BEGIN
    UPDATE payment.attempt x SET event_seq = x.event_seq + 1 WHERE x.id = p_attempt RETURNING * INTO STRICT a;
    PERFORM platform.emit_v1('payment', p_attempt, a.event_seq, p_type, 1,
        jsonb_build_object('order_id', a.order_id, 'amount', a.amount, 'currency', a.currency, 'provider', a.provider, 'state', a.state) || p_more,
        'system', p_request_id, p_trace_id, p_now);
END $$;

-- Internal: a balanced ledger transaction. A capture ends the hold of the full amount and books what was taken.
CREATE OR REPLACE FUNCTION payment.ledger_internal(p_attempt uuid, p_kind text, p_amount bigint, p_request_id text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid := gen_random_uuid();
BEGIN
    IF p_amount = 0 THEN
        RETURN;
    END IF;
    WITH a AS (
        SELECT x.order_id, x.provider, x.amount, x.currency FROM payment.attempt x WHERE x.id = p_attempt
    ), t AS (
        INSERT INTO payment.ledger_transaction (id, kind, attempt_id, order_id, request_id, created_at)
        SELECT v_id, p_kind, p_attempt, a.order_id, p_request_id, p_now FROM a
    )
    INSERT INTO payment.ledger_entry (transaction_id, n, account, amount, currency)
    SELECT v_id, e.n, e.account, e.amount, a.currency
    FROM a CROSS JOIN LATERAL (VALUES
        ('authorize', 1, 'hold:' || a.provider, p_amount), ('authorize', 2, 'commitment', -p_amount),
        ('void', 1, 'hold:' || a.provider, -a.amount), ('void', 2, 'commitment', a.amount),
        ('capture', 1, 'hold:' || a.provider, -a.amount), ('capture', 2, 'commitment', a.amount),
        ('capture', 3, 'clearing:' || a.provider, p_amount), ('capture', 4, 'sales', -p_amount),
        ('refund', 1, 'clearing:' || a.provider, -p_amount), ('refund', 2, 'sales', p_amount)) e(kind, n, account, amount)
    WHERE e.kind = p_kind;
END $$;

-- Internal: a command for `souk-jobs payment`, unless the same one is open.
CREATE OR REPLACE FUNCTION payment.command_internal(p_attempt uuid, p_kind text, p_reason text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO payment.command (id, attempt_id, kind, reason, next_try_at, request_id, trace_id, created_at)
    VALUES (gen_random_uuid(), p_attempt, p_kind, p_reason, '-infinity', p_request_id, p_trace_id, p_now) ON CONFLICT DO NOTHING;
END $$;

-- Internal: the money is secured; the order is told in the same transaction, and its answer decides what happens to the money.
DROP FUNCTION IF EXISTS payment.secured_internal(uuid, boolean, text, text, timestamptz);
CREATE OR REPLACE FUNCTION payment.secure_internal(p_attempt uuid, p_ref text, p_view text, p_capture boolean, p_request_id text, p_trace_id text,
                                                   p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a payment.attempt;
    v_result text;
BEGIN
    UPDATE payment.attempt x SET state = 'authorized', provider_ref = coalesce(x.provider_ref, p_ref), provider_state = coalesce(p_view, x.provider_state),
        action_url = NULL, return_nonce = NULL, next_check_at = NULL, event_seq = x.event_seq + 1, version = x.version + 1, updated_at = p_now
    WHERE x.id = p_attempt RETURNING * INTO STRICT a;
    PERFORM payment.ledger_internal(a.id, 'authorize', a.amount, p_request_id, p_now);
    PERFORM platform.emit_v1('payment', a.id, a.event_seq, 'payment.authorized', 1,
        jsonb_build_object('order_id', a.order_id, 'amount', a.amount, 'currency', a.currency, 'provider', a.provider, 'state', a.state),
        'system', p_request_id, p_trace_id, p_now);
    v_result := orders.payment_secured_v1(a.order_id, a.id, a.amount, a.currency, 'system', p_request_id, p_trace_id, p_now);
    IF v_result NOT IN ('ok', 'already') THEN
        PERFORM payment.command_internal(a.id, 'release', v_result, p_request_id, p_trace_id, p_now);
    ELSIF p_capture AND a.amount > 0 THEN
        PERFORM payment.command_internal(a.id, 'capture', 'at_order', p_request_id, p_trace_id, p_now);
    END IF;
    RETURN v_result;
END $$;

-- Internal: an attempt ends without money: voided or failed.
CREATE OR REPLACE FUNCTION payment.closed_internal(p_attempt uuid, p_state text, p_code text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_before text;
    a payment.attempt;
BEGIN
    SELECT x.state INTO STRICT v_before FROM payment.attempt x WHERE x.id = p_attempt;
    UPDATE payment.attempt x SET state = p_state, failure_code = coalesce(p_code, x.failure_code), action_url = NULL, return_nonce = NULL,
        next_check_at = NULL, version = x.version + 1, updated_at = p_now,
        -- A paid order rested on this money, and nobody here gave it back: it lapsed at the provider, or somebody voided it there by hand.
        flag = CASE WHEN v_before = 'authorized' AND EXISTS (SELECT FROM orders.pub_orders o WHERE o.order_id = x.order_id AND o.paid_attempt_id = x.id AND o.state <> 'canceled')
                    THEN 'authorization_lapsed' ELSE x.flag END
    WHERE x.id = p_attempt RETURNING * INTO STRICT a;
    IF v_before = 'authorized' THEN
        PERFORM payment.ledger_internal(a.id, 'void', a.amount, p_request_id, p_now);
    END IF;
    PERFORM payment.emit_internal(a.id, 'payment.' || p_state, jsonb_build_object('code', p_code), p_request_id, p_trace_id, p_now);
    IF v_before = 'authorized' THEN
        RETURN '';
    END IF;
    RETURN orders.payment_failed_v1(a.order_id, a.id, p_request_id, p_trace_id, p_now);
END $$;

-- Internal: what the provider says becomes our state. Only forward; the same news twice changes nothing. The caller holds the attempt's row.
CREATE OR REPLACE FUNCTION payment.apply_internal(p_attempt uuid, p_ref text, p_view text, p_code text, p_amount bigint, p_currency text, p_captured bigint,
    p_refunded bigint, p_action_url text, p_capture boolean, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a payment.attempt;
    v_result text := '';
BEGIN
    SELECT * INTO STRICT a FROM payment.attempt x WHERE x.id = p_attempt;
    IF p_view IN ('authorized', 'captured') AND a.state IN ('created', 'requires_action') AND p_amount = a.amount AND p_currency = a.currency
       AND (p_view = 'captured' OR NOT EXISTS (SELECT 1 FROM payment.operation x WHERE x.attempt_id = a.id AND x.kind = 'void' AND x.state IN ('started', 'unknown'))) THEN
        -- The usual news; what is noted below of other news is part of the same change of the row here.
        v_result := payment.secure_internal(a.id, p_ref, p_view, p_capture AND p_view = 'authorized', p_request_id, p_trace_id, p_now);
        a.state := 'authorized';
    ELSIF p_view = 'captured' AND a.state = 'authorized' AND p_amount = a.amount AND p_currency = a.currency THEN
        NULL;       -- noted below, with the step itself: each change of the row is one in all its indexes
    ELSIF (a.provider_ref IS NULL AND p_ref IS NOT NULL) OR a.provider_state IS DISTINCT FROM p_view THEN
        UPDATE payment.attempt x SET provider_ref = coalesce(x.provider_ref, p_ref), provider_state = p_view, updated_at = p_now WHERE x.id = a.id;
    END IF;
    IF p_view IN ('authorized', 'captured') AND (p_amount <> a.amount OR p_currency <> a.currency) THEN
        UPDATE payment.attempt x SET flag = 'amount_mismatch', version = x.version + 1 WHERE x.id = a.id;
        PERFORM payment.command_internal(a.id, 'release', 'mismatch', p_request_id, p_trace_id, p_now);
        RETURN 'mismatch';
    END IF;
    IF a.state IN ('voided', 'failed') THEN
        IF p_view = 'authorized' OR (p_view = 'captured' AND p_refunded < p_captured) THEN
            PERFORM payment.command_internal(a.id, 'release', 'attempt_was_' || a.state, p_request_id, p_trace_id, p_now);
        END IF;
        RETURN 'closed';
    END IF;
    IF p_view = 'authorized' THEN
        RETURN CASE WHEN a.state IN ('created', 'requires_action') THEN 'voiding' ELSE v_result END;
    END IF;
    IF p_view = 'requires_action' AND a.state = 'created' THEN
        UPDATE payment.attempt x SET state = 'requires_action', action_url = p_action_url, version = x.version + 1 WHERE x.id = a.id;
        PERFORM payment.emit_internal(a.id, 'payment.requires_action', '{}', p_request_id, p_trace_id, p_now);
    ELSIF p_view = 'captured' THEN
        IF a.state = 'authorized' THEN
            UPDATE payment.attempt x SET state = 'captured', captured = p_captured, provider_ref = coalesce(x.provider_ref, p_ref), provider_state = p_view,
                event_seq = x.event_seq + 1, version = x.version + 1, updated_at = p_now
            WHERE x.id = a.id RETURNING * INTO STRICT a;
            PERFORM payment.ledger_internal(a.id, 'capture', p_captured, p_request_id, p_now);
            PERFORM platform.emit_v1('payment', a.id, a.event_seq, 'payment.captured', 1,
                jsonb_build_object('order_id', a.order_id, 'amount', a.amount, 'currency', a.currency, 'provider', a.provider, 'state', a.state,
                                   'captured', p_captured), 'system', p_request_id, p_trace_id, p_now);
        END IF;
        IF a.state = 'captured' AND p_refunded > a.refunded THEN
            UPDATE payment.attempt x SET refunded = p_refunded, version = x.version + 1 WHERE x.id = a.id;
            PERFORM payment.ledger_internal(a.id, 'refund', p_refunded - a.refunded, p_request_id, p_now);
            PERFORM payment.emit_internal(a.id, 'refund.succeeded', jsonb_build_object('refunded', p_refunded - a.refunded), p_request_id, p_trace_id, p_now);
        END IF;
    ELSIF p_view IN ('voided', 'failed') AND a.state <> 'captured' THEN
        v_result := payment.closed_internal(a.id, p_view, p_code, p_request_id, p_trace_id, p_now);
    END IF;
    RETURN v_result;
END $$;

-- Before a call. outcome: go (the operation is written; call the provider with its id as idempotency key) | busy (another
-- call for this attempt runs or is being cleared up) | state (not a step from here) | not_payable (the order is no longer
-- waiting for money, its reservation ended, or its money is to be taken although it was canceled) | used (the return was used already) | settled (nothing to pay) | paid (the
-- order rests on this money: it is not given back) | absent.
CREATE OR REPLACE FUNCTION payment.begin_v1(p_attempt uuid, p_operation uuid, p_kind text, p_nonce bytea, p_return_nonce bytea, p_settle_s int,
    p_request_id text, p_trace_id text, p_real timestamptz, p_now timestamptz)
RETURNS TABLE(outcome text, order_id uuid, order_number text, provider text, method text, amount bigint, currency text, state text, provider_ref text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a payment.attempt;
    o record;
    v_outcome text := 'go';
    v_amount bigint;
BEGIN
    SELECT * INTO a FROM payment.attempt x WHERE x.id = p_attempt FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'absent', NULL::uuid, NULL, NULL, NULL, NULL::bigint, NULL, NULL, NULL;
        RETURN;
    END IF;
    -- A statement of its own: what happened while we waited for the row counts.
    SELECT v.number::text, v.status, v.expires_at, v.cancel_requested_at,
           EXISTS (SELECT 1 FROM payment.operation x WHERE x.attempt_id = a.id AND (x.state IN ('started', 'unknown') OR p_kind = 'authorize' AND x.kind = 'authorize')) AS busy,
           (SELECT coalesce(max(x.n), 0) + 1 FROM payment.operation x WHERE x.attempt_id = a.id AND x.kind = p_kind) AS n
    INTO o FROM (VALUES (a.order_id)) i(id) LEFT JOIN orders.pub_payable v ON v.order_id = i.id;
    v_amount := CASE p_kind WHEN 'refund' THEN a.captured - a.refunded ELSE a.amount END;
    IF p_kind = 'complete' AND p_nonce IS NOT NULL AND a.return_nonce IS DISTINCT FROM p_nonce THEN
        v_outcome := 'used';
    ELSIF p_kind = 'capture' AND o.status = 'canceled' THEN
        v_outcome := 'not_payable';
    ELSIF NOT (p_kind = 'authorize' AND a.state = 'created' OR p_kind = 'complete' AND a.state = 'requires_action'
            OR p_kind = 'void' AND a.state IN ('created', 'requires_action', 'authorized', 'voided', 'failed') AND a.provider_ref IS NOT NULL
            OR p_kind = 'capture' AND a.state = 'authorized' OR p_kind = 'refund' AND a.state = 'captured' AND v_amount > 0) THEN
        v_outcome := 'state';
    ELSIF p_kind IN ('void', 'refund') AND a.state IN ('authorized', 'captured') AND o.status IN ('paid', 'fulfilling', 'completed') THEN
        v_outcome := 'paid';
    ELSIF o.busy THEN
        v_outcome := 'busy';
    ELSIF p_kind = 'authorize' AND (o.status IS DISTINCT FROM 'pending_payment' OR o.expires_at <= p_now OR o.cancel_requested_at IS NOT NULL) THEN
        v_outcome := 'not_payable';
    ELSIF p_kind = 'authorize' AND a.amount = 0 THEN
        PERFORM payment.secure_internal(a.id, NULL, NULL, false, p_request_id, p_trace_id, p_now);
        a.state := 'authorized';
        v_outcome := 'settled';
    ELSE
        WITH written AS (
            INSERT INTO payment.operation (id, attempt_id, kind, n, amount, currency, started_at, request_id, trace_id)
            VALUES (p_operation, a.id, p_kind, o.n, v_amount, a.currency, p_real, p_request_id, p_trace_id)
        )
        UPDATE payment.attempt x SET next_check_at = p_real + p_settle_s * interval '1 second',
            return_nonce = CASE p_kind WHEN 'authorize' THEN p_return_nonce WHEN 'complete' THEN NULL ELSE x.return_nonce END
        WHERE x.id = a.id;
    END IF;
    RETURN QUERY SELECT v_outcome, a.order_id, o.number, a.provider, a.method, v_amount, a.currency, a.state, a.provider_ref;
END $$;

-- After a call. p_outcome: answered (p_view says how the payment stands now) | refused (the provider will not; nothing
-- changed there) | unknown (no answer, or one that does not say: the sweeper asks later).
-- Answers with the attempt's state and, when the order was told, its answer.
CREATE OR REPLACE FUNCTION payment.finish_v1(p_operation uuid, p_outcome text, p_code text, p_ref text, p_view text, p_amount bigint, p_currency text,
    p_captured bigint, p_refunded bigint, p_action_url text, p_capture boolean, p_settle_s int, p_request_id text, p_trace_id text,
    p_real timestamptz, p_now timestamptz)
RETURNS TABLE(state text, order_result text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    p record;
    v_state text;
    v_result text := '';
BEGIN
    SELECT x.id, x.attempt_id, x.kind, a.state INTO STRICT p FROM payment.operation x JOIN payment.attempt a ON a.id = x.attempt_id
    WHERE x.id = p_operation FOR NO KEY UPDATE OF a;
    v_state := p.state;
    UPDATE payment.operation x SET
        state = CASE p_outcome WHEN 'answered' THEN 'done' WHEN 'refused' THEN 'failed' ELSE 'unknown' END, code = p_code,
        finished_at = CASE WHEN p_outcome IN ('answered', 'refused') THEN p_real END
    WHERE x.id = p.id AND x.state IN ('started', 'unknown');
    IF p_outcome = 'answered' THEN
        v_result := payment.apply_internal(p.attempt_id, p_ref, p_view, p_code, p_amount, p_currency, p_captured, p_refunded, p_action_url,
                                           p_capture, p_request_id, p_trace_id, p_now);
        SELECT x.state INTO v_state FROM payment.attempt x WHERE x.id = p.attempt_id;
        IF v_state IN ('created', 'requires_action') THEN
            UPDATE payment.attempt x SET next_check_at = p_real + p_settle_s * interval '1 second', checks = 0 WHERE x.id = p.attempt_id;
        END IF;
    ELSIF p_outcome = 'refused' AND p.kind = 'authorize' THEN
        v_result := payment.closed_internal(p.attempt_id, 'failed', p_code, p_request_id, p_trace_id, p_now);
        v_state := 'failed';
    ELSIF p_outcome = 'unknown' THEN
        UPDATE payment.attempt x SET next_check_at = p_real + interval '1 second' WHERE x.id = p.attempt_id;
    END IF;
    RETURN QUERY SELECT v_state, v_result;
END $$;

-- The provider was asked (after news, or by the sweeper) and said p_view. Ends operations whose answer was lost.
CREATE OR REPLACE FUNCTION payment.observe_v1(p_attempt uuid, p_code text, p_ref text, p_view text, p_amount bigint, p_currency text, p_captured bigint,
    p_refunded bigint, p_action_url text, p_capture boolean, p_request_id text, p_trace_id text, p_real timestamptz, p_now timestamptz)
RETURNS TABLE(state text, order_result text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_result text;
BEGIN
    PERFORM 1 FROM payment.attempt x WHERE x.id = p_attempt FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_result := payment.apply_internal(p_attempt, p_ref, p_view, p_code, p_amount, p_currency, p_captured, p_refunded, p_action_url, p_capture,
                                       p_request_id, p_trace_id, p_now);
    -- What the provider said answers a creating call for good. Later steps only when their effect is seen; else they may still be on their way.
    UPDATE payment.operation x SET state = 'done', finished_at = p_real
    WHERE x.attempt_id = p_attempt AND x.state IN ('started', 'unknown')
      AND (x.kind IN ('authorize', 'complete') OR x.kind = 'capture' AND p_view = 'captured' OR x.kind = 'void' AND p_view IN ('voided', 'failed')
           OR x.kind = 'refund' AND p_refunded >= p_captured);
    UPDATE payment.attempt x SET flag = NULL, version = x.version + 1, updated_at = p_now
    WHERE x.id = p_attempt AND x.flag IN ('provider_does_not_say', 'provider_not_configured');
    RETURN QUERY SELECT x.state, v_result FROM payment.attempt x WHERE x.id = p_attempt;
END $$;

-- Ends an attempt of which the provider knows nothing: nobody ever called it, or it was asked and says so (p_asked_at).
-- ok | busy (a call began since) | state.
CREATE OR REPLACE FUNCTION payment.fail_v1(p_attempt uuid, p_code text, p_asked_at timestamptz, p_request_id text, p_trace_id text, p_real timestamptz,
    p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a payment.attempt;
BEGIN
    SELECT * INTO a FROM payment.attempt x WHERE x.id = p_attempt FOR NO KEY UPDATE;
    IF NOT FOUND OR a.state NOT IN ('created', 'requires_action') THEN
        RETURN 'state';
    END IF;
    IF EXISTS (SELECT 1 FROM payment.operation x WHERE x.attempt_id = a.id AND (p_asked_at IS NULL OR x.started_at >= p_asked_at)) THEN
        RETURN 'busy';
    END IF;
    UPDATE payment.operation x SET state = 'failed', code = 'absent', finished_at = p_real WHERE x.attempt_id = a.id AND x.state IN ('started', 'unknown');
    PERFORM payment.closed_internal(a.id, 'failed', p_code, p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;

-- Another try on the same order: ok | open_exists | not_payable.
CREATE OR REPLACE FUNCTION payment.retry_v1(p_attempt uuid, p_order uuid, p_provider text, p_method text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o record;
BEGIN
    SELECT v.status, v.amount, v.currency, v.expires_at, v.cancel_requested_at INTO o FROM orders.pub_payable v WHERE v.order_id = p_order;
    IF NOT FOUND OR o.status <> 'pending_payment' OR o.expires_at <= p_now OR o.cancel_requested_at IS NOT NULL THEN
        RETURN 'not_payable';
    END IF;
    RETURN payment.attempt_create_v1(p_attempt, p_order, p_provider, o.amount, o.currency, p_method, p_now);
END $$;

REVOKE ALL ON FUNCTION payment.emit_internal(uuid, text, jsonb, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.ledger_internal(uuid, text, bigint, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.command_internal(uuid, text, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.secure_internal(uuid, text, text, boolean, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.closed_internal(uuid, text, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.apply_internal(uuid, text, text, text, bigint, text, bigint, bigint, text, boolean, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.begin_v1(uuid, uuid, text, bytea, bytea, int, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.finish_v1(uuid, text, text, text, text, bigint, text, bigint, bigint, text, boolean, int, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.observe_v1(uuid, text, text, text, bigint, text, bigint, bigint, text, boolean, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.fail_v1(uuid, text, timestamptz, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION payment.retry_v1(uuid, uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payment.begin_v1(uuid, uuid, text, bytea, bytea, int, text, text, timestamptz, timestamptz) TO souk_payment, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.finish_v1(uuid, text, text, text, text, bigint, text, bigint, bigint, text, boolean, int, text, text, timestamptz, timestamptz) TO souk_payment, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.observe_v1(uuid, text, text, text, bigint, text, bigint, bigint, text, boolean, text, text, timestamptz, timestamptz) TO souk_payment, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.fail_v1(uuid, text, timestamptz, text, text, timestamptz, timestamptz) TO souk_payment, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION payment.retry_v1(uuid, uuid, text, text, timestamptz) TO souk_payment;
