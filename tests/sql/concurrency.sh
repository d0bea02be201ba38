#!/usr/bin/env bash
# Many at once against the published functions: no deadlock, no lost update, the books agree afterwards.
set -u
# shellcheck source=tests/sql/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

PG_OPTIONS="-c deadlock_timeout=100ms"
begin_cluster
must "roles" migrate --roles "$(superuser postgres)"
must "migrations" migrate

# What the scripts below call: numbers become ids. One call is one transaction, as from a pool.
sql souk <<'SQL' >/dev/null
CREATE SCHEMA t;
CREATE FUNCTION t.id(kind text, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT (kind || '000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION t.now() RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT '2026-06-01 12:00:00+00'::timestamptz $$;
INSERT INTO catalog.products (id, status, slug, published_at, created_at, updated_at) VALUES (t.id('b0', 1), 'active', 'test', t.now(), t.now(), t.now());
INSERT INTO catalog.product_texts (product_id, locale, name) VALUES (t.id('b0', 1), 'en', 'Test');
INSERT INTO catalog.variants (id, product_id, sku, weight_g, created_at, updated_at) SELECT t.id('c0', n), t.id('b0', 1), 'T' || n, 100, t.now(), t.now() FROM generate_series(1, 12) n;
INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, valid_from, created_at)
    SELECT t.id('d0', n), t.id('c0', n), '01900000-0000-7000-8000-000000000101', 'EUR', 10000, '2026-01-01 00:00:00+00', t.now() FROM generate_series(1, 12) n;
INSERT INTO inventory.warehouses (id, code, name, country, priority, created_at, updated_at) VALUES ('01900000-0000-7000-8000-000000000302', 'second', 'Second', 'DE', 1, t.now(), t.now());
SELECT inventory.adjust_v1(t.id('c0', n), w.id, CASE WHEN n <= 10 THEN 20 WHEN n = 11 THEN 5 ELSE 100000 END, 'receive', NULL, NULL, NULL, NULL, t.now())
    FROM generate_series(1, 12) n, inventory.warehouses w;
-- stock of one order: reserve two variants in either order, or end what it holds in one of four ways
CREATE FUNCTION t.stock(o int, a int, b int, way int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF way < 5 THEN
        PERFORM * FROM inventory.reserve_v1(t.id('a0', o), CASE WHEN a = b THEN ARRAY[t.id('c0', a)] ELSE ARRAY[t.id('c0', a), t.id('c0', b)] END,
            CASE WHEN a = b THEN ARRAY[2] ELSE ARRAY[1, 3] END, t.now() + (o % 3 - 1) * interval '1 minute', NULL, t.now());
    ELSIF way = 5 THEN PERFORM inventory.release_v1(t.id('a0', o), 'test', t.now());
    ELSIF way = 6 THEN PERFORM inventory.allocate_v1(t.id('a0', o), t.now());
    ELSIF way = 7 THEN PERFORM inventory.deallocate_v1(t.id('a0', o), 'test', t.now());
    ELSE PERFORM inventory.expire_v1(5, t.now());
    END IF;
EXCEPTION WHEN unique_violation THEN NULL;      -- the order holds this variant already
END $$;
-- a cart with one line of variant v, then its checkout
CREATE FUNCTION t.cart(n int, v int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orders.cart (id, token_hash, market_id, expires_at, created_at, updated_at)
        VALUES (t.id('e0', n), sha256(n::text::bytea), '01900000-0000-7000-8000-000000000201', t.now() + interval '1 day', t.now(), t.now());
    PERFORM orders.cart_item_put_v1(t.id('e0', n), 1, gen_random_uuid(), t.id('c0', v), 1, 10000, t.now() + interval '1 day', t.now());
    PERFORM orders.cart_details_put_v1(t.id('e0', n), 2, gen_random_uuid(), sha256('x'), '\x01', NULL, '\x02', 'DE', '10',
        '01900000-0000-7000-8000-000000000401', t.now() + interval '1 day', t.now());
END $$;
CREATE FUNCTION t.buy(n int, o int, v int, key text) RETURNS text LANGUAGE sql AS $$
    SELECT c.outcome FROM orders.checkout_v1('cart:' || n, key, 'body', t.id('e0', n), 3, t.id('a1', o), lpad(o::text, 6, '0'), t.id('f0', o), 'sandbox', 'tok', NULL,
        'EUR', true, ARRAY[gen_random_uuid()], ARRAY[t.id('c0', v)], ARRAY[1], ARRAY[t.id('d0', v)], ARRAY[10000]::bigint[], ARRAY[0]::bigint[], ARRAY[190000],
        ARRAY[8403]::bigint[], ARRAY[1597]::bigint[], ARRAY[10000]::bigint[], 10000, 0, 0, 190000, 0, 1597, 10000, 1, '{}', t.now() + interval '15 minutes',
        '{}', NULL, NULL, NULL, t.now()) c $$;
-- one step of a payment, of the shopper, of the sweeper
CREATE FUNCTION t.pay(o int, way int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_op uuid := gen_random_uuid();
    v_outcome text;
BEGIN
    IF way < 4 THEN
        SELECT outcome INTO v_outcome FROM payment.begin_v1(t.id('f0', o), v_op, 'authorize', NULL, NULL, 30, NULL, NULL, t.now(), t.now());
        IF v_outcome = 'go' THEN
            PERFORM payment.finish_v1(v_op, CASE WHEN way = 0 THEN 'unknown' ELSE 'answered' END, NULL, 'r' || o, CASE WHEN way < 3 THEN 'authorized' ELSE 'failed' END,
                10000, 'EUR', 0, 0, NULL, true, 30, NULL, NULL, t.now(), t.now());
        END IF;
    ELSIF way < 6 THEN PERFORM payment.observe_v1(t.id('f0', o), NULL, 'r' || o, 'authorized', 10000, 'EUR', 0, 0, NULL, true, NULL, NULL, t.now(), t.now());
    ELSIF way < 8 THEN PERFORM orders.cancel_by_shopper_v1(t.id('a1', o), 'guest', NULL, NULL, t.now());
    ELSIF way = 8 THEN PERFORM orders.cancel_unpaid_v1(t.id('a1', o), 'expired', NULL, NULL, t.now());
    ELSE PERFORM inventory.expire_v1(3, t.now() + interval '1 hour');
    END IF;
END $$;
SQL

bench() { # bench NAME CALLS-PER-CLIENT CLIENTS SCRIPT
    local out
    printf '%s\n' "$4" >"$PG_DIR/script.sql"
    out=$("$PG_BIN/pgbench" -n -f "$PG_DIR/script.sql" -c "$3" -j 2 -t "$2" souk 2>&1)
    like "$1: all calls ended" "$out" 'number of failed transactions: 0 '
    unlike "$1: no error" "$out" 'ERROR|aborted'
    is "$1: no deadlock" "$(sql souk -c 'SELECT pg_stat_clear_snapshot(), deadlocks FROM pg_stat_database WHERE datname = current_database()' | tr -d '|')" 0
    is "$1: stock, movements and reservations agree" "$(sql souk -c 'SELECT count(*) FROM inventory.pub_mismatches')" 0
}

bench "stock" 400 12 '\set o random(1, 300)
\set a random(1, 10)
\set b random(1, 10)
\set way random(0, 8)
SELECT t.stock(:o, :a, :b, :way);'
is "stock: something happened" "$(sql souk -c "SELECT count(*) > 1000 AND count(DISTINCT kind) = 6 FROM inventory.movements")" t

# Prices of three variants in any order, with and without an end, while plain SQL changes one of them and somebody renames the product.
sql souk <<'SQL' >/dev/null
CREATE FUNCTION t.price(a int, b int, c int, amount bigint, way int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_outcomes text;
BEGIN
    IF way = 0 THEN
        UPDATE catalog.prices SET amount = price.amount WHERE variant_id = t.id('c0', a) AND valid_from <= platform.clock() AND (valid_to IS NULL OR valid_to > platform.clock());
    ELSIF way = 1 THEN
        UPDATE catalog.product_texts SET summary = price.amount::text WHERE product_id = t.id('b0', 1);
    ELSE
        SELECT string_agg(s.outcome, ' ') INTO v_outcomes FROM catalog.prices_set_v1(ARRAY[t.id('c0', a), t.id('c0', b), t.id('c0', c)], ARRAY[NULL, NULL, NULL], ARRAY['eur', 'eur', 'eur'],
            ARRAY[amount, amount, amount], ARRAY['EUR', 'EUR', 'EUR'], ARRAY[0, 0, 0], ARRAY[NULL, NULL, NULL]::timestamptz[],
            array_fill(CASE WHEN way < 6 THEN platform.clock() + way * interval '1 second' END, ARRAY[3]), ARRAY[NULL, NULL, NULL]::uuid[], 'test', NULL, NULL, platform.clock()) s;
        ASSERT v_outcomes !~ '[a-z]+_|moved|past|archived' AND (v_outcomes ~ 'changed' OR v_outcomes ~ 'overlap' AND (a = b OR b = c OR a = c)), v_outcomes;
    END IF;
END $$;
SQL
bench "prices" 150 12 '\set a random(1, 5)
\set b random(1, 5)
\set c random(1, 5)
\set amount random(100, 200)
\set way random(0, 9)
SELECT t.price(:a, :b, :c, :amount, :way);'
is "prices: no time has two" "$(sql souk -c "SELECT count(*) FROM catalog.prices p JOIN catalog.prices q ON q.variant_id = p.variant_id AND q.price_list_id = p.price_list_id AND q.id <> p.id
    AND tstzrange(p.valid_from, p.valid_to) && tstzrange(q.valid_from, q.valid_to)")" 0
is "prices: and none has none" "$(sql souk -c "SELECT count(*) FROM (SELECT range_agg(tstzrange(valid_from, valid_to)) r FROM catalog.prices GROUP BY variant_id, price_list_id) x WHERE upper(r) IS NOT NULL
    OR (SELECT count(*) FROM unnest(r)) <> 1")" 0
is "prices: their events have no gap" "$(sql souk -c "SELECT count(*) FROM (SELECT seq - row_number() OVER (PARTITION BY object_id ORDER BY seq) AS gap FROM platform.outbox WHERE object_type = 'variant') x WHERE gap <> 0")" 0
is "prices: the list shows the last ones" "$(sql souk -c "SELECT amounts = ARRAY(SELECT (SELECT p.amount FROM catalog.prices p WHERE p.variant_id = v.id AND p.price_list_id = d.price_list_id AND p.valid_from <= platform.clock()
    AND (p.valid_to IS NULL OR p.valid_to > platform.clock())) FROM catalog.variants v WHERE v.product_id = d.product_id ORDER BY v.position, v.id) OR next_change <= platform.clock()
    FROM catalog.details d WHERE price_list_id = '01900000-0000-7000-8000-000000000101'")" t
is "prices: something happened" "$(sql souk -c "SELECT count(*) > 300 FROM catalog.prices WHERE variant_id <= t.id('c0', 5)")" t
sql souk -c "DELETE FROM catalog.prices; INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, valid_from, created_at)
    SELECT t.id('d0', n), t.id('c0', n), '01900000-0000-7000-8000-000000000101', 'EUR', 10000, '2026-01-01 00:00:00+00', t.now() FROM generate_series(1, 12) n" >/dev/null

# Fifty buyers, ten pieces, all at once.
sql souk -c 'SELECT t.cart(n, 11) FROM generate_series(1, 50) n' >/dev/null
for n in $(seq 1 50); do sql souk -c "SELECT t.buy($n, $n, 11, 'k$n')" & done >"$PG_DIR/outcomes"
wait
is "50 buyers of 10 pieces" "$(sort "$PG_DIR/outcomes" | uniq -c | tr -s ' ' | tr '\n' ';')" ' 10 ok; 40 sold_out;'
is "10 orders, 10 attempts, 10 events" "$(sql souk -c "SELECT (SELECT count(*) FROM orders.orders), (SELECT count(*) FROM payment.attempt), (SELECT count(*) FROM platform.outbox WHERE type = 'order.placed')")" '10|10|10'
is "their stock is held" "$(sql souk -c "SELECT sum(reserved), sum(on_hand) FROM inventory.levels WHERE variant_id = t.id('c0', 11)")" '10|10'

# One cart, one key, eight clicks.
sql souk -c 'SELECT t.cart(1000, 12)' >/dev/null
for n in $(seq 1 8); do sql souk -c "SELECT t.buy(1000, 1000, 12, 'same')" & done >"$PG_DIR/outcomes"
wait
is "eight clicks: one order" "$(grep -c '^ok$' "$PG_DIR/outcomes")" 1
is "the others were in flight or answered from the result" "$(grep -c '^ok$\|^in_flight$\|^replay$' "$PG_DIR/outcomes")" 8

# Payments, cancellations and expiry of the same orders at the same time.
sql souk -c 'SELECT t.cart(n, 12), t.buy(n, n, 12, NULL) FROM generate_series(1001, 1400) n' >/dev/null
bench "payments" 250 12 '\set o random(1001, 1400)
\set way random(0, 9)
SELECT t.pay(:o, :way);'
like "payments: paid and canceled ones" "$(sql souk -c "SELECT string_agg(state, ' ' ORDER BY state) FROM (SELECT DISTINCT state FROM orders.orders) s")" 'canceled paid'
is "paid orders: an attempt that holds the money" "$(sql souk -c "
    SELECT count(*) FROM orders.orders o WHERE o.state = 'paid' AND NOT EXISTS (SELECT FROM payment.attempt a
        WHERE a.id = o.paid_attempt_id AND a.order_id = o.id AND a.state IN ('authorized', 'captured'))")" 0
is "paid orders: their stock is allocated" "$(sql souk -c "
    SELECT count(*) FROM orders.orders o WHERE o.state = 'paid' AND (SELECT coalesce(sum(r.allocated), 0) FROM inventory.reservations r WHERE r.order_id = o.id) <>
        (SELECT sum(l.quantity) FROM orders.order_line l WHERE l.order_id = o.id)")" 0
is "canceled orders hold no stock" "$(sql souk -c "
    SELECT count(*) FROM orders.orders o JOIN inventory.reservations r ON r.order_id = o.id WHERE o.state = 'canceled' AND (r.status = 'active' OR r.allocated > 0)")" 0
is "who asked for cancellation did not get what she no longer wanted" "$(sql souk -c "SELECT count(*) FROM orders.orders WHERE state = 'paid' AND cancel_requested_at IS NOT NULL")" 0
is "money of canceled orders is to be given back" "$(sql souk -c "
    SELECT count(*) FROM orders.orders o JOIN payment.attempt a ON a.order_id = o.id WHERE o.state = 'canceled' AND a.state = 'authorized'
        AND NOT EXISTS (SELECT FROM payment.command c WHERE c.attempt_id = a.id AND c.kind = 'release')")" 0
is "the ledger balances" "$(sql souk -c "SELECT count(*) FROM (SELECT FROM payment.ledger_entry GROUP BY transaction_id, currency HAVING sum(amount) <> 0) x")" 0

# The relay: two at once, events of transactions that commit late; and jobs claimed by many.
sql souk -c "BEGIN; SELECT platform.emit_v1('order', gen_random_uuid(), 1, 'order.late', 1, '{}', NULL, NULL, NULL, t.now()); SELECT pg_sleep(2); COMMIT" >/dev/null &
late=$!
for _ in 1 2 3; do (for _ in $(seq 1 12); do SQL_ROLE=souk_jobs_core sql souk -c "SELECT platform.relay_v1(500, platform.clock())" >/dev/null; done) & done
wait "$late"
wait
for _ in $(seq 1 200); do [ "$(sql souk -c "SELECT platform.relay_v1(500, t.now())")" != 0 ] || break; done
is "positions have no gap and no double" "$(sql souk -c 'SELECT count(*) = max(position) AND count(DISTINCT position) = count(*) FROM platform.outbox')" t
is "the late event is in the feed" "$(sql souk -c "SELECT count(*) FROM platform.outbox WHERE type = 'order.late' AND position > 0")" 1
is "positions follow seq for every object" "$(sql souk -c "
    SELECT count(*) FROM (SELECT position, lag(position) OVER w AS before, seq, lag(seq) OVER w AS s
                          FROM platform.outbox WINDOW w AS (PARTITION BY object_type, object_id ORDER BY seq)) x WHERE x.position <= x.before OR x.seq <> x.s + 1")" 0
sql souk -c "SELECT platform.job_enqueue_v1(t.id('9a', n), 'core', 'test', NULL, '{}', NULL, 3, NULL, NULL, t.now()) FROM generate_series(1, 500) n" >/dev/null
for worker in 1 2 3 4; do
    (while :; do
        out=$(SQL_ROLE=souk_jobs_core sql souk -c "SELECT id FROM platform.job_claim_v1('core', 'w$worker', 20, 60000, platform.clock(), platform.clock())")
        [ -n "$out" ] || break
        printf '%s\n' "$out"
    done) >"$PG_DIR/claimed.$worker" &
done
wait
is "each job was claimed once" "$(cat "$PG_DIR"/claimed.* | sort | uniq -c | awk '{n += $1} $1 > 1 {d++} END {print n, d + 0}')" '500 0'
done_testing
