-- Slugs, the category tree, price history, the read models, imports.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
\ir ../lib/fixture.sql
\set tableware '''b0000000-0000-7000-8000-000000000001''::uuid'
\set eur '''01900000-0000-7000-8000-000000000101''::uuid'
CREATE FUNCTION pg_temp.listed(product uuid) RETURNS text LANGUAGE sql AS $$
    SELECT slug || ' ' || coalesce(amount_min::text, '-') || '-' || coalesce(amount_max::text, '-') || CASE WHEN in_stock THEN '' ELSE ' sold out' END
    FROM catalog.listing WHERE product_id = product AND currency = 'EUR' LIMIT 1
$$;

-- the tree
INSERT INTO catalog.categories (id, slug, created_at, updated_at) VALUES
    ('e0000000-0000-7000-8000-000000000001', 'test-top', :now, :now), ('e0000000-0000-7000-8000-000000000002', 'test-middle', :now, :now),
    ('e0000000-0000-7000-8000-000000000003', 'test-leaf', :now, :now);
UPDATE catalog.categories SET parent_id = 'e0000000-0000-7000-8000-000000000002' WHERE slug = 'test-leaf';
UPDATE catalog.categories SET parent_id = 'e0000000-0000-7000-8000-000000000001' WHERE slug = 'test-middle';
SELECT is((SELECT cardinality(path) FROM catalog.categories WHERE slug = 'test-leaf'), 3, 'a moved category takes its descendants along');
SELECT throws_ok($$UPDATE catalog.categories SET parent_id = 'e0000000-0000-7000-8000-000000000003' WHERE slug = 'test-top'$$, '23001', NULL, 'nobody is his own ancestor');
UPDATE catalog.categories SET slug = 'test-summit' WHERE slug = 'test-top';
SELECT is((SELECT count(*) FROM catalog.category_slugs WHERE category_id = 'e0000000-0000-7000-8000-000000000001'), 2::bigint, 'both slugs of a category lead to it');

-- slugs
UPDATE catalog.products SET slug = 'test-new' WHERE id = :tableware;
SELECT is((SELECT string_agg(slug, ' ' ORDER BY slug) FROM catalog.product_slugs WHERE product_id = :tableware), 'test-new test-tableware', 'an old slug stays known');
INSERT INTO catalog.products (id, status, slug, published_at, created_at, updated_at)
    VALUES ('b0000000-0000-7000-8000-000000000002', 'draft', 'test-tableware', :now, :now, :now);
SELECT is((SELECT product_id FROM catalog.product_slugs WHERE slug = 'test-tableware'), 'b0000000-0000-7000-8000-000000000002'::uuid, 'until another product takes it');
SELECT throws_ok($$UPDATE catalog.products SET slug = 'test-new' WHERE slug = 'test-tableware'$$, '23505', NULL, 'a slug in use is not taken');
SELECT throws_ok($$UPDATE catalog.products SET slug = 'Test New'$$, '23514', NULL, 'a slug is lower case letters, digits and hyphens');

-- prices
SELECT is(pg_temp.listed(:tableware), 'test-new 1250-3999', 'the list shows the cheapest and the dearest variant, and the slug of now');
UPDATE catalog.prices SET amount = 1100, compare_at = 1250 WHERE variant_id = :cup;
SELECT is(pg_temp.listed(:tableware), 'test-new 1100-3999', 'a price changed by plain SQL shows in the list');
SELECT is((SELECT count(*) FROM catalog.prices WHERE variant_id = :cup), 2::bigint, 'and the price before is kept');
SELECT is((SELECT p.valid_to FROM catalog.prices p WHERE p.id = 'd0000000-0000-7000-8000-000000000001'),
          (SELECT p.valid_from FROM catalog.prices p WHERE p.variant_id = :cup AND p.valid_to IS NULL), 'it ends where the new one begins, under its old id');
SELECT throws_ok(format('INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, created_at) VALUES (%L, %L, ''EUR'', 1, ''2026-02-01'', %L)', :cup, :eur, :now),
                 '23P01', NULL, 'prices of one variant and list never overlap');
SELECT throws_ok(format('INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, valid_to, created_at) VALUES (%L, %L, ''GBP'', 1, ''2020-02-01'', ''2020-03-01'', %L)', :pot, :eur, :now),
                 '23503', NULL, 'a price has the currency of its list');
SELECT throws_ok(format('UPDATE catalog.prices SET compare_at = amount WHERE variant_id = %L', :pot), '23514', NULL, 'what is compared with is higher');
INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, created_at) VALUES (:pot, '01900000-0000-7000-8000-000000000102', 'GBP', 3000, :now, :now);
UPDATE catalog.prices SET valid_to = platform.clock() + interval '1 day', amount = 3500 WHERE variant_id = :pot AND price_list_id = :eur;
INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, created_at)
    SELECT :pot, :eur, 'EUR', 3000, p.valid_to, :now FROM catalog.prices p WHERE p.variant_id = :pot AND p.amount = 3500;
SELECT is(pg_temp.listed(:tableware), 'test-new 1100-3500', 'does not show today');
SELECT is(catalog.refresh_due_v1(10, platform.clock() + interval '2 days'), 1, 'and is stored when its time has come');
SELECT is(pg_temp.listed(:tableware), 'test-new 1100-3000', 'so that lists sort by it');

-- stock in lists: readers know at once, the list learns it from the job
SELECT inventory.adjust_v1(:cup, :w1, -5, 'adjust', NULL, 'test', NULL, NULL, :now), inventory.adjust_v1(:cup, :w2, -3, 'adjust', NULL, 'test', NULL, NULL, :now),
       inventory.adjust_v1(:pot, :w1, -2, 'adjust', NULL, 'test', NULL, NULL, :now) \g /dev/null
SELECT isnt_empty(format('SELECT FROM catalog.stock_crossed WHERE variant_id IN (%L, %L)', :cup, :pot), 'what sold out is noted');
SELECT catalog.refresh_due_v1(100, :now) \g /dev/null
SELECT is_empty('SELECT FROM catalog.stock_crossed', 'and folded in');
SELECT ok(pg_temp.listed(:tableware) LIKE '%sold out', 'the list says sold out');

-- what is not active is in no list
UPDATE catalog.variants SET status = 'archived', archived_at = :now WHERE id = :cup;
SELECT ok(pg_temp.listed(:tableware) LIKE 'test-new 3%', 'an archived variant no longer counts');
UPDATE catalog.products SET status = 'archived', archived_at = :now WHERE id = :tableware;
SELECT is(pg_temp.listed(:tableware), NULL, 'an archived product is in no list');
SELECT is_empty(format('SELECT FROM catalog.details WHERE product_id = %L', :tableware), 'nor has it a page');
SELECT is((SELECT status FROM catalog.pub_variants WHERE variant_id = :pot), 'archived', 'nor can its variants be bought');

-- imports
CREATE FUNCTION pg_temp.import(doc jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT i.outcome || coalesce(' ' || i.detail, '') FROM catalog.import_products_v1('test', jsonb_build_array(doc), '01900000-0000-7000-8000-000000000101', 'test', NULL, platform.clock()) i
$$;
SELECT is(pg_temp.import('{"key":"a","digest":"1","slug":"Ä Test!","name":"A","variants":[{"sku":"T-A1","amount":100},{"sku":"T-A2","amount":200}]}'), 'created', 'a product is imported');
SELECT is((SELECT slug FROM catalog.products WHERE id = (SELECT product_id FROM catalog.variants WHERE sku = 'T-A1')), 'a-test', 'its slug is made of its letters');
SELECT is(pg_temp.import('{"key":"a","digest":"1","slug":"x","name":"B","variants":[{"sku":"T-A1","amount":900}]}'), 'unchanged', 'the same digest changes nothing');
SELECT is(pg_temp.import('{"key":"a","digest":"2","slug":"x","name":"B","variants":[{"sku":"T-A1","amount":150}]}'), 'updated', 'another one does');
SELECT is((SELECT status FROM catalog.variants WHERE sku = 'T-A2'), 'archived', 'a variant that is gone is archived');
SELECT is((SELECT count(*) FROM catalog.prices p JOIN catalog.variants v ON v.id = p.variant_id AND v.sku = 'T-A1'), 2::bigint, 'a changed price keeps its history');
SELECT is(pg_temp.import('{"key":"b","digest":"1","slug":"b","name":"B","variants":[{"sku":"T-A1","amount":1}]}'), 'conflict T-A1', 'a SKU of another product is refused');
SELECT is_empty('SELECT FROM catalog.import_keys WHERE key = ''b''', 'and nothing of that product is kept');
SELECT is(pg_temp.import('{"key":"c","digest":"1","slug":"Ä Test!","name":"C","status":"archived","variants":[{"sku":"T-C1","amount":1}]}'), 'created', 'a slug that is in use gets a number');
SELECT is((SELECT slug FROM catalog.products WHERE id = (SELECT product_id FROM catalog.variants WHERE sku = 'T-C1')), 'a-test-2', 'behind it');
SELECT is((SELECT string_agg(o.type, ' ' ORDER BY o.seq) FROM platform.outbox o WHERE o.object_id = (SELECT product_id FROM catalog.variants WHERE sku = 'T-A1')),
          'product.created product.updated', 'each change is told once');

-- many prices changed by plain SQL: their history is kept, and the read models are renewed once, however many they are
SELECT pg_temp.import(format('{"key":"m%s","digest":"1","slug":"m%s","name":"M","variants":[{"sku":"T-M%s","amount":%s}]}', g, g, g, 100 + g)::jsonb) FROM generate_series(1, 5) g \g /dev/null
UPDATE catalog.prices SET valid_from = valid_from - interval '1 hour' WHERE variant_id IN (SELECT id FROM catalog.variants WHERE sku LIKE 'T-M%');
SET LOCAL track_functions = 'all';
UPDATE catalog.prices SET amount = amount + 1000 WHERE variant_id IN (SELECT id FROM catalog.variants WHERE sku LIKE 'T-M%');
SELECT is((SELECT f.calls FROM pg_stat_xact_user_functions f WHERE f.schemaname = 'catalog' AND f.funcname = 'refresh_listing'), 1::bigint, 'five prices, one refresh');
SELECT is((SELECT string_agg(l.amount_min::text, ' ' ORDER BY l.amount_min) FROM catalog.listing l WHERE l.slug LIKE 'm_' AND l.price_list_id = '01900000-0000-7000-8000-000000000101'
           AND l.locale = 'en'), '1101 1102 1103 1104 1105', 'and lists show them');
SELECT is((SELECT count(*) FROM catalog.prices p JOIN catalog.variants v ON v.id = p.variant_id WHERE v.sku LIKE 'T-M%' AND p.valid_to IS NOT NULL), 5::bigint, 'beside their history');

-- words that were meant
INSERT INTO catalog.product_texts (product_id, locale, name) VALUES ('b0000000-0000-7000-8000-000000000002', 'en', 'Quixotic Zymurgy');
SELECT is(catalog.correct_words_v1('{quixotik,zymurgi}', 'en'), '{quixotic,zymurgy}', 'mistyped words are corrected');
SELECT is(catalog.correct_words_v1('{quix,qqqqqqqq}', 'en'), '{quix,qqqqqqqq}', 'beginnings and what resembles nothing stay');
SELECT * FROM finish();
ROLLBACK;
