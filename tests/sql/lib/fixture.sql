-- A small shop inside the test's transaction: two variants with prices and stock, and functions that shop.
-- \ir it behind BEGIN and the search_path. Time stands at :now; ids are speaking.
\set now '''2026-06-01 12:00:00+00''::timestamptz'
\set expires '''2026-06-01 12:15:00+00''::timestamptz'
\set later '''2026-06-01 13:00:00+00''::timestamptz'
\set cup '''c0000000-0000-7000-8000-000000000001''::uuid'
\set pot '''c0000000-0000-7000-8000-000000000002''::uuid'
\set w1 '''01900000-0000-7000-8000-000000000301''::uuid'
\set w2 '''01900000-0000-7000-8000-000000000302''::uuid'
\set order1 '''a0000000-0000-7000-8000-000000000001''::uuid'
\set order2 '''a0000000-0000-7000-8000-000000000002''::uuid'

INSERT INTO catalog.products (id, status, slug, published_at, created_at, updated_at)
    VALUES ('b0000000-0000-7000-8000-000000000001', 'active', 'test-tableware', :now, :now, :now);
INSERT INTO catalog.product_texts (product_id, locale, name) VALUES ('b0000000-0000-7000-8000-000000000001', 'en', 'Test tableware');
INSERT INTO catalog.variants (id, product_id, sku, weight_g, created_at, updated_at) VALUES
    (:cup, 'b0000000-0000-7000-8000-000000000001', 'TEST-CUP', 300, :now, :now),
    (:pot, 'b0000000-0000-7000-8000-000000000001', 'TEST-POT', 900, :now, :now);
INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, valid_from, created_at) VALUES
    ('d0000000-0000-7000-8000-000000000001', :cup, '01900000-0000-7000-8000-000000000101', 'EUR', 1250, '2026-01-01 00:00:00+00', :now),
    ('d0000000-0000-7000-8000-000000000002', :pot, '01900000-0000-7000-8000-000000000101', 'EUR', 3999, '2026-01-01 00:00:00+00', :now);
INSERT INTO inventory.warehouses (id, code, name, country, priority, created_at, updated_at) VALUES (:w2, 'second', 'Second', 'DE', 1, :now, :now);
SELECT inventory.adjust_v1(:cup, :w1, 5, 'receive', NULL, 'test', NULL, NULL, :now), inventory.adjust_v1(:cup, :w2, 3, 'receive', NULL, 'test', NULL, NULL, :now),
       inventory.adjust_v1(:pot, :w1, 2, 'receive', NULL, 'test', NULL, NULL, :now) \g /dev/null

-- on_hand/reserved/allocated of a variant, warehouse by warehouse
CREATE FUNCTION pg_temp.level(variant uuid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(l.on_hand || '/' || l.reserved || '/' || l.allocated, ' ' ORDER BY w.priority)
    FROM inventory.levels l JOIN inventory.warehouses w ON w.id = l.warehouse_id WHERE l.variant_id = variant
$$;

-- A cart with a cup and a pot, ready for checkout, its token 32 times the digit.
CREATE FUNCTION pg_temp.cart(digit int, t timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v uuid := ('e0000000-0000-7000-8000-00000000000' || digit)::uuid;
BEGIN
    INSERT INTO orders.cart (id, token_hash, market_id, expires_at, created_at, updated_at)
        VALUES (v, decode(repeat('0' || digit, 32), 'hex'), '01900000-0000-7000-8000-000000000201', t + interval '30 days', t, t);
    PERFORM orders.cart_item_put_v1(v, 1, gen_random_uuid(), 'c0000000-0000-7000-8000-000000000001', 2, 1250, t + interval '30 days', t);
    PERFORM orders.cart_item_put_v1(v, 2, gen_random_uuid(), 'c0000000-0000-7000-8000-000000000002', 1, 3999, t + interval '30 days', t);
    PERFORM orders.cart_details_put_v1(v, 3, gen_random_uuid(), decode(repeat('ab', 32), 'hex'), '\x01', NULL, '\x02', 'DE', '10', 
                                       '01900000-0000-7000-8000-000000000401', t + interval '30 days', t);
    RETURN v;
END
$$;

-- Checkout of such a cart with the amounts that the domain would compute: 2 x 12.50 + 39.99 = 64.99, over 60.00 ships free.
CREATE FUNCTION pg_temp.checkout(cart uuid, cart_version int, new_order uuid, attempt uuid, key text, t timestamptz,
                                 cup_price bigint DEFAULT 1250, cups int DEFAULT 2, body text DEFAULT 'body', shipping bigint DEFAULT 0) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    SELECT * INTO r FROM orders.checkout_v1('cart:' || cart, key, body, cart, cart_version, new_order, 'ABC' || right(new_order::text, 3), attempt,
        'sandbox', 'tok_ok', NULL, 'EUR', true,
        ARRAY[gen_random_uuid(), gen_random_uuid()],
        ARRAY['c0000000-0000-7000-8000-000000000001', 'c0000000-0000-7000-8000-000000000002']::uuid[], ARRAY[cups, 1],
        ARRAY['d0000000-0000-7000-8000-000000000001', 'd0000000-0000-7000-8000-000000000002']::uuid[], ARRAY[cup_price, 3999], ARRAY[0, 0]::bigint[],
        ARRAY[190000, 190000], ARRAY[cups * cup_price - 399, 3360], ARRAY[399, 639]::bigint[], ARRAY[cups * cup_price, 3999],
        cups * cup_price + 3999, 0, shipping, 190000, 0, 1038, cups * cup_price + 3999 + shipping,
        1, '{}', t + interval '15 minutes', jsonb_build_object('order_id', new_order), 'guest', 'req_test', NULL, t);
    RETURN r.outcome || coalesce(' ' || r.status, '') || coalesce(' short ' || array_to_string(r.available, ','), '');
END
$$;
