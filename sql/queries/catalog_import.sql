-- `souk import` and `souk demo`: everything goes through published functions.

-- The list that imported prices go into.
-- name: import_price_list :opt
-- in: code text?
-- out: id price_list_id, code text, currency currency
SELECT l.id, l.code, l.currency FROM catalog.price_lists l
WHERE CASE WHEN $1::text IS NULL THEN l.id = (SELECT m.price_list_id FROM catalog.markets m WHERE m.is_default) ELSE l.code = $1 END;

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
