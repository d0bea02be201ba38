-- Events, idempotency, jobs, audit, partitions, the clock.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\set now '''2026-06-01 12:00:00+00''::timestamptz'
\set obj '''a0000000-0000-7000-8000-000000000001''::uuid'
\set job1 '''b0000000-0000-7000-8000-000000000001''::uuid'
\set job2 '''b0000000-0000-7000-8000-000000000002''::uuid'

-- the outbox and its feed
SELECT platform.emit_v1('order', :obj, n, 'order.paid', 1, '{}', NULL, NULL, NULL, :now) FROM generate_series(1, 5) n \g /dev/null
SELECT is(platform.relay_v1(3, :now), 3, 'the relay takes what it may');
SELECT is(platform.relay_v1(10, :now), 2, 'and the rest');
SELECT is(platform.relay_v1(10, :now), 0, 'and then nothing');
SELECT is((SELECT string_agg(seq || '@' || position, ' ' ORDER BY position) FROM platform.feed_v1(0, 10)), '1@1 2@2 3@3 4@4 5@5', 'positions without gaps, in the order of seq');
SELECT is((SELECT count(*) FROM platform.consumer_read_v1('mail', 2, :now)), 2::bigint, 'a reader begins at the start');
SELECT platform.consumer_advance_v1('mail', 2, :now) \g /dev/null
SELECT is((SELECT min(position) FROM platform.consumer_read_v1('mail', 2, :now)), 3::bigint, 'and goes on where it was');
SELECT throws_ok($$SELECT platform.consumer_advance_v1('mail', 1, '2026-06-01')$$, 'P0001', NULL, 'never back');
SELECT throws_ok($$SELECT platform.emit_v1('order', gen_random_uuid(), 1, 'order.Paid', 1, '{}', NULL, NULL, NULL, '2026-06-01')$$, '23514', NULL, 'types are in lower case');

-- idempotency
SELECT is((SELECT outcome FROM platform.idem_begin_v1('s', 'k', 'h', :now)), 'fresh', 'a new key');
SELECT platform.idem_start_v1('s', 'k', 'h', '{"attempt": 1}', :now) \g /dev/null
SELECT is((SELECT outcome || ' ' || result FROM platform.idem_begin_v1('s', 'k', 'h', :now)), 'started {"attempt": 1}', 'recorded before the call');
SELECT platform.idem_finish_v1('s', 'k', 'h', 201, '{"id": 1}', :now) \g /dev/null
SELECT is((SELECT outcome || ' ' || status || ' ' || result FROM platform.idem_begin_v1('s', 'k', 'h', :now)), 'replay 201 {"id": 1}', 'answered from the result');
SELECT is((SELECT outcome FROM platform.idem_begin_v1('s', 'k', 'other', :now)), 'mismatch', 'another body');
SELECT is((SELECT outcome FROM platform.idem_begin_v1('s2', 'k', 'h', :now)), 'fresh', 'another scope');
SELECT is((SELECT outcome FROM platform.idem_begin_v1('s', 'k', 'h', :now + interval '24 hours 1 second')), 'fresh', 'forgotten after 24 hours');
SELECT platform.idem_finish_v1('s', 'k', 'h', 500, '{"id": 2}', :now + interval '1 second') \g /dev/null
SELECT is((SELECT status || ' ' || result FROM platform.idem_begin_v1('s', 'k', 'h', :now + interval '2 seconds')), '201 {"id": 1}', 'the first answer stays');

-- jobs
SELECT is(platform.job_enqueue_v1(:job1, 'core', 'mail.send', 'order:1', '{"a": 1}', NULL, 3, NULL, NULL, :now), true, 'a job');
SELECT is(platform.job_enqueue_v1(gen_random_uuid(), 'core', 'mail.send', 'order:1', '{}', NULL, 3, NULL, NULL, :now), false, 'only one of its kind');
SELECT is(platform.job_enqueue_v1(:job2, 'core', 'mail.send', NULL, '{}', :now + interval '1 hour', 1, NULL, NULL, :now), true, 'one for later');
SELECT is((SELECT string_agg(id || ' ' || attempt, ',') FROM platform.job_claim_v1('core', 'w1', 10, 1000, :now, :now)), :job1 || ' 1', 'what is due is claimed');
SELECT is((SELECT count(*) FROM platform.job_claim_v1('core', 'w2', 10, 1000, :now, :now)), 0::bigint, 'once');
SELECT is((SELECT attempt FROM platform.job_claim_v1('core', 'w2', 10, 1000, :now, :now + interval '1 second')), 2, 'a lost lease is claimed again');
SELECT is(platform.job_finish_v1(:job1, 1, :now), false, 'the first worker comes too late');
SELECT is(platform.job_extend_v1(:job1, 2, 60000, :now), true, 'the second asks for more time');
SELECT is(platform.job_fail_v1(:job1, 2, 'no luck', :now + interval '1 minute', :now), 'retry', 'and fails');
SELECT is((SELECT count(*) FROM platform.job_claim_v1('core', 'w1', 10, 1000, :now, :now)), 0::bigint, 'not before its time');
SELECT is((SELECT attempt FROM platform.job_claim_v1('core', 'w1', 10, 1000, :now + interval '1 minute', :now)), 3, 'the third attempt');
SELECT is(platform.job_fail_v1(:job1, 3, 'no luck', :now, :now), 'dead', 'was the last');
SELECT is((SELECT count(*) FROM platform.job_claim_v1('core', 'w1', 10, 1000, :now + interval '2 hours', :now)), 1::bigint, 'the other one is due');
SELECT is((SELECT count(*) FROM platform.job_claim_v1('core', 'w1', 10, 1000, :now + interval '2 hours', :now + interval '1 hour')), 0::bigint, 'a lost last attempt is not repeated');
SELECT is((SELECT state FROM platform.job WHERE id = :job2), 'dead', 'but dead');
SELECT is(platform.job_finish_v1(:job2, 1, :now), false, 'and stays so');

-- audit
SELECT platform.audit_v1('staff:1', 'price.set', 'variant', :obj, '{"n": 1}', NULL, NULL, :now) FROM generate_series(1, 4) \g /dev/null
SELECT is(platform.audit_seal_v1(3) + platform.audit_seal_v1(10), 4, 'sealed in two goes');
SELECT is(platform.audit_broken_v1(0), NULL, 'the chain holds');
ALTER TABLE platform.audit DISABLE TRIGGER USER;
UPDATE platform.audit SET detail = '{"n": 2}' WHERE chain_number = 3;
SELECT is(platform.audit_broken_v1(0), 3::bigint, 'a changed row shows');
SELECT is(platform.audit_broken_v1(3), NULL, 'behind it the chain holds by itself');
DELETE FROM platform.audit WHERE chain_number = 4;
ALTER TABLE platform.audit ENABLE TRIGGER USER;
SELECT is(platform.audit_broken_v1(3), 4::bigint, 'a missing end shows');

-- partitions
SELECT is((SELECT made > 0 FROM platform.partitions_v1('2030-01-15 10:00:00+00')), true, 'partitions are made ahead');
SELECT is((SELECT made + dropped FROM platform.partitions_v1('2030-01-15 10:00:00+00')), 0, 'and only once');
SELECT has_table('platform'::name, 'outbox_20300122'::name, 'a week ahead');
SELECT platform.emit_v1('order', :obj, 6, 'order.paid', 1, '{}', NULL, NULL, NULL, '2031-05-05 05:05:00+00') \g /dev/null
SELECT is((SELECT tableoid::regclass::text FROM platform.outbox WHERE seq = 6 AND object_id = :obj), 'platform.outbox_default', 'a moved clock writes into the default partition');
SELECT platform.partitions_v1('2031-05-05 00:00:00+00') \g /dev/null
SELECT is((SELECT tableoid::regclass::text FROM platform.outbox WHERE seq = 6 AND object_id = :obj), 'platform.outbox_20310505', 'which gives it to its own later');
SELECT is((SELECT count(*) FROM pg_class WHERE relname LIKE 'idempotency\_2030%' AND relkind = 'r'), 0::bigint, 'what is over is dropped');
SELECT platform.partitions_v1('2031-08-05 00:00:00+00') \g /dev/null
SELECT is((SELECT count(*) FROM platform.outbox WHERE seq = 6 AND object_id = :obj), 1::bigint, 'an event that was not relayed is never dropped');
SELECT is(platform.relay_v1(10, :now), 1, 'then it is relayed');
SELECT platform.partitions_v1('2031-08-05 00:00:00+00') \g /dev/null
SELECT is((SELECT count(*) FROM platform.outbox WHERE seq = 6 AND object_id = :obj), 0::bigint, 'and goes');

-- the clock
SELECT ok(abs(extract(epoch FROM platform.clock() - clock_timestamp())) < 1, 'the clock is right');
SELECT platform.clock_set_v1(3600000000, 'test', NULL, :now) \g /dev/null
SELECT ok(abs(extract(epoch FROM platform.clock() - clock_timestamp()) - 3600) < 1, 'an hour ahead');
SELECT throws_ok('SELECT platform.clock_set_v1(400000000000000, ''test'', NULL, ''2026-06-01'')', '22003', NULL, 'not further than ten years');
SELECT * FROM finish();
ROLLBACK;
