-- Payments of orders, for their buyer's export: no tokens of methods, no references of providers.
SET LOCAL ROLE own_payment;

CREATE OR REPLACE FUNCTION payment.export_v1(p_orders uuid[]) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('order_number', o.number, 'attempt', a.n, 'provider', a.provider, 'amount', a.amount, 'currency', a.currency,
                    'status', a.state, 'captured', a.captured, 'refunded', a.refunded, 'failure', a.failure_code, 'at', a.created_at)) ORDER BY a.created_at), '[]')
    FROM payment.attempt a JOIN orders.pub_orders o ON o.order_id = a.order_id WHERE a.order_id = ANY (p_orders)
$$;
REVOKE ALL ON FUNCTION payment.export_v1(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payment.export_v1(uuid[]) TO souk_jobs_core;
