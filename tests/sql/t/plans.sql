-- Plans that were made when a shop was empty, and are still used when it is full: each call below reads the rows that it is about.
-- A worker's connection plans once, so a query that may read a whole table or a whole queue is one that will (sql/README.md, rule 9).
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\set now '''2026-06-01 12:00:00+00''::timestamptz'

-- The planner as these roles have it. Nothing is believed of sizes that is not true: everything is empty.
SELECT set_config(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1), true) FROM pg_roles r, unnest(r.rolconfig) s
WHERE r.rolname = 'souk_jobs_payment' AND s ~ '^(enable_|plan_cache_mode|jit)' \g /dev/null
ANALYZE payment.attempt, payment.operation, payment.command, payment.inbound_event, notification.message, orders.orders, orders.cart, sandbox.intent, sandbox.event;

CREATE FUNCTION pg_temp.step(what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    id uuid := '00000000-0000-7000-8000-000000000007';
    t timestamptz := '2026-06-01 12:00:00+00';
BEGIN
    CASE what
        WHEN 'commands are claimed' THEN PERFORM payment.command_claim_v1(2, 30, t);
        WHEN 'a command is finished' THEN PERFORM payment.command_finish_v1(id, 'done', NULL, NULL, t);
        WHEN 'news is claimed' THEN PERFORM payment.event_claim_v1(2, 30, t);
        WHEN 'news is finished' THEN PERFORM payment.event_finish_v1(id, 'done', NULL, t);
        WHEN 'news is stored' THEN PERFORM payment.event_store_v1(gen_random_uuid(), 'sandbox', 'new-' || clock_timestamp(), 'x', 'ref7', id, 'voided', t);
        WHEN 'open attempts are claimed' THEN PERFORM payment.sweep_claim_v1(2, 30, t, t);
        WHEN 'messages are claimed' THEN PERFORM notification.claim_v2(2, 30, t);
        WHEN 'a message is finished' THEN PERFORM notification.finish_v1(id, 'sent', NULL, NULL, t);
        WHEN 'a cart is touched' THEN PERFORM orders.cart_seen_v1(id, 1, '{}', '{}', t);
        WHEN 'money comes for an order' THEN PERFORM orders.payment_secured_v1(id, id, 1, 'ZZZ', 't', NULL, NULL, t);
        WHEN 'the sandbox looks for news' THEN PERFORM sandbox.events_due_v1(2, t);
        WHEN 'the sandbox decides late' THEN PERFORM sandbox.tick_v1(t);
    END CASE;
END $$;
CREATE TEMPORARY TABLE step (n int GENERATED ALWAYS AS IDENTITY, what text);
INSERT INTO step (what) VALUES ('commands are claimed'), ('a command is finished'), ('news is claimed'), ('news is finished'), ('news is stored'),
    ('open attempts are claimed'), ('messages are claimed'), ('a message is finished'), ('a cart is touched'), ('money comes for an order'),
    ('the sandbox looks for news'), ('the sandbox decides late');
SELECT pg_temp.step(s.what) FROM step s ORDER BY s.n \g /dev/null

-- A busy day: 2,000 of everything, most of it waiting. Nothing of it tells the connection to plan again.
SET LOCAL session_replication_role = replica;
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
INSERT INTO payment.attempt (id, order_id, n, provider, method, amount, currency, provider_ref, next_check_at, created_at, updated_at)
    SELECT pg_temp.id(g), pg_temp.id(g), 1, 'sandbox', 'tok_ok', 1, 'EUR', 'ref' || g, CASE WHEN g % 2 = 0 THEN :now + CASE WHEN g % 1000 = 0 THEN -1 ELSE 1 END * interval '1 hour' END, :now, :now
    FROM generate_series(1, 2000) g;
INSERT INTO payment.operation (id, attempt_id, kind, n, amount, currency, state, started_at, finished_at)
    SELECT pg_temp.id(g), pg_temp.id(g), 'authorize', 1, 1, 'EUR', 'done', :now, :now FROM generate_series(1, 2000) g;
INSERT INTO payment.command (id, attempt_id, kind, reason, next_try_at, created_at) SELECT pg_temp.id(g), pg_temp.id(g), 'capture', 't', '-infinity', :now FROM generate_series(1, 2000) g;
INSERT INTO payment.inbound_event (id, provider, provider_event, type, provider_ref, next_try_at, received_at)
    SELECT pg_temp.id(g), 'sandbox', 'e' || g, 'x', 'ref' || g, '-infinity', :now FROM generate_series(1, 2000) g;
INSERT INTO notification.message (id, kind, order_id, next_try_at, created_at, updated_at) SELECT pg_temp.id(g), 'order_confirmation', pg_temp.id(g), '-infinity', :now, :now FROM generate_series(1, 2000) g;
INSERT INTO orders.cart (id, token_hash, market_id, expires_at, created_at, updated_at)
    SELECT pg_temp.id(g), decode(md5(g::text) || md5(g::text), 'hex'), '01900000-0000-7000-8000-000000000201', :now + interval '1 hour', :now, :now FROM generate_series(1, 2000) g;
INSERT INTO orders.orders (id, number, event_seq, cart_id, access_hash, person_id, email_hash, email_sealed, address_sealed, ship_country, ship_postal_area, market_id, market_code, locale,
        currency, prices_include_tax, shipping_option_id, shipping_name, subtotal, discount, shipping, shipping_tax_rate, shipping_tax, tax, total, calc_version, explanation,
        expires_at, created_at, updated_at)
    SELECT pg_temp.id(g), '10000-' || lpad(g::text, 6, 'A'), 1, pg_temp.id(g), decode(md5(g::text) || md5(g::text), 'hex'), pg_temp.id(g), decode(md5(g::text) || md5(g::text), 'hex'), '\x01', '\x01', 'DE', '10',
           '01900000-0000-7000-8000-000000000201', 'de', 'en', 'EUR', true, '01900000-0000-7000-8000-000000000401', 'Post', 1, 0, 0, 0, 0, 0, 1, 1, '{}', :now + interval '1 hour', :now, :now
    FROM generate_series(1, 2000) g;
INSERT INTO sandbox.intent (id, idem_key, attempt_id, order_number, amount, currency, token, state, created_at, updated_at)
    SELECT 'sbx_' || left(md5(g::text), 24), pg_temp.id(g), pg_temp.id(g), 'n', 1, 'EUR', 'tok_ok', 'authorized', :now, :now FROM generate_series(1, 2000) g;
INSERT INTO sandbox.event (id, intent_id, type, created_at, deliver_at) SELECT pg_temp.id(g), 'sbx_' || left(md5(g::text), 24), 'x', :now, :now - interval '1 second' * g
    FROM generate_series(1, 2000) g;
SET LOCAL session_replication_role = origin;

-- Rows of tables that a step reads.
CREATE FUNCTION pg_temp.reads(what text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_before bigint := (SELECT sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables s);
BEGIN
    PERFORM pg_temp.step(what);
    RETURN (SELECT sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables s) - v_before;
END $$;
SELECT cmp_ok(pg_temp.reads(s.what), '<=', 60::bigint, s.what || ': few rows are read') FROM step s ORDER BY s.n;
SELECT is((SELECT count(*) FROM payment.command c WHERE c.next_try_at > '-infinity' OR c.state = 'done'), 3::bigint, 'and the steps did something: two commands claimed, one done');

-- What measures can measure.
CREATE FUNCTION pg_temp.whole_table() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_before bigint := (SELECT sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables s);
BEGIN
    PERFORM 1 FROM payment.command c WHERE c.reason || '' = 't';
    RETURN (SELECT sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables s) - v_before;
END $$;
SELECT cmp_ok(pg_temp.whole_table(), '>=', 2000::bigint, 'a statement that reads a whole table is seen to do so');
SELECT * FROM finish();
ROLLBACK;
