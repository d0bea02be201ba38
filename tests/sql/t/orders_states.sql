-- Every edge of the order's machine, tried on the database; and what happens to carts.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql

-- the edges of src/domain/order_state.c, all others refused
CREATE FUNCTION pg_temp.edge(before text, after text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v uuid := gen_random_uuid();
    step text;
BEGIN
    INSERT INTO orders.cart (id, token_hash, market_id, expires_at, created_at, updated_at)
        VALUES (v, sha256(v::text::bytea), '01900000-0000-7000-8000-000000000201', '2030-01-01', '2026-06-01', '2026-06-01');
    INSERT INTO orders.orders (id, number, cart_id, access_hash, person_id, email_hash, email_sealed, address_sealed, ship_country, market_id, market_code,
            locale, currency, prices_include_tax, shipping_option_id, shipping_name, subtotal, discount, shipping, shipping_tax_rate, shipping_tax, tax,
            total, calc_version, explanation, expires_at, created_at, updated_at)
        VALUES (v, '10000-' || upper(left(replace(v::text, '-', ''), 6)), v, sha256(v::text::bytea), v, sha256(v::text::bytea), '\x01', '\x01', 'DE', v, 'de', 'en', 'EUR', true, v, 'x', 100, 0, 0, 0, 0, 0, 100, 1, '{}',
                '2026-07-01', '2026-06-01', '2026-06-01');
    FOREACH step IN ARRAY CASE before WHEN 'paid' THEN ARRAY['paid'] WHEN 'fulfilling' THEN ARRAY['paid', 'fulfilling']
                               WHEN 'completed' THEN ARRAY['paid', 'fulfilling', 'completed'] WHEN 'canceled' THEN ARRAY['canceled'] ELSE '{}' END LOOP
        PERFORM pg_temp.step(v, step);
    END LOOP;
    PERFORM pg_temp.step(v, after);
    RETURN true;
EXCEPTION WHEN check_violation THEN
    RETURN false;
END
$$;
CREATE FUNCTION pg_temp.step(v uuid, s text) RETURNS void LANGUAGE sql AS $$
    UPDATE orders.orders SET state = s, paid_at = CASE WHEN s = 'canceled' THEN paid_at ELSE '2026-06-01' END, paid_attempt_id = CASE WHEN s = 'canceled' THEN paid_attempt_id ELSE v END,
        completed_at = CASE WHEN s = 'completed' THEN '2026-06-01'::timestamptz END, canceled_at = CASE WHEN s = 'canceled' THEN '2026-06-01'::timestamptz END WHERE id = v
$$;
SELECT is(string_agg(a.s || '>' || b.s, ' ' ORDER BY a.n, b.n),
          'pending_payment>paid pending_payment>canceled paid>fulfilling paid>canceled fulfilling>completed fulfilling>canceled',
          'exactly the edges of src/domain/order_state.c')
FROM unnest(ARRAY['pending_payment', 'paid', 'fulfilling', 'completed', 'canceled']) WITH ORDINALITY AS a(s, n),
     unnest(ARRAY['pending_payment', 'paid', 'fulfilling', 'completed', 'canceled']) WITH ORDINALITY AS b(s, n)
WHERE a.s <> b.s AND pg_temp.edge(a.s, b.s);
SELECT throws_ok($$INSERT INTO orders.orders (id, state) VALUES (gen_random_uuid(), 'paid')$$, '23514', NULL, 'an order begins unpaid');

-- an order's total is what its parts say
SELECT throws_ok($$INSERT INTO orders.orders (id, number, cart_id, access_hash, person_id, email_hash, email_sealed, address_sealed, ship_country, market_id, market_code,
            locale, currency, prices_include_tax, shipping_option_id, shipping_name, subtotal, discount, shipping, shipping_tax_rate, shipping_tax, tax,
            total, calc_version, explanation, expires_at, created_at, updated_at)
        SELECT c, '10000-ABCDEF', c, sha256('x'), c, sha256('x'), '\x01', '\x01', 'DE', c, 'de', 'en', 'EUR', true, c, 'x', 100, 0, 490, 0, 0, 0, 100, 1, '{}',
                '2026-07-01', '2026-06-01', '2026-06-01' FROM gen_random_uuid() c$$, '23514', NULL, 'a total that its parts do not make is refused');

-- carts
SELECT pg_temp.cart(1, :now) AS cart1, pg_temp.cart(2, :now) AS cart2 \gset
SELECT is(orders.cart_item_put_v1(:'cart1', 4, gen_random_uuid(), :cup, 5, 1250, :later, :now), 5, 'a line is set');
SELECT is((SELECT string_agg(quantity::text, ' ' ORDER BY quantity) FROM orders.cart_item WHERE cart_id = :'cart1'), '1 5', 'the same line, not another');
SELECT is(orders.cart_item_put_v1(:'cart1', 4, gen_random_uuid(), :cup, 7, 1250, :later, :now), -1, 'an old version changes nothing');
SELECT is(orders.cart_item_put_v1(:'cart1', 5, gen_random_uuid(), :cup, 0, 0, :later, :now), 6, 'quantity 0 removes it');
SELECT is((SELECT count(*) FROM orders.cart_item WHERE cart_id = :'cart1'), 1::bigint, 'one line is left');
SELECT throws_ok(format('SELECT orders.cart_item_put_v1(%L, 6, gen_random_uuid(), %L, 1000, 1250, %L, %L)', :'cart1', :cup, :later, :now), '23514', NULL, 'more than 999 pieces');
SELECT throws_ok(format('INSERT INTO orders.cart_item SELECT gen_random_uuid(), cart_id, variant_id, 1, 1, created_at, updated_at FROM orders.cart_item WHERE cart_id = %L', :'cart1'),
                 '23505', NULL, 'a variant stands once in a cart');
SELECT is(orders.cart_seen_v1(:'cart1', 6, ARRAY[:pot], ARRAY[4100]::bigint[], :now), 7, 'a price was told');
SELECT is((SELECT price_seen FROM orders.cart_item WHERE cart_id = :'cart1'), 4100::bigint, 'and counts as seen');
SELECT throws_ok(format('UPDATE orders.cart SET person_id = NULL WHERE id = %L', :'cart1'), '23514', NULL, 'ciphertext without a person');

-- abandoning
SELECT is(orders.carts_abandon_v1(10, :now), 0, 'nothing is abandoned before its time');
SELECT is(orders.carts_abandon_v1(1, :now + interval '31 days'), 1, 'as many as asked for');
SELECT is(orders.carts_abandon_v1(10, :now + interval '31 days'), 1, 'then the rest');
SELECT is(orders.carts_abandon_v1(10, :now + interval '31 days'), 0, 'once');
SELECT is((SELECT count(*) FROM orders.cart WHERE state = 'abandoned' AND num_nonnulls(email_hash, email_sealed, address_sealed, ship_country, ship_postal_area) = 0), 2::bigint,
          'nothing personal is left');
SELECT is((SELECT count(*) FROM platform.outbox WHERE type = 'cart.abandoned' AND seq = 1), 2::bigint, 'each said so once');
SELECT is(orders.cart_item_put_v1(:'cart2', 5, gen_random_uuid(), :cup, 1, 1250, :later, :now), -1, 'an abandoned cart takes nothing');
SELECT throws_ok(format('UPDATE orders.cart SET state = ''open'' WHERE id = %L', :'cart1'), '23514', NULL, 'and stays abandoned');
SELECT is(pg_temp.checkout(:'cart2', 5, :order1, 'f0000000-0000-7000-8000-000000000001', NULL, :now), 'changed', 'nor can it be ordered');

-- a cart with everything at once
SELECT lives_ok(format($$SELECT orders.cart_open_v1('e0000000-0000-7000-8000-000000000009', decode(repeat('09', 32), 'hex'), '01900000-0000-7000-8000-000000000201',
    ARRAY[gen_random_uuid(), gen_random_uuid()], ARRAY[%L, %L]::uuid[], ARRAY[2, 1], ARRAY[1250, 3999]::bigint[], gen_random_uuid(), sha256('x'), '\x01', NULL, '\x02', 'DE', '10',
    '01900000-0000-7000-8000-000000000401', %L, %L)$$, :cup, :pot, :later, :now), 'a cart is opened with everything at once');
SELECT is((SELECT count(*) FROM orders.cart_item WHERE cart_id = 'e0000000-0000-7000-8000-000000000009'), 2::bigint, 'with its lines');
SELECT is(pg_temp.checkout('e0000000-0000-7000-8000-000000000009', 1, :order1, 'f0000000-0000-7000-8000-000000000001', NULL, :now), 'ok 201', 'and can be ordered as it is');

SELECT * FROM finish();
ROLLBACK;
