SET LOCAL ROLE own_payment;

-- The edges of src/domain/payment_state.c, once more; what was agreed never changes, what was taken or given back never becomes less.
CREATE OR REPLACE FUNCTION payment.attempt_edge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.order_id <> OLD.order_id OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency OR NEW.provider <> OLD.provider
       OR NEW.method <> OLD.method OR NEW.captured < OLD.captured OR NEW.refunded < OLD.refunded THEN
        RAISE EXCEPTION 'payment attempt %: order, amount, provider and method never change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
        ('created', 'requires_action'), ('created', 'authorized'), ('created', 'voided'), ('created', 'failed'),
        ('requires_action', 'authorized'), ('requires_action', 'voided'), ('requires_action', 'failed'),
        ('authorized', 'captured'), ('authorized', 'voided'), ('authorized', 'failed')) THEN
        RAISE EXCEPTION 'payment attempt %: % to % is not a step', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION payment.attempt_edge() FROM PUBLIC;

-- Opens an attempt. Called inside checkout (the order is new) and for another try after a decline.
-- ok | open_exists: one is open already, or has succeeded.
CREATE OR REPLACE FUNCTION payment.attempt_create_v1(p_attempt uuid, p_order uuid, p_provider text, p_amount bigint, p_currency text, p_method text,
                                                     p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_n int;
BEGIN
    INSERT INTO payment.attempt (id, order_id, n, provider, method, amount, currency, event_seq, created_at, updated_at)
    SELECT p_attempt, p_order, coalesce(max(a.n), 0) + 1, p_provider, p_method, p_amount, p_currency, 1, p_now, p_now
    FROM payment.attempt a WHERE a.order_id = p_order
    ON CONFLICT DO NOTHING RETURNING n INTO v_n;
    IF NOT FOUND THEN
        RETURN 'open_exists';
    END IF;
    PERFORM platform.emit_v1('payment', p_attempt, 1, 'payment.created', 1,
        jsonb_build_object('order_id', p_order, 'amount', p_amount, 'currency', p_currency, 'provider', p_provider, 'n', v_n), NULL, NULL, NULL, p_now);
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION payment.attempt_create_v1(uuid, uuid, text, bigint, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payment.attempt_create_v1(uuid, uuid, text, bigint, text, text, timestamptz) TO own_orders, souk_payment;

-- Asks for the money of an order to be given back (or never taken): a command for each attempt that holds some. For a canceled order.
CREATE OR REPLACE FUNCTION payment.release_v1(p_order uuid, p_reason text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    INSERT INTO payment.command (id, attempt_id, kind, reason, next_try_at, request_id, trace_id, created_at)
    SELECT gen_random_uuid(), a.id, 'release', p_reason, '-infinity', p_request_id, p_trace_id, p_now
    FROM payment.attempt a
    WHERE a.order_id = p_order AND (a.state IN ('created', 'requires_action', 'authorized') OR (a.state = 'captured' AND a.refunded < a.captured))
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
REVOKE ALL ON FUNCTION payment.release_v1(uuid, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payment.release_v1(uuid, text, text, text, timestamptz) TO own_orders, souk_order, souk_payment, souk_jobs_payment;
