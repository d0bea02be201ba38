-- Every edge of the machines of payments and of reservations, tried on the database; and money that goes away under a paid order.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql
\set att1 '''f0000000-0000-7000-8000-000000000001''::uuid'
\set att2 '''f0000000-0000-7000-8000-000000000002''::uuid'

-- each state is put there behind the trigger's back, then the step is tried
CREATE FUNCTION pg_temp.payment_edge(before text, after text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v uuid := gen_random_uuid();
BEGIN
    INSERT INTO payment.attempt (id, order_id, n, provider, method, amount, currency, state, created_at, updated_at)
        VALUES (v, v, 1, 'sandbox', 'tok', 100, 'EUR', before, '2026-06-01', '2026-06-01');
    UPDATE payment.attempt SET state = after WHERE id = v;
    RETURN true;
EXCEPTION WHEN check_violation THEN
    RETURN false;
END
$$;
SELECT is(string_agg(a.s || '>' || b.s, ' ' ORDER BY a.n, b.n),
          'created>requires_action created>authorized created>voided created>failed requires_action>authorized requires_action>voided requires_action>failed '
          || 'authorized>captured authorized>voided authorized>failed', 'exactly the edges of src/domain/payment_state.c')
FROM unnest(ARRAY['created', 'requires_action', 'authorized', 'captured', 'voided', 'failed']) WITH ORDINALITY AS a(s, n),
     unnest(ARRAY['created', 'requires_action', 'authorized', 'captured', 'voided', 'failed']) WITH ORDINALITY AS b(s, n)
WHERE a.s <> b.s AND pg_temp.payment_edge(a.s, b.s);

CREATE FUNCTION pg_temp.reservation_edge(before text, after text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v uuid := gen_random_uuid();
BEGIN
    INSERT INTO inventory.reservations (id, order_id, variant_id, warehouse_id, quantity, status, expires_at, created_at, updated_at)
        VALUES (v, v, v, v, 1, before, '2026-06-01', '2026-06-01', '2026-06-01');
    UPDATE inventory.reservations SET status = after WHERE id = v;
    RETURN true;
EXCEPTION WHEN restrict_violation THEN
    RETURN false;
END
$$;
SELECT is(string_agg(a.s || '>' || b.s, ' ' ORDER BY a.n, b.n), 'active>consumed active>released active>expired', 'exactly the edges of src/domain/reservation_state.c')
FROM unnest(ARRAY['active', 'consumed', 'released', 'expired']) WITH ORDINALITY AS a(s, n),
     unnest(ARRAY['active', 'consumed', 'released', 'expired']) WITH ORDINALITY AS b(s, n)
WHERE a.s <> b.s AND pg_temp.reservation_edge(a.s, b.s);

-- the provider gives up, or is made to give up, what a paid order rests on: a person must look. What was given back for a canceled one is in order.
SELECT pg_temp.cart(1, :now) AS cart1, pg_temp.cart(2, :now) AS cart2 \gset
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, NULL, :now) || pg_temp.checkout(:'cart2', 4, :order2, :att2, NULL, :now), 'ok 201ok 201', 'two orders');
SELECT payment.observe_v1(a, NULL, 'ref' || n, 'authorized', 6499, 'EUR', 0, 0, NULL, false, NULL, NULL, :now, :now)
    FROM unnest(ARRAY[:att1, :att2]) WITH ORDINALITY AS x(a, n) \g /dev/null
SELECT is((SELECT count(*) FROM orders.orders WHERE state = 'paid'), 2::bigint, 'both paid');
SELECT is((SELECT outcome FROM payment.begin_v1(:att2, gen_random_uuid(), 'capture', NULL, NULL, 30, NULL, NULL, :now, :now)), 'go', 'money of a paid order may be taken');
SELECT orders.cancel_locked_v1(:order2, 'test', 'test', NULL, NULL, :now) \g /dev/null
SELECT is((SELECT outcome FROM payment.begin_v1(:att2, gen_random_uuid(), 'capture', NULL, NULL, 30, NULL, NULL, :now, :now)), 'not_payable', 'of a canceled one not');
SELECT payment.observe_v1(:att1, NULL, 'ref1', 'voided', 6499, 'EUR', 0, 0, NULL, false, NULL, NULL, :now, :now),
       payment.observe_v1(:att2, NULL, 'ref2', 'failed', 6499, 'EUR', 0, 0, NULL, false, NULL, NULL, :now, :now) \g /dev/null
SELECT is((SELECT string_agg(state || ' ' || coalesce(flag, '-'), ', ' ORDER BY n, id) FROM payment.attempt WHERE id IN (:att1, :att2)), 'voided authorization_lapsed, failed -',
          'only where a paid order rested on it');
SELECT * FROM finish();
ROLLBACK;
