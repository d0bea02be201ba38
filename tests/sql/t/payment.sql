-- Operations before calls, answers, the ledger. The calls are made as the roles that make them.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;
\ir ../lib/fixture.sql
\set att1 '''f0000000-0000-7000-8000-000000000001''::uuid'
\set att2 '''f0000000-0000-7000-8000-000000000002''::uuid'
\set op1 '''99000000-0000-7000-8000-000000000001''::uuid'
\set op2 '''99000000-0000-7000-8000-000000000002''::uuid'
\set op3 '''99000000-0000-7000-8000-000000000003''::uuid'
SELECT pg_temp.cart(1, :now) AS cart1 \gset
SELECT is(pg_temp.checkout(:'cart1', 4, :order1, :att1, NULL, :now), 'ok 201', 'an order');

SELECT is(payment.attempt_create_v1(:att2, :order1, 'sandbox', 6499, 'EUR', 'tok_ok', :now), 'open_exists', 'one open attempt at a time');
SELECT is((SELECT outcome FROM payment.begin_v1(:att1, :op1, 'authorize', NULL, '\x01', 30, NULL, NULL, :now, :now)), 'go', 'the operation is a row before it is a call');
SELECT is((SELECT outcome FROM payment.begin_v1(:att1, :op2, 'authorize', NULL, '\x01', 30, NULL, NULL, :now, :now)), 'busy', 'a second call has to wait');
SELECT is((SELECT outcome FROM payment.begin_v1(gen_random_uuid(), :op2, 'authorize', NULL, NULL, 30, NULL, NULL, :now, :now)), 'absent', 'no such attempt');

-- declined, another try
SELECT is((SELECT state || ' ' || order_result FROM payment.finish_v1(:op1, 'answered', 'card_declined', 'ref1', 'failed', 6499, 'EUR', 0, 0, NULL, true, 30, NULL, NULL, :now, :now)), 'failed ok', 'declined');
SELECT is((SELECT state FROM orders.orders WHERE id = :order1), 'pending_payment', 'the order waits for another try');
SELECT is(payment.retry_v1(:att2, :order1, 'sandbox', 'tok_ok', :now), 'ok', 'another attempt for the same order');
SELECT is((SELECT n FROM payment.attempt WHERE id = :att2), 2, 'it is the second');
SELECT is((SELECT outcome FROM payment.begin_v1(:att2, :op2, 'authorize', NULL, '\x02', 30, NULL, NULL, :now, :now)), 'go', 'called');

-- no answer, then authorized as the sweeper finds out; ledger and order move in the same transaction
SELECT is((SELECT state FROM payment.finish_v1(:op2, 'unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, 30, NULL, NULL, :now, :now)), 'created', 'the answer was lost');
SET LOCAL SESSION AUTHORIZATION souk_jobs_payment;
SELECT is((SELECT count(*) FROM payment.sweep_claim_v1(10, 30, :now + interval '2 seconds', :now)), 1::bigint, 'the sweeper claims it');
SELECT is((SELECT count(*) FROM payment.sweep_claim_v1(10, 30, :now + interval '2 seconds', :now)), 0::bigint, 'and nobody else at the same time');
SELECT is((SELECT state || ' ' || order_result FROM payment.observe_v1(:att2, NULL, 'ref2', 'authorized', 6499, 'EUR', 0, 0, NULL, true, NULL, NULL, :now, :now)), 'authorized ok', 'the provider says: authorized');
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'the ledger balances, seen with the rights of the role that commits');
SET CONSTRAINTS ALL DEFERRED;
SELECT is((SELECT state || ' ' || order_result FROM payment.observe_v1(:att2, NULL, 'ref2', 'authorized', 6499, 'EUR', 0, 0, NULL, true, NULL, NULL, :now, :now)), 'authorized ', 'the same news changes nothing');
RESET SESSION AUTHORIZATION;
SELECT is((SELECT state FROM orders.orders WHERE id = :order1), 'paid', 'the order is paid');
SELECT is((SELECT state FROM payment.operation WHERE id = :op2), 'done', 'the lost answer is settled');
SELECT is((SELECT string_agg(kind || ' ' || reason, ',') FROM payment.command), 'capture at_order', 'the capture is commanded once');
SELECT is((SELECT outcome FROM payment.begin_v1(:att2, :op3, 'void', NULL, NULL, 30, NULL, NULL, :now, :now)), 'paid', 'the money under a paid order is not given back');

-- captured, out of order and repeated
SET LOCAL SESSION AUTHORIZATION souk_payment;
SELECT is((SELECT state FROM payment.observe_v1(:att2, NULL, 'ref2', 'captured', 6499, 'EUR', 6499, 0, NULL, true, NULL, NULL, :now, :now)), 'captured', 'captured');
SELECT is((SELECT state FROM payment.observe_v1(:att2, NULL, 'ref2', 'authorized', 6499, 'EUR', 0, 0, NULL, true, NULL, NULL, :now, :now)), 'captured', 'older news does not lead back');
SELECT is((SELECT state FROM payment.observe_v1(:att2, NULL, 'ref2', 'captured', 6499, 'EUR', 6499, 1000, NULL, true, NULL, NULL, :now, :now)), 'captured', 'a part is refunded there');
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'the ledger still balances for the pool''s role');
SET CONSTRAINTS ALL DEFERRED;
RESET SESSION AUTHORIZATION;
SELECT is((SELECT string_agg(x.account || '=' || x.sum, ' ' ORDER BY x.account) FROM (SELECT account, sum(amount) FROM payment.ledger_entry GROUP BY account HAVING sum(amount) <> 0) x),
          'clearing:sandbox=5499 sales=-5499', 'the ledger says what the provider says');
SELECT throws_ok('UPDATE payment.ledger_entry SET amount = 1', '23514', NULL, 'the ledger is append-only');
SELECT throws_ok('DELETE FROM payment.ledger_transaction', '23514', NULL, 'both tables');
PREPARE lopsided AS INSERT INTO payment.ledger_transaction VALUES ('77000000-0000-7000-8000-000000000001', 'capture', :att2, :order1, NULL, :now);
SELECT lives_ok('EXECUTE lopsided', 'a transaction without entries is written');
SELECT throws_ok('SET CONSTRAINTS ALL IMMEDIATE', '23514', NULL, 'but not committed');
SELECT throws_ok(format('UPDATE payment.attempt SET state = ''created'' WHERE id = %L', :att2), '23514', NULL, 'an attempt never goes back');
SELECT throws_ok(format('UPDATE payment.attempt SET amount = 1 WHERE id = %L', :att1), '23514', NULL, 'nor changes its amount');

-- another amount than agreed: flagged and given back
SELECT is((SELECT count(*) FROM payment.inbound_event), 0::bigint, 'no news so far');
SELECT is(payment.event_store_v1(gen_random_uuid(), 'sandbox', 'evt1', 'x', 'ref2', NULL, NULL, :now), 'stored', 'news is stored');
SELECT is(payment.event_store_v1(gen_random_uuid(), 'sandbox', 'evt1', 'x', 'ref2', NULL, NULL, :now), 'known', 'once');
SELECT is(payment.event_store_v1(gen_random_uuid(), 'sandbox', 'evt2', 'x', 'ref2', NULL, 'captured', :now), 'expected', 'what the provider itself said before needs no question');
SELECT is(payment.event_store_v1(gen_random_uuid(), 'sandbox', 'evt3', 'x', 'ref2', NULL, 'authorized', :now), 'expected', 'nor what came before that');
SELECT is(payment.event_store_v1(gen_random_uuid(), 'sandbox', 'evt4', 'x', 'ref2', NULL, 'voided', :now), 'stored', 'another state does');
SELECT is(payment.event_store_v1(gen_random_uuid(), 'other', 'evt5', 'x', 'ref2', NULL, 'captured', :now), 'stored', 'so does another provider''s payment');
SELECT is((SELECT string_agg(provider_event || ' ' || state || ' ' || (finished_at IS NOT NULL), ',' ORDER BY provider_event) FROM payment.inbound_event),
          'evt1 open false,evt2 done true,evt3 done true,evt4 open false,evt5 open false', 'and only that is kept open');
UPDATE payment.inbound_event SET state = 'done' WHERE provider_event IN ('evt4', 'evt5');
SELECT is((SELECT attempt_id FROM payment.event_claim_v1(10, 30, :now)), :att2, 'and claimed with its attempt');
SELECT is((SELECT count(*) FROM payment.event_claim_v1(10, 30, :now)), 0::bigint, 'by one worker at a time');
SELECT * FROM finish();
ROLLBACK;
