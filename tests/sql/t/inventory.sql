-- Reservations, allocation, movements.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql

SELECT is(pg_temp.level(:cup), '5/0/0 3/0/0', 'stock lies in two warehouses');
SELECT is((SELECT available FROM inventory.pub_availability WHERE variant_id = :cup), 8::bigint, 'available is the sum');

-- all or nothing, warehouses by priority
SELECT is_empty(format('SELECT * FROM inventory.reserve_v1(%L, %L, %L, %L, NULL, %L)', :order1, ARRAY[:pot, :cup], ARRAY[1, 6], :expires, :now), 'six cups and a pot: reserved');
SELECT is(pg_temp.level(:cup), '5/5/0 3/1/0', 'the line is split over two warehouses, the first one first');
SELECT results_eq(format('SELECT * FROM inventory.reserve_v1(%L, %L, %L, %L, NULL, %L)', :order2, ARRAY[:pot, :cup], ARRAY[1, 3], :expires, :now),
                  format('VALUES (%L::uuid, 2::bigint)', :cup), 'three more cups: two are left, and the answer says so');
SELECT is(pg_temp.level(:pot), '2/1/0', 'the pot of that order was not kept either');
SELECT results_eq(format('SELECT variant_id FROM inventory.reserve_v1(%L, %L, %L, %L, NULL, %L)', :order2, ARRAY['f0000000-0000-7000-8000-000000000009']::uuid[], ARRAY[1], :expires, :now),
                  $$VALUES ('f0000000-0000-7000-8000-000000000009'::uuid)$$, 'a variant that was never stocked is short');
SELECT results_eq(format('SELECT * FROM inventory.reserve_v1(%L, %L, %L, %L, NULL, %L)', :order2, ARRAY[:cup, :cup], ARRAY[2, 1], :expires, :now),
                  format('VALUES (%L::uuid, 2::bigint)', :cup), 'one variant twice counts together');

-- release is idempotent
SELECT is(inventory.release_v1(:order1, 'test', :now), 3, 'three parts are given back');
SELECT is(inventory.release_v1(:order1, 'test', :now), 0, 'and only once');
SELECT is(pg_temp.level(:cup) || ' ' || pg_temp.level(:pot), '5/0/0 3/0/0 2/0/0', 'everything is free again');
SELECT is(inventory.allocate_v1(:order1, :now), false, 'what was released cannot be allocated');

-- reserve again, allocate, deallocate
SELECT is_empty(format('SELECT * FROM inventory.reserve_v1(%L, %L, %L, %L, NULL, %L)', :order1, ARRAY[:cup], ARRAY[4], :expires, :now), 'the same order reserves again');
SELECT is(inventory.allocate_v1(:order1, :now), true, 'paid: allocated');
SELECT is(inventory.allocate_v1(:order1, :now), false, 'only once');
SELECT is(pg_temp.level(:cup), '5/0/4 3/0/0', 'reserved became allocated');
SELECT is(inventory.release_v1(:order1, 'test', :now), 0, 'what is sold is not released');
SELECT is(inventory.adjust_v1(:cup, :w1, -2, 'adjust', 'broken', 'test', NULL, NULL, :now), 'below_committed', 'what is sold cannot be counted away');
SELECT is(inventory.deallocate_v1(:order1, 'canceled', :now), 1, 'a paid order that is canceled gives back');
SELECT is(pg_temp.level(:cup), '5/0/0 3/0/0', 'and can be sold again');

-- expiry
SELECT is_empty(format('SELECT * FROM inventory.reserve_v1(%L, %L, %L, %L, NULL, %L)', :order2, ARRAY[:pot], ARRAY[2], :expires, :now), 'two pots are held');
SELECT is(inventory.expire_v1(100, :expires - interval '1 microsecond'), 0, 'not before its time');
SELECT is(inventory.expire_v1(100, :expires), 1, 'at its time (windows are half-open)');
SELECT is(inventory.allocate_v1(:order2, :expires), false, 'an expired reservation is not allocated');
SELECT is(pg_temp.level(:pot), '2/0/0', 'the pots are free');

-- the books
SELECT is_empty('SELECT * FROM inventory.pub_mismatches', 'levels are what movements and reservations add up to');
SELECT throws_ok('UPDATE inventory.movements SET on_hand_delta = 0', '23001', NULL, 'movements are not changed');
SELECT throws_ok('DELETE FROM inventory.movements', '23001', NULL, 'nor deleted');
SELECT throws_ok(format('UPDATE inventory.levels SET reserved = on_hand + 1 WHERE variant_id = %L', :pot), '23514', NULL, 'the table itself refuses to be oversold');
SELECT throws_ok(format('UPDATE inventory.reservations SET status = ''active'' WHERE order_id = %L', :order2), '23001', NULL, 'a reservation does not come back');
SELECT is((SELECT string_agg(o.type, ' ' ORDER BY o.seq) FROM platform.outbox o WHERE o.object_id = :pot AND o.type <> 'stock.adjusted'),
          'stock.low stock.out stock.back', 'the pot was low, out and back, each told once')
    WHERE EXISTS (SELECT FROM inventory.stock_items WHERE variant_id = :pot AND low_threshold < 2);
SELECT is((SELECT count(*) FROM (SELECT o.seq, row_number() OVER (ORDER BY o.seq) AS n FROM platform.outbox o WHERE o.object_id = :pot) x WHERE x.seq <> x.n),
          0::bigint, 'events of an object have no gap');
SELECT is(inventory.transfer_v1(:cup, :w1, :w2, 5, NULL, 'test', NULL, NULL, :now), 'ok', 'a transfer');
SELECT is(inventory.transfer_v1(:cup, :w1, :w2, 1, NULL, 'test', NULL, NULL, :now), 'not_enough', 'not more than there is');
SELECT is(pg_temp.level(:cup), '0/0/0 8/0/0', 'moved');
SELECT throws_ok(format('UPDATE inventory.warehouses SET status = ''archived'', archived_at = %L WHERE id = %L', :now, :w2), '23001', NULL, 'a warehouse with stock is not archived');
SELECT is_empty('SELECT * FROM inventory.pub_mismatches', 'and the books still agree');
SELECT * FROM finish();
ROLLBACK;
