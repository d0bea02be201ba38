-- Checkout in one statement, and the steps of an order.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql
\set att1 '''f0000000-0000-7000-8000-000000000001''::uuid'
\set att2 '''f0000000-0000-7000-8000-000000000002''::uuid'
SELECT pg_temp.cart(1, :now) AS cart1, pg_temp.cart(2, :now) AS cart2, pg_temp.cart(3, :now) AS cart3 \gset

SELECT is(orders.cart_item_put_v1(:'cart1', 1, gen_random_uuid(), :cup, 3, 1250, :later, :now), -1, 'a cart that moved on refuses');
SELECT is(pg_temp.checkout(:'cart1', 3, :order1, :att1, 'k1', :now), 'changed', 'an old version of the cart');
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, 'k1', :now, cup_price => 1200), 'changed', 'a price that is not in force');
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, 'k1', :now, cups => 1), 'changed', 'another quantity than the cart has');
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, 'k1', :now, shipping => 490), 'changed', 'another price of shipping');
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, 'k1', '2025-06-01'), 'changed', 'a price that is not in force yet');
SELECT is((SELECT count(*) FROM orders.orders), 0::bigint, 'nothing of that left an order');
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, 'k1', :now), 'ok 201', 'ordered');
SELECT is(pg_temp.level(:cup) || ' ' || pg_temp.level(:pot), '5/2/0 3/0/0 2/1/0', 'the stock is held');
SELECT is(pg_temp.checkout(:'cart1', 4, :order2, :att2, 'k1', :now), 'replay 201', 'the same key answers the same');
SELECT is(pg_temp.checkout(:'cart1', 4, :order2, :att2, 'k1', :now, body => 'other'), 'mismatch', 'the same key with another body');
SELECT is(pg_temp.checkout(:'cart1', 5, :order2, :att2, 'k2', :now), 'ordered', 'another key: the cart is an order already');
SELECT is((SELECT count(*) FROM orders.orders), 1::bigint, 'one order');
SELECT is((SELECT count(*) FROM payment.attempt WHERE order_id = :order1), 1::bigint, 'with one payment attempt');
SELECT is((SELECT string_agg(type, ' ') FROM platform.outbox WHERE object_id = :order1), 'order.placed', 'and one event');
SELECT is((SELECT count(*) FROM orders.order_line WHERE order_id = :order1 AND sku LIKE 'TEST-%'), 2::bigint, 'and its lines');

-- sold out: nothing stays behind, the key stays free
SELECT is(pg_temp.checkout(:'cart2', 4, :order2, :att2, 'k3', :now), 'ok 201', 'a second buyer takes the last pot');
SELECT is(pg_temp.checkout(:'cart3', 4, 'a0000000-0000-7000-8000-000000000003', 'f0000000-0000-7000-8000-000000000003', 'k4', :now), 'sold_out short 0', 'the third is told what is short');
SELECT is((SELECT count(*) FROM orders.orders), 2::bigint, 'no order of it');
SELECT is((SELECT state FROM orders.cart WHERE id = :'cart3'), 'open', 'the cart is as it was');
SELECT is((SELECT count(*) FROM payment.attempt), 2::bigint, 'no attempt');

-- paid
SELECT is(orders.payment_secured_v1(:order1, :att1, 6498, 'EUR', 'system', NULL, NULL, :now), 'mismatch', 'another amount');
SELECT is(orders.payment_secured_v1(:order1, :att1, 6499, 'USD', 'system', NULL, NULL, :now), 'mismatch', 'another currency');
SELECT is(orders.payment_secured_v1(:order1, :att1, 6499, 'EUR', 'system', NULL, NULL, :now), 'ok', 'paid');
SELECT is(orders.payment_secured_v1(:order1, :att1, 6499, 'EUR', 'system', NULL, NULL, :now), 'already', 'the same news again');
SELECT is(orders.payment_secured_v1(:order1, :att2, 6499, 'EUR', 'system', NULL, NULL, :now), 'mismatch', 'another attempt for a paid order');
SELECT is(pg_temp.level(:pot), '2/1/1', 'its pot is sold, the other one held');
SELECT is(orders.cancel_unpaid_v1(:order1, 'expired', NULL, NULL, :now), 'not_pending', 'a paid order is not canceled as unpaid');

-- expired, but paid after all: reserved again, or not
SELECT is(inventory.expire_v1(10, :later), 2, 'the second order lost its stock');
SELECT is(orders.cancel_unpaid_v1(:order2, 'expired', NULL, NULL, :later), 'attempt_open', 'but lives while its attempt does');
SAVEPOINT before;
SELECT is(orders.payment_secured_v1(:order2, :att2, 6499, 'EUR', 'system', NULL, NULL, :later), 'ok', 'late money: stock is taken again');
SELECT is(pg_temp.level(:pot), '2/0/2', 'and sold');
ROLLBACK TO before;
SELECT is(inventory.adjust_v1(:pot, :w1, -1, 'adjust', 'broken', 'test', NULL, NULL, :later), 'ok', 'the last pot breaks');
SELECT is(orders.payment_secured_v1(:order2, :att2, 6499, 'EUR', 'system', NULL, NULL, :later), 'no_stock', 'late money without stock');
SELECT is((SELECT state || ' ' || cancel_reason FROM orders.orders WHERE id = :order2), 'canceled no_stock', 'cancels the order');
SELECT is(orders.payment_secured_v1(:order2, :att2, 6499, 'EUR', 'system', NULL, NULL, :later), 'canceled', 'and says so the next time');
SELECT is(pg_temp.level(:cup), '5/0/2 3/0/0', 'nothing is held for it');

-- what the tables refuse
SELECT throws_ok(format('UPDATE orders.orders SET state = ''pending_payment'' WHERE id = %L', :order1), '23514', NULL, 'no way back');
SELECT throws_ok(format('UPDATE orders.orders SET state = ''paid'' WHERE id = %L', :order2), '23514', NULL, 'canceled is the end');
SELECT throws_ok(format('UPDATE orders.orders SET total = 1 WHERE id = %L', :order1), '23514', NULL, 'what was agreed never changes');
SELECT throws_ok('DELETE FROM orders.orders', '23514', NULL, 'orders are not deleted');
SELECT throws_ok('UPDATE orders.order_line SET quantity = 1', '23514', NULL, 'lines never change');
SELECT is((SELECT count(*) FROM (SELECT o.seq, row_number() OVER (PARTITION BY o.object_id ORDER BY o.seq) AS n FROM platform.outbox o) x WHERE x.seq <> x.n),
          0::bigint, 'events of every object have no gap');
SELECT is_empty('SELECT * FROM inventory.pub_mismatches', 'the stock''s books agree');

-- the shopper cancels
SELECT pg_temp.cart(4, :later) AS cart4 \gset
SELECT inventory.adjust_v1(:pot, :w1, 5, 'receive', NULL, 'test', NULL, NULL, :later) \g /dev/null
SELECT is(pg_temp.checkout(:'cart4', 4, 'a0000000-0000-7000-8000-000000000004', 'f0000000-0000-7000-8000-000000000004', NULL, :later), 'ok 201', 'without a key, too');
SELECT is(orders.cancel_by_shopper_v1('a0000000-0000-7000-8000-000000000004', 'guest', NULL, NULL, :later), 'requested', 'the provider is asked first');
SELECT is((SELECT kind || ' ' || state FROM payment.command WHERE attempt_id = 'f0000000-0000-7000-8000-000000000004'), 'release open', 'by a command');
SELECT is(orders.cancel_by_shopper_v1('a0000000-0000-7000-8000-000000000004', 'guest', NULL, NULL, :later), 'requested', 'asking twice asks once');
SELECT is((SELECT count(*) FROM payment.command WHERE attempt_id = 'f0000000-0000-7000-8000-000000000004'), 1::bigint, 'one command');
SELECT is(payment.fail_v1('f0000000-0000-7000-8000-000000000004', 'canceled', NULL, NULL, NULL, :later, :later), 'ok', 'the attempt ends without money');
SELECT is((SELECT state FROM orders.orders WHERE id = 'a0000000-0000-7000-8000-000000000004'), 'canceled', 'and with it the order');
SELECT is(orders.cancel_by_shopper_v1('a0000000-0000-7000-8000-000000000004', 'guest', NULL, NULL, :later), 'already', 'once more: done already');

-- she cancels while the money is on its way: when it arrives, the order is canceled, and the caller gives the money back
SELECT pg_temp.cart(5, :later) AS cart5 \gset
SELECT is(pg_temp.checkout(:'cart5', 4, 'a0000000-0000-7000-8000-000000000005', 'f0000000-0000-7000-8000-000000000005', NULL, :later), 'ok 201', 'one more order');
SELECT is(orders.cancel_by_shopper_v1('a0000000-0000-7000-8000-000000000005', 'guest', NULL, NULL, :later), 'requested', 'the provider is asked first');
SELECT is(orders.payment_secured_v1('a0000000-0000-7000-8000-000000000005', 'f0000000-0000-7000-8000-000000000005', 6498, 'EUR', 'system', NULL, NULL, :later), 'mismatch',
          'money of another amount decides nothing');
SELECT is(orders.payment_secured_v1('a0000000-0000-7000-8000-000000000005', 'f0000000-0000-7000-8000-000000000005', 6499, 'EUR', 'system', NULL, NULL, :later), 'canceled',
          'what she no longer wants is not paid');
SELECT is((SELECT state || ' ' || cancel_reason FROM orders.orders WHERE id = 'a0000000-0000-7000-8000-000000000005'), 'canceled shopper', 'but canceled');
SELECT is(pg_temp.level(:cup), '5/0/2 3/0/0', 'and its stock is free');
SELECT * FROM finish();
ROLLBACK;
