-- `souk import` and `souk demo`: everything goes through published functions.

-- The list that imported prices go into.
-- name: import_price_list :opt
-- in: code text?
-- out: id price_list_id, code text, currency currency
SELECT l.id, l.code, l.currency FROM catalog.price_lists l
WHERE CASE WHEN $1::text IS NULL THEN l.id = (SELECT m.price_list_id FROM catalog.markets m WHERE m.is_default) ELSE l.code = $1 END;

-- False: another import runs. Until the transaction ends.
-- name: import_begin :one :write
-- out: alone bool
SELECT catalog.import_begin_v1();

-- name: import_categories :many :write
-- in: categories jsonb, actor text, request_id text?, now usec
-- out: slug text, outcome text
SELECT c.slug, c.outcome FROM catalog.import_categories_v1($1, $2, $3, $4) c;

-- name: import_products :many :write
-- in: source text, products jsonb, price_list price_list_id, actor text, request_id text?, now usec
-- out: key text, outcome text, detail text?, product product_id?
SELECT p.key, p.outcome, p.detail, p.product_id FROM catalog.import_products_v1($1, $2, $3, $4, $5, $6) p;

-- name: import_variants :many
-- in: products product_id[]
-- out: variant variant_id, sku text
SELECT v.variant_id, v.sku FROM catalog.import_variants_v1($1) v;

-- name: stock_init :one :write
-- in: variants variant_id[], quantities int4[], reason text, actor text, now usec
-- out: count int4
SELECT inventory.stock_init_v1($1, $2, $3, $4, $5);

-- name: import_lines_begin :exec
SELECT catalog.import_lines_begin_v1();

-- name: import_lines_add :exec
-- in: skus text[], names text?[], amounts int8[], sold_at usec[]
SELECT catalog.import_lines_add_v1($1, $2, $3, $4);

-- name: import_lines_sum :one :write
-- out: count int8
SELECT catalog.import_lines_sum_v1();

-- name: import_lines_read :many
-- in: after text, lim int4
-- out: sku text, name text?, amount int8, lines int8, first_at usec, last_at usec
SELECT t.sku, t.name, t.amount, t.lines, t.first_at, t.last_at FROM catalog.import_lines_read_v1($1, $2) t;

-- The demo catalogue's own form (sql/seed/README.md), put into the form of the import. Pictures are files of /media/demo.
-- name: demo_categories :many :write
-- in: doc jsonb, actor text, now usec
-- out: slug text, outcome text
SELECT i.slug, i.outcome
FROM catalog.import_categories_v1((SELECT jsonb_agg(c.doc || jsonb_build_object('image', '/media/demo/' || (c.doc ->> 'image')) ORDER BY c.n)
                                   FROM jsonb_array_elements($1 -> 'categories') WITH ORDINALITY c(doc, n)), $2, NULL, $3) i;

-- name: demo_products :many :write
-- in: doc jsonb, price_list price_list_id, actor text, now usec
-- out: key text, outcome text, detail text?, product product_id?
SELECT i.key, i.outcome, i.detail, i.product_id
FROM catalog.import_products_v1('demo', (
    SELECT jsonb_agg(jsonb_build_object(
        'key', p.doc -> 'slug', 'digest', md5(p.doc::text), 'slug', p.doc -> 'slug', 'name', p.doc -> 'name', 'summary', p.doc -> 'subtitle',
        'description', p.doc -> 'description', 'categories', p.doc -> 'categories', 'tax_class', p.doc -> 'tax_class', 'popularity', p.doc -> 'popularity',
        'published_at', p.doc -> 'created_at', 'options', p.doc -> 'options',
        'images', coalesce((SELECT jsonb_agg(jsonb_build_object('url', '/media/demo/' || (x.doc ->> 'file'), 'alt', x.doc -> 'alt', 'width', x.doc -> 'w', 'height', x.doc -> 'h')
                                    ORDER BY x.n)
                   FROM jsonb_array_elements(p.doc -> 'images') WITH ORDINALITY x(doc, n)), '[]'),
        'variants', coalesce((SELECT jsonb_agg(jsonb_build_object('sku', x.doc -> 'sku', 'values', x.doc -> 'values', 'amount', x.doc -> 'price', 'compare_at', x.doc -> 'compare_at',
                                                         'weight_g', x.doc -> 'weight_g',
                                                         'image', (SELECT k.n FROM jsonb_array_elements(p.doc -> 'images') WITH ORDINALITY k(doc, n)
                                                                   WHERE k.doc -> 'file' = x.doc -> 'image' LIMIT 1)) ORDER BY x.n)
                     FROM jsonb_array_elements(p.doc -> 'variants') WITH ORDINALITY x(doc, n)), '[]')) ORDER BY p.n)
    FROM jsonb_array_elements($1 -> 'products') WITH ORDINALITY p(doc, n)), $2, $3, NULL, $4) i;

-- First stock of those of its variants that have none yet.
-- name: demo_stock :one :write
-- in: doc jsonb, products product_id[], actor text, now usec
-- out: count int4
SELECT inventory.stock_init_v1(coalesce(array_agg(v.variant_id), '{}'), coalesce(array_agg((x.doc ->> 'stock')::int), '{}'), 'demo', $3, $4)
FROM catalog.import_variants_v1($2) v
JOIN jsonb_array_elements($1 -> 'products') p(doc) ON true
JOIN jsonb_array_elements(p.doc -> 'variants') x(doc) ON x.doc ->> 'sku' = v.sku;

-- name: import_category :opt
-- in: slug text
-- out: id category_id
SELECT c.id FROM catalog.categories c WHERE c.slug = $1;

-- name: import_refresh :exec
-- in: products product_id[], now usec
SELECT catalog.import_refresh_v1($1, $2);

-- name: import_done :exec
SELECT catalog.import_done_v1(), inventory.import_done_v1();
