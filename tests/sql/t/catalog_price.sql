-- Prices that are set: what is refused, what is replaced and what comes back, events, the read models.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql
\set tableware '''b0000000-0000-7000-8000-000000000001''::uuid'
\set eur '''01900000-0000-7000-8000-000000000101''::uuid'
\set was '''d0000000-0000-7000-8000-000000000001''::uuid'
SELECT platform.clock_set_v1((extract(epoch FROM :now - clock_timestamp()) * 1000000)::bigint, 'test', NULL, :now) \g /dev/null

-- One item of cups or more, at :now. The outcome of each: "0 unknown_variant" counts from 1.
CREATE FUNCTION pg_temp.set(skus text[], amounts bigint[], froms timestamptz[], tos timestamptz[], compare_ats bigint[] DEFAULT NULL, lists text[] DEFAULT NULL,
                            currencies text[] DEFAULT NULL, ifs uuid[] DEFAULT NULL, ids uuid[] DEFAULT NULL, t timestamptz DEFAULT '2026-06-01 12:00:00+00') RETURNS text
    LANGUAGE sql AS $$
    SELECT string_agg(s.n || ' ' || s.outcome || coalesce(' ' || s.sku || ' ' || s.amount, ''), ', ' ORDER BY s.n)
    FROM catalog.prices_set_v1(coalesce(ids, array_fill(NULL::uuid, ARRAY[cardinality(amounts)])), skus, coalesce(lists, array_fill(NULL::text, ARRAY[cardinality(amounts)])), amounts,
        coalesce(currencies, array_fill('EUR'::text, ARRAY[cardinality(amounts)])), coalesce(compare_ats, array_fill(0::bigint, ARRAY[cardinality(amounts)])), froms, tos,
        coalesce(ifs, array_fill(NULL::uuid, ARRAY[cardinality(amounts)])), 'key_test', 'req_test', 'trace', t) s
$$;
-- The cup's prices in EUR, from June on: "01-05 1250, 05- 1100"
CREATE FUNCTION pg_temp.history() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN p.valid_from < '2026-06-01' THEN '' ELSE to_char(p.valid_from, 'DD') END || '-' || coalesce(to_char(p.valid_to, 'DD'), '') || ' ' || p.amount
                      || coalesce('<' || p.compare_at, ''), ', ' ORDER BY p.valid_from)
    FROM catalog.prices p WHERE p.variant_id = 'c0000000-0000-7000-8000-000000000001' AND p.price_list_id = '01900000-0000-7000-8000-000000000101'
$$;
CREATE FUNCTION pg_temp.events() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(o.seq || ' ' || o.type || ' ' || (o.payload ->> 'amount'), ', ' ORDER BY o.object_id, o.seq) FROM platform.outbox o
    WHERE o.object_type = 'variant' AND o.type LIKE 'price.%' AND o.actor = 'key_test'
$$;

-- every refusal, each under its own name, all of them at once; nothing is written
INSERT INTO catalog.variants (id, product_id, sku, status, archived_at, created_at, updated_at)
    VALUES ('c0000000-0000-7000-8000-000000000003', 'b0000000-0000-7000-8000-000000000001', 'TEST-GONE', 'archived', :now, :now, :now);
SELECT is(pg_temp.set(ARRAY['NO-SUCH', 'TEST-GONE', NULL, 'TEST-CUP', 'TEST-CUP', 'TEST-CUP', 'TEST-CUP', 'TEST-CUP', 'TEST-CUP', 'TEST-CUP', 'TEST-POT'],
        ARRAY[100, 100, 100, 100, 100, 100, 100, 100, -1, 100, 100], array_cat(ARRAY[NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-05-31', NULL, '2026-07-01'], ARRAY[NULL])::timestamptz[],
        ARRAY[NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-07-01', NULL]::timestamptz[], ARRAY[0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0],
        ARRAY[NULL, NULL, NULL, NULL, 'usd', 'gbp', NULL, NULL, NULL, NULL, NULL], NULL, NULL,
        ARRAY[NULL, NULL, NULL, :cup, NULL, NULL, NULL, NULL, NULL, NULL, NULL]::uuid[]),
    '1 unknown_variant, 2 archived, 3 neither, 4 both, 5 unknown_price_list, 6 currency, 7 compare_at, 8 past, 9 amount, 10 valid_to', 'every bad item is named, and none that is good');
SELECT is(pg_temp.set(ARRAY['TEST-CUP', 'TEST-POT', 'TEST-CUP', 'TEST-CUP'], ARRAY[1, 2, 3, 4], ARRAY['2026-06-05', NULL, '2026-06-10', '2026-06-06']::timestamptz[],
        ARRAY['2026-06-10', NULL, NULL, '2026-06-07']::timestamptz[]), '1 overlap, 4 overlap', 'items of one variant and list that overlap; those that touch do not');
SELECT is(pg_temp.set('{TEST-CUP}', '{1}', '{NULL}', '{NULL}', NULL, NULL, NULL, ARRAY['d0000000-0000-7000-8000-000000000002']::uuid[]), '1 moved', 'another price than the named one is in force');
SELECT is(pg_temp.set(ARRAY['TEST-CUP', 'TEST-POT'], '{1, -1}', '{NULL, NULL}', '{NULL, NULL}'), '2 amount', 'one bad item');
SELECT is(pg_temp.history(), '- 1250', 'and no item is written');
SELECT is(pg_temp.events(), NULL, 'nor an event');
UPDATE catalog.products SET status = 'archived', archived_at = :now WHERE id = :tableware;
SELECT is(pg_temp.set('{TEST-CUP}', '{1}', '{NULL}', '{NULL}'), '1 archived', 'what belongs to an archived product is archived');
UPDATE catalog.products SET status = 'active', archived_at = NULL WHERE id = :tableware;

-- a sale with an end: the price before it comes back by itself
SELECT is(pg_temp.set('{TEST-CUP}', '{900}', '{2026-06-05}', '{2026-06-10}', '{1250}'), '1 changed TEST-CUP 900', 'a sale');
SELECT is(pg_temp.history(), '-05 1250, 05-10 900<1250, 10- 1250', 'stands between the halves of the price before');
SELECT is((SELECT p.id FROM catalog.prices p WHERE p.variant_id = :cup AND p.valid_to = '2026-06-05'), :was, 'of which the first keeps its id');
SELECT is(pg_temp.events(), '1 price.updated 900', 'one event');
SELECT is((SELECT o.payload FROM platform.outbox o WHERE o.actor = 'key_test'), jsonb_build_object('variant_id', :cup, 'price_list_id', :eur, 'amount', 900, 'currency', 'EUR',
    'valid_from', '2026-06-05T00:00:00+00:00', 'valid_to', '2026-06-10T00:00:00+00:00'), 'that says what and when');
SELECT is((SELECT l.amount_min || ' ' || l.next_change FROM catalog.listing l WHERE l.product_id = :tableware AND l.currency = 'EUR'), '1250 2026-06-05 00:00:00+00', 'lists know when to look again');
SELECT is(pg_temp.set('{TEST-CUP}', '{900}', '{2026-06-05}', '{2026-06-10}', '{1250}'), '1 unchanged TEST-CUP 900', 'the same again changes nothing');
SELECT is(pg_temp.set('{TEST-CUP}', '{900}', '{2026-06-06}', '{2026-06-08}', '{1250}'), '1 unchanged TEST-CUP 900', 'nor does a part of it');
SELECT is(pg_temp.set('{TEST-CUP}', '{1250}', '{NULL}', '{2026-06-05}'), '1 unchanged TEST-CUP 1250', 'nor what stands before it');
SELECT is(pg_temp.events(), '1 price.updated 900', 'and makes no event');
SELECT is(pg_temp.set('{TEST-CUP}', '{900}', '{2026-06-09}', '{2026-06-12}', '{1250}'), '1 changed TEST-CUP 900', 'longer than it was');
SELECT is(pg_temp.history(), '-05 1250, 05-09 900<1250, 09-12 900<1250, 12- 1250', 'cuts at both sides');
SELECT is(pg_temp.set('{TEST-CUP}', '{900}', '{2026-06-05}', '{2026-06-12}', '{1250}'), '1 unchanged TEST-CUP 900', 'two rows that say the same are as good as one');
SELECT is(pg_temp.set(ARRAY['TEST-CUP', 'TEST-CUP'], '{700, 800}', ARRAY['2026-06-06', '2026-06-14']::timestamptz[], ARRAY['2026-06-07', '2026-06-16']::timestamptz[]),
    '1 changed TEST-CUP 700, 2 changed TEST-CUP 800', 'two at once');
SELECT is(pg_temp.history(), '-05 1250, 05-06 900<1250, 06-07 700, 07-09 900<1250, 09-12 900<1250, 12-14 1250, 14-16 800, 16- 1250', 'each in its place');
SELECT is(pg_temp.events(), '1 price.updated 900, 2 price.updated 900, 3 price.updated 700, 4 price.updated 800', 'with gapless numbers');
SELECT is((SELECT v.event_seq FROM catalog.variants v WHERE v.id = :cup), 4::bigint, 'which the variant counts');
SELECT is(pg_temp.set('{TEST-CUP}', '{600}', '{2026-06-06}', '{2026-06-15}'), '1 changed TEST-CUP 600', 'over several');
SELECT is(pg_temp.history(), '-05 1250, 05-06 900<1250, 06-15 600, 15-16 800, 16- 1250', 'of which only what stands outside is left');
SELECT is(pg_temp.set('{TEST-CUP}', '{1300}', '{NULL}', '{NULL}', NULL, NULL, NULL, ARRAY[:was]), '1 changed TEST-CUP 1300', 'until further notice, when the named price is in force');
SELECT is(pg_temp.history(), '-01 1250, 01- 1300', 'whatever was planned is replaced, what was stays');
SELECT is((SELECT l.amount_min || coalesce(' ' || l.next_change, '') FROM catalog.listing l WHERE l.product_id = :tableware AND l.currency = 'EUR'), '1300', 'and lists show it');
SELECT is((SELECT d.amounts FROM catalog.details d WHERE d.product_id = :tableware AND d.price_list_id = :eur), ARRAY[1300, 3999]::bigint[], 'like the page');

-- the first price in a list; several variants, in the order asked
SELECT is(pg_temp.set(ARRAY['TEST-POT', 'TEST-CUP', 'TEST-POT'], '{3500, 1300, 3000}', '{NULL, NULL, NULL}', '{NULL, NULL, NULL}', NULL, ARRAY[NULL, NULL, 'gbp'], ARRAY['EUR', 'EUR', 'GBP']),
    '1 changed TEST-POT 3500, 2 unchanged TEST-CUP 1300, 3 changed TEST-POT 3000', 'some change, some are so already');
SELECT is((SELECT string_agg(o.seq || ' ' || o.type, ', ' ORDER BY o.seq) FROM platform.outbox o WHERE o.object_id = :pot AND o.actor = 'key_test'), '1 price.updated, 2 price.created',
    'the first price in a list is created');

-- a minute of grace; whoever waited comes behind the one before
SELECT is(pg_temp.set('{TEST-CUP}', '{1400}', ARRAY[:now - interval '1 minute'], '{NULL}', t => :now), '1 changed TEST-CUP 1400', 'now by another clock');
SELECT is(pg_temp.set('{TEST-CUP}', '{1500}', ARRAY[:now - interval '1 minute 1 second'], '{NULL}', t => :now), '1 past', 'is not a minute ago');
SELECT is(pg_temp.set('{TEST-CUP}', '{1600}', '{NULL}', '{NULL}', t => :now + interval '3 seconds'), '1 changed TEST-CUP 1600', 'one that came first');
SELECT is(pg_temp.set('{TEST-CUP}', '{1700}', '{NULL}', '{NULL}', t => :now + interval '2 seconds'), '1 changed TEST-CUP 1700', 'one that waited for it');
SELECT is(pg_temp.set('{TEST-CUP}', '{1800}', '{NULL}', '{NULL}', t => :now + interval '1 second'), '1 changed TEST-CUP 1800', 'and one that waited for both');
SELECT is((SELECT string_agg(p.amount || '', ' ' ORDER BY p.valid_from) FROM catalog.prices p WHERE p.variant_id = :cup AND p.valid_from > :now), '1600 1700 1800', 'all stand in the history');
SELECT ok((SELECT bool_and(p.valid_from >= p.created_at) FROM catalog.prices p WHERE p.variant_id = :cup AND p.valid_from > :now), 'each from when it was set');

-- the statement triggers run once for a batch, whatever it holds
SELECT is((SELECT count(*) FROM catalog.prices p JOIN catalog.prices q ON q.variant_id = p.variant_id AND q.price_list_id = p.price_list_id AND q.id <> p.id
    AND tstzrange(p.valid_from, p.valid_to) && tstzrange(q.valid_from, q.valid_to)), 0::bigint, 'nothing overlaps');
SELECT is(current_setting('souk.defer_listing', true), 'off', 'and other changes refresh the lists again');

SELECT * FROM finish();
ROLLBACK;
