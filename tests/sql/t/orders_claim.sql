-- Guests' carts and orders become their account's.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql
\set ada '''ac000000-0000-7000-8000-000000000001''::uuid'
\set bob '''ac000000-0000-7000-8000-000000000002''::uuid'
\set market '''01900000-0000-7000-8000-000000000201''::uuid'
CREATE FUNCTION pg_temp.guest(n int, p_variants uuid[], p_quantities int[], p_now timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := ('e1000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid;
BEGIN
    INSERT INTO orders.cart (id, token_hash, market_id, expires_at, created_at, updated_at)
    VALUES (v_id, sha256(('guest' || n)::bytea), '01900000-0000-7000-8000-000000000201', p_now + interval '1 day', p_now, p_now);
    INSERT INTO orders.cart_item (id, cart_id, variant_id, quantity, price_seen, created_at, updated_at)
    SELECT gen_random_uuid(), v_id, x.v, x.q, 100, p_now, p_now FROM unnest(p_variants, p_quantities) AS x(v, q);
    RETURN v_id;
END $$;
CREATE FUNCTION pg_temp.claim(n int, p_account uuid, p_now timestamptz, p_lines int DEFAULT 100, p_most int DEFAULT 999) RETURNS text LANGUAGE sql AS $$
    SELECT x.outcome FROM orders.cart_claim_v1(p_account, sha256(('guest' || n)::bytea), NULL, p_most, p_lines,
        p_now + interval '30 days', p_now) x $$;
CREATE FUNCTION pg_temp.lines(p_account uuid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(v.sku || ':' || i.quantity, ' ' ORDER BY v.sku) FROM orders.cart c JOIN orders.cart_item i ON i.cart_id = c.id
    JOIN catalog.variants v ON v.id = i.variant_id WHERE c.account_id = p_account AND c.state = 'open' $$;
CREATE FUNCTION pg_temp.notice(p_account uuid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg((x ->> 'code') || ':' || (x ->> 'quantity'), ' ' ORDER BY x ->> 'code', x ->> 'quantity') FROM orders.cart c, jsonb_array_elements(c.merge_notice) x
    WHERE c.account_id = p_account AND c.state = 'open' $$;

-- stock: 8 cups, 2 pots (lib/fixture.sql)
SELECT pg_temp.guest(1, ARRAY[:cup], ARRAY[2], :now), pg_temp.guest(2, ARRAY[:cup, :pot], ARRAY[6, 1], :now), pg_temp.guest(3, ARRAY[:cup], ARRAY[500], :now),
       pg_temp.guest(4, ARRAY[:cup, :pot], ARRAY[1, 1], :now), pg_temp.guest(5, ARRAY[:cup], ARRAY[1], :now), pg_temp.guest(6, ARRAY[:pot], ARRAY[1], :now);
SELECT is(pg_temp.claim(9, :ada, :now), 'none', 'a token that no cart has');
SELECT is(pg_temp.claim(1, :ada, :now), 'claimed', 'the first cart becomes hers');
SELECT is(pg_temp.claim(1, :ada, :now), 'none', 'and its token opens nothing any more');
SELECT is(pg_temp.claim(1, :bob, :now), 'none', 'for nobody');
SELECT is(pg_temp.lines(:ada), 'TEST-CUP:2', 'its lines are there');
SELECT is(pg_temp.claim(2, :ada, :now), 'merged', 'the second one is put into it');
SELECT is(pg_temp.lines(:ada), 'TEST-CUP:6 TEST-POT:1', 'the larger quantity is kept');
SELECT is(pg_temp.notice(:ada), 'merge_added:1 merge_raised:6', 'and what changed is told');
SELECT is((SELECT state || ' ' || (merged_into IS NOT NULL) FROM orders.cart WHERE token_hash = sha256('guest2')), 'abandoned true', 'the guest''s cart is closed');
SELECT is(pg_temp.claim(3, :ada, :now), 'merged', 'far more than there are');
SELECT is(pg_temp.lines(:ada), 'TEST-CUP:8 TEST-POT:1', 'is as many as there are');
SELECT matches(pg_temp.notice(:ada), 'merge_reduced:8', 'and that is told');
SELECT is(pg_temp.claim(5, :ada, :now), 'merged', 'fewer than she has');
SELECT is(pg_temp.lines(:ada), 'TEST-CUP:8 TEST-POT:1', 'take nothing away');
SELECT is(pg_temp.claim(5, :bob, :now), 'none', 'a cart is merged once');
SELECT is(pg_temp.claim(4, :bob, :now, 1, 1), 'claimed', 'somebody else''s');
SELECT is(pg_temp.claim(6, :bob, :now, 2), 'merged', 'a line that is there already needs no room');
SELECT is(orders.cart_item_put_v1((SELECT id FROM orders.cart WHERE account_id = :ada AND state = 'open'),
    (SELECT version FROM orders.cart WHERE account_id = :ada AND state = 'open'), gen_random_uuid(), :pot, 0, 0, :later, :now) > 0, true, 'she removes a line');
SELECT is(pg_temp.notice(:ada), NULL, 'and the notice is gone');
SELECT pg_temp.guest(8, ARRAY[:cup, :pot], ARRAY[3, 3], :now);
SELECT is(pg_temp.claim(8, :ada, :now, 1), 'merged', 'no room for another line');
SELECT is(pg_temp.lines(:ada), 'TEST-CUP:8', 'it stays out');
SELECT is(pg_temp.notice(:ada), 'merge_left_out:0', 'and that is told');
SELECT pg_temp.guest(10, ARRAY[:cup], ARRAY[3], :now);
SELECT is(pg_temp.claim(10, :ada, :now + interval '31 days'), 'none', 'a cart that nobody came back for is nobody''s');

-- orders
SELECT pg_temp.cart(1, :now) AS cart1, pg_temp.cart(2, :now) AS cart2 \gset
\set att1 '''f0000000-0000-7000-8000-000000000001''::uuid'
\set att2 '''f0000000-0000-7000-8000-000000000002''::uuid'
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, 'k1', :now), 'ok 201', 'a guest orders');
SELECT person_id AS guest FROM orders.orders WHERE id = :order1 \gset
SELECT is((SELECT account_id FROM orders.orders WHERE id = :order1), NULL, 'for no account');
SELECT is(orders.claim_v1(:ada, ARRAY[gen_random_uuid()], :later), 0, 'somebody else''s proof claims nothing');
SELECT is(orders.claim_v1(:ada, ARRAY[:'guest']::uuid[], :later), 1, 'her proof claims it');
SELECT is((SELECT account_id || ' ' || (claimed_at = :later) FROM orders.orders WHERE id = :order1), :ada || ' true', 'and it says since when');
SELECT is(orders.claim_v1(:bob, ARRAY[:'guest']::uuid[], :later), 0, 'nobody takes it away from her');
SELECT is(orders.claim_v1(:ada, ARRAY[:'guest']::uuid[], :later), 0, 'repeating it changes nothing');
UPDATE orders.cart SET account_id = 'ac000000-0000-7000-8000-000000000003', version = version + 1 WHERE id = :'cart2';
DELETE FROM orders.cart_item WHERE cart_id = :'cart2' AND variant_id = :pot;
SELECT orders.cart_item_put_v1(:'cart2', 5, gen_random_uuid(), :pot, 1, 3999, :later, :now);
SELECT is(pg_temp.checkout(:'cart2', 6, :order2, :att2, 'k2', :now), 'ok 201', 'an account orders');
SELECT is((SELECT account_id || ' ' || (claimed_at IS NULL) FROM orders.orders WHERE id = :order2), 'ac000000-0000-7000-8000-000000000003 true', 'and the order is its own');
SELECT * FROM finish();
ROLLBACK;
