-- The steps of an order after checkout. Called by payment (secured, failed), by the sweeper (cancel_unpaid) and by the
-- order pool (cancel by the shopper). Each locks the order first, then the stock.
SET LOCAL ROLE own_orders;

-- ok: nothing was pending any more: stock given back, canceled. Internal: the caller holds the order's lock and has checked its state.
CREATE OR REPLACE FUNCTION orders.cancel_locked_v1(p_order uuid, p_reason text, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_seq bigint;
    v_number text;
    v_paid_at timestamptz;
BEGIN
    UPDATE orders.orders o
    SET state = 'canceled', canceled_at = p_now, cancel_reason = p_reason, event_seq = o.event_seq + 1, version = o.version + 1, updated_at = p_now
    WHERE o.id = p_order RETURNING o.event_seq, o.number, o.paid_at INTO v_seq, v_number, v_paid_at;
    PERFORM platform.emit_v1('order', p_order, v_seq, 'order.canceled', 1, jsonb_build_object('number', v_number, 'reason', p_reason),
                             p_actor, p_request_id, p_trace_id, p_now);
    PERFORM inventory.release_v1(p_order, p_reason, p_now);
    IF v_paid_at IS NOT NULL THEN
        PERFORM inventory.deallocate_v1(p_order, p_reason, p_now);
    END IF;
END $$;
REVOKE ALL ON FUNCTION orders.cancel_locked_v1(uuid, text, text, text, text, timestamptz) FROM PUBLIC;

-- The full total is authorized or captured: pending_payment -> paid, reserved stock becomes allocated. A reservation that
-- expired in the meantime is made again in this transaction. Who asked for cancellation while the money was on its way does not
-- get what she no longer wants: the order is canceled instead.
--   ok | already (this attempt secured it before) | canceled (before, or now) | no_stock (canceled now) | mismatch (amount, or another attempt paid)
-- On the last three the caller gives the money back.
CREATE OR REPLACE FUNCTION orders.payment_secured_v1(p_order uuid, p_attempt uuid, p_amount bigint, p_currency text, p_actor text, p_request_id text,
                                                     p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_order orders.orders;
    v_variants uuid[];
    v_quantities int[];
BEGIN
    UPDATE orders.orders o
    SET state = 'paid', paid_at = p_now, paid_attempt_id = p_attempt, event_seq = o.event_seq + 1, version = o.version + 1, updated_at = p_now
    WHERE o.id = p_order AND o.paid_at IS NULL AND o.canceled_at IS NULL        -- pending_payment, said so that no plan reads the index of all that are
      AND o.total = p_amount AND o.currency = p_currency AND o.cancel_requested_at IS NULL
    RETURNING * INTO v_order;
    IF NOT FOUND THEN
        SELECT * INTO v_order FROM orders.orders o WHERE o.id = p_order FOR UPDATE;
        IF v_order.id IS NULL OR v_order.total <> p_amount OR v_order.currency <> p_currency THEN
            RETURN 'mismatch';
        END IF;
        IF v_order.state = 'pending_payment' AND v_order.cancel_requested_at IS NOT NULL THEN
            PERFORM orders.cancel_locked_v1(p_order, 'shopper', p_actor, p_request_id, p_trace_id, p_now);
            RETURN 'canceled';
        END IF;
        RETURN CASE WHEN v_order.state = 'canceled' THEN 'canceled' WHEN v_order.paid_attempt_id = p_attempt THEN 'already' ELSE 'mismatch' END;
    END IF;
    PERFORM platform.emit_v1('order', p_order, v_order.event_seq, 'order.paid', 1,
        jsonb_build_object('number', v_order.number, 'total', p_amount, 'currency', p_currency, 'attempt_id', p_attempt),
        p_actor, p_request_id, p_trace_id, p_now);
    IF NOT inventory.allocate_v1(p_order, p_now) THEN
        SELECT array_agg(l.variant_id ORDER BY l.variant_id), array_agg(l.quantity ORDER BY l.variant_id) INTO v_variants, v_quantities
        FROM orders.order_line l WHERE l.order_id = p_order;
        IF EXISTS (SELECT FROM inventory.reserve_v1(p_order, v_variants, v_quantities, p_now + interval '1 minute', p_request_id, p_now))
           OR NOT inventory.allocate_v1(p_order, p_now) THEN
            RAISE EXCEPTION USING ERRCODE = 'SK001', MESSAGE = 'sold out';
        END IF;
    END IF;
    RETURN 'ok';
EXCEPTION WHEN SQLSTATE 'SK001' THEN
    -- The row is locked no more by the undone block: take it again before it is canceled.
    PERFORM FROM orders.orders o WHERE o.id = p_order AND o.state = 'pending_payment' FOR UPDATE;
    IF FOUND THEN
        PERFORM orders.cancel_locked_v1(p_order, 'no_stock', p_actor, p_request_id, p_trace_id, p_now);
    END IF;
    RETURN 'no_stock';
END $$;
REVOKE ALL ON FUNCTION orders.payment_secured_v1(uuid, uuid, bigint, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.payment_secured_v1(uuid, uuid, bigint, text, text, text, text, timestamptz)
    TO own_payment, souk_payment, souk_jobs_payment;

-- An attempt was declined. The order stays: the shopper may try again. When she had asked for cancellation, it happens now.
--   ok | canceled | not_pending
CREATE OR REPLACE FUNCTION orders.payment_failed_v1(p_order uuid, p_attempt uuid, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_order orders.orders;
BEGIN
    SELECT * INTO v_order FROM orders.orders o WHERE o.id = p_order FOR UPDATE;
    IF v_order.id IS NULL OR v_order.state <> 'pending_payment' THEN
        RETURN 'not_pending';
    END IF;
    IF v_order.cancel_requested_at IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM payment.pub_attempts a WHERE a.order_id = p_order AND a.attempt_id <> p_attempt
                       AND a.state NOT IN ('voided', 'failed')) THEN
            PERFORM orders.cancel_locked_v1(p_order, 'shopper', 'system', p_request_id, p_trace_id, p_now);
            RETURN 'canceled';
        END IF;
    END IF;
    UPDATE orders.orders o SET version = o.version + 1, updated_at = p_now WHERE o.id = p_order;
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION orders.payment_failed_v1(uuid, uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.payment_failed_v1(uuid, uuid, text, text, timestamptz) TO own_payment, souk_payment, souk_jobs_payment;

-- The last attempt of an unpaid order is final: cancel it.
--   ok | not_pending | attempt_open
CREATE OR REPLACE FUNCTION orders.cancel_unpaid_v1(p_order uuid, p_reason text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_state text;
BEGIN
    SELECT o.state INTO v_state FROM orders.orders o WHERE o.id = p_order FOR UPDATE;
    IF v_state IS DISTINCT FROM 'pending_payment' THEN
        RETURN 'not_pending';
    END IF;
    IF EXISTS (SELECT FROM payment.pub_attempts a WHERE a.order_id = p_order AND a.state NOT IN ('voided', 'failed')) THEN
        RETURN 'attempt_open';
    END IF;
    PERFORM orders.cancel_locked_v1(p_order, p_reason, 'system', p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION orders.cancel_unpaid_v1(uuid, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cancel_unpaid_v1(uuid, text, text, text, timestamptz) TO own_payment, souk_payment, souk_jobs_payment, souk_jobs_core;

-- The shopper cancels an unpaid order. With an attempt alive the provider is asked first (a payment command, in this
-- transaction) and the order is canceled when the answer is final.
--   ok (canceled) | requested | already | not_pending
CREATE OR REPLACE FUNCTION orders.cancel_by_shopper_v1(p_order uuid, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_order orders.orders;
BEGIN
    SELECT * INTO v_order FROM orders.orders o WHERE o.id = p_order FOR UPDATE;
    IF v_order.state = 'canceled' THEN
        RETURN 'already';
    END IF;
    IF v_order.state IS DISTINCT FROM 'pending_payment' THEN
        RETURN 'not_pending';
    END IF;
    IF EXISTS (SELECT FROM payment.pub_attempts a WHERE a.order_id = p_order AND a.state NOT IN ('voided', 'failed')) THEN
        IF v_order.cancel_requested_at IS NULL THEN
            UPDATE orders.orders o SET cancel_requested_at = p_now, version = o.version + 1, updated_at = p_now WHERE o.id = p_order;
            PERFORM payment.release_v1(p_order, 'shopper', p_request_id, p_trace_id, p_now);
        END IF;
        RETURN 'requested';
    END IF;
    PERFORM orders.cancel_locked_v1(p_order, 'shopper', p_actor, p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION orders.cancel_by_shopper_v1(uuid, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cancel_by_shopper_v1(uuid, text, text, text, timestamptz) TO souk_order;
