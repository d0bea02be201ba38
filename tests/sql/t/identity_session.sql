-- Sessions, refresh tokens, signing keys, roles, API keys and the partitions of the schema: what the database decides by itself.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\set now '''2026-06-01 12:00:00+00''::timestamptz'
\set acc '''a0000000-0000-7000-8000-000000000001''::uuid'
\set other '''a0000000-0000-7000-8000-000000000002''::uuid'
\set ses '''b0000000-0000-7000-8000-000000000001''::uuid'
\set app '''b0000000-0000-7000-8000-000000000002''::uuid'
\set h1 'sha256(''1''::bytea)'
\set h2 'sha256(''2''::bytea)'
\set h3 'sha256(''3''::bytea)'

INSERT INTO identity.person (id, kind, created_at, updated_at) VALUES ('c0000000-0000-7000-8000-000000000001', 'claimed', :now, :now), ('c0000000-0000-7000-8000-000000000002', 'claimed', :now, :now);
INSERT INTO identity.account (id, person_id, staff, created_at, updated_at) VALUES (:acc, 'c0000000-0000-7000-8000-000000000001', true, :now, :now),
    (:other, 'c0000000-0000-7000-8000-000000000002', true, :now, :now);

-- sessions
SELECT is((SELECT count(*) FROM identity.session_open_v1(:ses, :now, :acc, 'browser', :h1, 'password', false, '', '', :now + interval '1 day', 'acc', NULL, NULL, :now)), 1::bigint, 'a session opens');
SELECT is((SELECT count(*) FROM identity.session_open_v1(:ses, :now, gen_random_uuid(), 'browser', :h1, 'password', false, '', '', :now + interval '1 day', 'acc', NULL, NULL, :now)), 0::bigint, 'of an account that is there');
SELECT is((SELECT account_id FROM identity.session_use_v1(:ses, :now, :h1, NULL, 3600, :now)), :acc, 'its secret opens it');
SELECT is((SELECT account_id FROM identity.session_use_v1(:ses, :now, :h2, NULL, 3600, :now)), NULL, 'another one does not');
SELECT is((SELECT account_id FROM identity.session_use_v1(:ses, :now, :h1, NULL, 3600, :now + interval '1 hour')), NULL, 'idle');
SELECT is((SELECT account_id FROM identity.session_use_v1(:ses, :now, :h1, NULL, 864000, :now + interval '1 day')), NULL, 'over');
SELECT is((SELECT kind FROM identity.session_raise_v1(:other, :ses, :now, :h2, true, 'acc', NULL, NULL, :now, :now)), NULL, 'nobody raises the session of somebody else');
SELECT is((SELECT second_factor FROM identity.session_raise_v1(:acc, :ses, :now, :h2, true, 'acc', NULL, NULL, :now, :now)), true, 'a rise');
SELECT is((SELECT account_id FROM identity.session_use_v1(:ses, :now, :h1, NULL, 3600, :now)), NULL, 'the old secret is dead');
SELECT is(identity.session_rotated_v1(:ses, :now, :h1, :now + interval '59 seconds'), true, 'and known for a minute');
SELECT is(identity.session_rotated_v1(:ses, :now, :h1, :now + interval '60 seconds'), false, 'no longer');
SELECT is(identity.session_rotated_v1(:ses, :now, :h2, :now), false, 'the present one was not exchanged');
SELECT is(identity.session_rotated_v1(:ses, :now, :h3, :now), false, 'nor one that never was');
SELECT is((SELECT (ended, known)::text FROM identity.session_end_v1(:other, :ses, :now, NULL, 'x', 'acc', NULL, NULL, :now, :now)), '(0,f)', 'nobody ends the session of somebody else');
SELECT is((SELECT (ended, known)::text FROM identity.session_end_v1(:acc, :ses, :now, NULL, 'x', 'acc', NULL, NULL, :now, :now)), '(1,t)', 'it ends');
SELECT is((SELECT (ended, known)::text FROM identity.session_end_v1(:acc, :ses, :now, NULL, 'x', 'acc', NULL, NULL, :now, :now)), '(0,t)', 'once');
SELECT is((SELECT count(*) FROM identity.news_v1(:now)), 2::bigint, 'both are news');
SELECT is((SELECT (ended, known)::text FROM identity.session_end_v1(:other, NULL, NULL, NULL, 'x', 'acc', NULL, NULL, :now, :now)), '(0,t)', 'all of an account that has none');
SELECT is((SELECT count(*) FROM identity.revocation WHERE account_id = :other AND session_id IS NULL), 1::bigint, 'voids what others issued for it');

-- refresh tokens
SELECT identity.session_open_v1(:app, :now, :acc, 'app', :h1, 'password', false, '', '', :now + interval '90 days', 'acc', NULL, NULL, :now) \g /dev/null
SELECT is((SELECT outcome FROM identity.session_refresh_v1(:app, :now, :h3, :h2, NULL, 3600, 10, NULL, NULL, :now, :now)), 'unknown', 'a secret that never was one ends nothing');
SELECT is((SELECT outcome FROM identity.session_refresh_v1(:app, :now, :h1, :h2, NULL, 3600, 10, NULL, NULL, :now, :now)), 'ok', 'the token');
SELECT is((SELECT outcome FROM identity.session_refresh_v1(:app, :now, :h1, :h2, NULL, 3600, 10, NULL, NULL, :now + interval '10 seconds', :now)), 'ok', 'tabs race');
SELECT is((SELECT count(*) FROM identity.refresh_used WHERE session_id = :app), 1::bigint, 'and leave one row');
SELECT is((SELECT outcome FROM identity.session_refresh_v1(:app, :now, :h1, :h2, NULL, 3600, 10, NULL, NULL, :now + interval '11 seconds', :now)), 'reused', 'later it was stolen');
SELECT is((SELECT outcome FROM identity.session_refresh_v1(:app, :now, :h2, :h3, NULL, 3600, 10, NULL, NULL, :now + interval '11 seconds', :now)), 'over', 'and the session is over');

-- signing keys: one first key, rotation
SELECT is(identity.signing_key_first_v1('kid-00001', '\x01', '\x02', :now), true, 'the first key');
SELECT is(identity.signing_key_first_v1('kid-00002', '\x01', '\x02', :now), false, 'once');
SELECT is(identity.signing_key_rotate_v1('kid-00003', '\x01', '\x02', :now + interval '2 minutes', :now + interval '20 minutes', 'souk', NULL, :now, :now), 1, 'the old one retires');
SELECT is((SELECT string_agg(kid, ' ' ORDER BY kid) FROM identity.pub_signing_keys WHERE retires_at IS NULL), 'kid-00003', 'the new one does not');

-- roles
SELECT is(identity.staff_roles_v1(:acc, NULL, '{owner}', 'souk', NULL, NULL, :now, :now), 'ok', 'an owner');
SELECT is(identity.staff_roles_v1(:acc, NULL, '{support}', 'souk', NULL, NULL, :now, :now), 'last_owner', 'the last owner stays one');
SELECT is(identity.staff_roles_v1(:acc, NULL, '{}', 'souk', NULL, NULL, :now, :now), 'last_owner', 'and staff');
SELECT is(identity.staff_roles_v1(:other, NULL, '{owner,support}', 'souk', NULL, NULL, :now, :now), 'ok', 'a second one');
SELECT is(identity.last_owner_v1(:acc), false, 'then the first may go');
UPDATE identity.account SET status = 'disabled' WHERE id = :other;
SELECT is(identity.last_owner_v1(:acc), true, 'not while the second is switched off');
SELECT is(identity.staff_roles_v1(:acc, 1, '{owner}', 'souk', NULL, NULL, :now, :now), 'changed', 'versions');
SELECT is(identity.staff_roles_v1(:acc, NULL, '{owner,wizard}', 'souk', NULL, NULL, :now, :now), 'unknown_role', 'roles that are there');
SELECT is(identity.permissions_of(:acc), '*', 'an owner may everything');

-- partitions: the news by real time, the rest by business time; the owner of the schema makes them
SELECT is((SELECT made > 0 FROM identity.partitions_v1('2030-01-15', '2026-06-01')), true, 'partitions are made ahead');
SELECT is((SELECT made + dropped FROM identity.partitions_v1('2030-01-15', '2026-06-01')), 0, 'once');
SELECT is((SELECT relowner::regrole::text FROM pg_class WHERE oid = 'identity.session_203001'::regclass), 'own_identity', 'by their owner');
SELECT isnt(to_regclass('identity.revocation_20260601'), NULL, 'news of today stay news when the business clock runs ahead');
SELECT is((SELECT account_id FROM identity.session_use_v1(:app, :now, NULL, NULL, 86400, :now)), NULL, 'rows are found through partitions');
INSERT INTO identity.session (id, account_id, kind, secret_hash, rotated_at, method, fresh_at, last_used_at, expires_at, created_at, updated_at)
    VALUES ('b0000000-0000-7000-8000-000000000009', :other, 'app', :h3, '2031-01-01', 'password', '2031-01-01', '2031-01-01', '2031-02-01', '2031-01-01', '2031-01-01');
SELECT identity.partitions_v1('2031-01-15', '2026-06-01') \g /dev/null
SELECT is((SELECT tableoid::regclass::text FROM identity.session WHERE id = 'b0000000-0000-7000-8000-000000000009'), 'identity.session_203101', 'what a moved clock left in the default partition moves');
SELECT is((SELECT dropped > 0 FROM identity.partitions_v1('2033-01-15', '2026-06-01')), true, 'old ones are dropped');
SELECT is(to_regclass('identity.session_203101'), NULL, 'with their rows');

SELECT * FROM finish();
ROLLBACK;
