-- Challenges, tries, the beginning of accounts, messages about anything.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\set now '''2026-06-01 12:00:00+00''::timestamptz'
\set ch '''c0000000-0000-7000-8000-000000000001''::uuid'
\set acc '''a0000000-0000-7000-8000-000000000001''::uuid'
\set per '''b0000000-0000-7000-8000-000000000001''::uuid'
\set hash 'sha256(''one'')'

-- tries
SELECT is((SELECT array_agg(identity.throttle_try_v1(ARRAY[sha256('k')], ARRAY[5], ARRAY[0], 900, :now)) FROM generate_series(1, 7)), ARRAY[0, 0, 0, 0, 0, 1, 1], 'five are free, then wait');
SELECT is(identity.throttle_try_v1(ARRAY[sha256('k')], ARRAY[5], ARRAY[0], 900, :now + interval '1 second'), 0, 'after the wait one more');
SELECT is(identity.throttle_try_v1(ARRAY[sha256('k')], ARRAY[5], ARRAY[0], 900, :now + interval '1 second'), 2, 'and twice the wait');
UPDATE identity.throttle SET failures = 200 WHERE key = sha256('k');
SELECT is(identity.throttle_try_v1(ARRAY[sha256('k')], ARRAY[5], ARRAY[0], 900, :now + interval '4 seconds'), 0, 'however many');
SELECT is(identity.throttle_try_v1(ARRAY[sha256('k')], ARRAY[5], ARRAY[0], 900, :now + interval '4 seconds'), 900, 'a quarter of an hour at most');
SELECT is(identity.throttle_try_v1(ARRAY[sha256('other'), sha256('k')], ARRAY[5, 5], ARRAY[0, 0], 900, :now + interval '4 seconds'), 900, 'one locked key refuses');
SELECT is((SELECT failures FROM identity.throttle WHERE key = sha256('other')), 0, 'and then no key counts');
SELECT identity.throttle_clear_v1(sha256('k'), NULL, :now) \g /dev/null
SELECT is((SELECT count(*) FROM identity.throttle WHERE key = sha256('k')), 0::bigint, 'success forgets');
SELECT is((SELECT array_agg(identity.throttle_try_v1(ARRAY[sha256('n')], ARRAY[3], ARRAY[6], 900, :now + n * interval '6 seconds')) FROM generate_series(1, 20) n), array_fill(0, ARRAY[20]),
          'a network gets back one in its time');

-- challenges and their mails
SELECT is((SELECT array_agg(identity.challenge_begin_v1(gen_random_uuid(), 'register', NULL, :hash, '\x01', NULL, NULL, sha256('s'), NULL, 'de', 'verify_email', false, gen_random_uuid(), 5,
          :now + interval '1 day', 'req', NULL, :now)) FROM generate_series(1, 6)), ARRAY[true, true, true, true, true, false], 'five mails an hour for one address');
SELECT is((SELECT count(*) FROM notification.message WHERE kind = 'verify_email' AND subject_type = 'challenge' AND locale = 'de'), 5::bigint, 'each is owed');
SELECT is((SELECT array_agg(c.sends ORDER BY c.sends) FROM identity.challenge c WHERE c.email_hash = :hash), ARRAY[0, 1, 1, 1, 1, 1], 'the sixth has no code');
SELECT ok(identity.challenge_begin_v1(:ch, 'register', NULL, :hash, '\x01', NULL, 'x', sha256('s'), NULL, NULL, 'verify_email', false, gen_random_uuid(), 5, :now + interval '25 hours',
          NULL, NULL, :now + interval '1 hour'), 'an hour later again');
SELECT ok(NOT identity.challenge_resend_v1(:ch, 'register', sha256('t'), gen_random_uuid(), 5, NULL, NULL, :now + interval '1 hour'), 'only its holder asks for another');
SELECT ok(identity.challenge_resend_v1(:ch, 'register', sha256('s'), gen_random_uuid(), 5, NULL, NULL, :now + interval '1 hour'), 'the holder gets one');

-- accounts
INSERT INTO identity.person (id, email_hash, created_at, updated_at) VALUES (:per, :hash, :now, :now);
SELECT is(identity.account_begin_v1(:ch, :acc, :per, :hash, '\x02', NULL, NULL, 'x', NULL, true, false, 'guest', NULL, NULL, :now + interval '2 hours'), 'ok', 'an account begins');
SELECT is((SELECT kind || ' ' || (account_id = :acc) FROM identity.person WHERE id = :per), 'claimed true', 'and claims its person');
SELECT is((SELECT num_nonnulls(email, name, password) FROM identity.challenge WHERE id = :ch), 0, 'its challenge is emptied');
SELECT is(identity.account_begin_v1(:ch, gen_random_uuid(), :per, sha256('two'), '\x02', NULL, NULL, 'x', NULL, true, false, 'guest', NULL, NULL, :now), 'claimed', 'a person belongs to one');
SELECT is(identity.account_begin_v1(NULL, gen_random_uuid(), :per, :hash, '\x02', NULL, NULL, 'x', NULL, true, false, 'guest', NULL, NULL, :now), 'exists', 'an address belongs to one');
SELECT identity.person_make_v1('b0000000-0000-7000-8000-000000000002', :now) \g /dev/null
SELECT is(identity.account_begin_v1(:ch, gen_random_uuid(), 'b0000000-0000-7000-8000-000000000002', sha256('two'), '\x02', NULL, NULL, 'x', NULL, true, false, 'guest', NULL, NULL, :now), 'used',
          'a challenge is met once');
SELECT is((SELECT count(*) FROM identity.account WHERE email_hash = sha256('two')), 0::bigint, 'and leaves nothing behind');
INSERT INTO identity.person (id, email_hash, created_at, updated_at) VALUES ('b0000000-0000-7000-8000-000000000003', :hash, :now, :now);
SELECT is(cardinality(identity.claim_guests_v1(:acc, :now)), 2, 'a guest of the address joins');

-- failed sign-ins: one mail per episode, the same rows for nobody
SELECT identity.throttle_try_v1(ARRAY[sha256('l')], ARRAY[5], ARRAY[0], 900, :now) FROM generate_series(1, 5) \g /dev/null
SELECT is((SELECT array_agg(identity.sign_in_failed_v1(:acc, :hash, sha256('l'), 5, gen_random_uuid(), gen_random_uuid(), NULL, '192.0.2.0', NULL, NULL, :now)) FROM generate_series(1, 3)),
          ARRAY[true, false, false], 'told once');
SELECT identity.throttle_try_v1(ARRAY[sha256('m')], ARRAY[5], ARRAY[0], 900, :now) FROM generate_series(1, 5) \g /dev/null
SELECT ok(identity.sign_in_failed_v1(NULL, sha256('nobody'), sha256('m'), 5, gen_random_uuid(), gen_random_uuid(), NULL, NULL, NULL, NULL, :now), 'for nobody the same work');
SELECT is((SELECT string_agg(state || ' ' || coalesce(last_error, '-'), ', ' ORDER BY state) FROM notification.message WHERE kind = 'sign_in_locked'), 'dropped nobody, queued -', 'without a mail');

-- passwords
SELECT ok(NOT identity.password_set_v1(:ch, :acc, 'y', sha256('l'), gen_random_uuid(), NULL, 'guest', NULL, NULL, :now), 'a used link sets nothing');
SELECT ok(identity.password_set_v1(NULL, :acc, 'y', sha256('l'), gen_random_uuid(), NULL, 'guest', NULL, NULL, :now), 'the owner does');
SELECT is((SELECT count(*) FROM identity.throttle WHERE key = sha256('l')), 0::bigint, 'and is unlocked');
SELECT is((SELECT count(*) FROM identity.challenge WHERE account_id = :acc AND purpose = 'unlock' AND used_at IS NULL), 0::bigint, 'older links are void');

-- messages
SELECT is((SELECT array_agg(notification.queue_v2(gen_random_uuid(), 'passkey_added', 'subject', :ch, :acc, 'passkey_added:1', NULL, false, NULL, NULL, :now)) FROM generate_series(1, 2)),
          ARRAY[true, false], 'the same news owes one message');
SELECT ok(EXISTS (SELECT FROM notification.claim_v2(100, 60, :now) m WHERE m.kind = 'passkey_added' AND m.account_id = :acc AND m.subject_id = :ch), 'and is claimed');
SELECT throws_ok($$SELECT notification.queue_v2(gen_random_uuid(), 'x', NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, '2026-06-01')$$, '23514', NULL, 'a message is about something');

SELECT cmp_ok(identity.challenge_purge_v1(1000, :now + interval '10 days'), '>', 6, 'what is over is forgotten');
SELECT is((SELECT count(*) FROM identity.challenge), 0::bigint, 'all of it');
SELECT finish();
ROLLBACK;
