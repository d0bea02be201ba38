-- Prices as staff and their programs read and set them. A page is a part of an index; its variants are looked up one by one (hence the LIMIT 1): a plan
-- that does not know how long a page is would read all variants for it.

-- Price lists, with the codes of the markets that use them; the default market's first.
-- name: price_lists :many
-- out: id price_list_id, code text, currency currency, tax_included bool, is_default bool, markets text[]
SELECT l.id, l.code, l.currency, l.tax_included, coalesce(bool_or(m.is_default), false), coalesce(array_agg(m.code ORDER BY m.code) FILTER (WHERE m.id IS NOT NULL), '{}')
FROM catalog.price_lists l LEFT JOIN catalog.markets m ON m.price_list_id = l.id
GROUP BY l.id ORDER BY coalesce(bool_or(m.is_default), false) DESC, l.code;

-- A page of all prices, or of those in force: by variant and list, the newest first. `at`, `variant` and `list` are those of the last row before it.
-- name: price_page :many
-- in: variant uuid, list uuid, at usec, code text?, current bool, now usec, lim int4
-- out: id price_id, variant variant_id, sku text, product product_id, price_list text, currency currency, amount int8, compare_at int8?, valid_from usec, valid_to usec?,
-- out: created_at usec, list uuid
SELECT p.id, p.variant_id, v.sku, v.product_id, l.code, p.currency, p.amount, p.compare_at, p.valid_from, p.valid_to, p.created_at, p.price_list_id
FROM (SELECT c.id, c.variant_id, c.price_list_id, c.currency, c.amount, c.compare_at, c.valid_from, c.valid_to, c.created_at FROM catalog.prices c
      WHERE (c.variant_id, c.price_list_id) >= ($1::uuid, $2::uuid) AND ((c.variant_id, c.price_list_id) > ($1, $2) OR c.valid_from < $3)
        AND ($4::text IS NULL OR c.price_list_id = (SELECT x.id FROM catalog.price_lists x WHERE x.code = $4))
        AND (NOT $5 OR (c.valid_from <= $6::timestamptz AND (c.valid_to IS NULL OR c.valid_to > $6)))
      ORDER BY c.variant_id, c.price_list_id, c.valid_from DESC LIMIT $7::int) p
CROSS JOIN LATERAL (SELECT x.sku, x.product_id FROM catalog.variants x WHERE x.id = p.variant_id LIMIT 1) v JOIN catalog.price_lists l ON l.id = p.price_list_id
ORDER BY p.variant_id, p.price_list_id, p.valid_from DESC;

-- A page of the planned ones: what begins next comes first.
-- name: price_page_planned :many
-- in: at usec, id uuid, code text?, now usec, lim int4
-- out: id price_id, variant variant_id, sku text, product product_id, price_list text, currency currency, amount int8, compare_at int8?, valid_from usec, valid_to usec?,
-- out: created_at usec, list uuid
SELECT p.id, p.variant_id, v.sku, v.product_id, l.code, p.currency, p.amount, p.compare_at, p.valid_from, p.valid_to, p.created_at, p.price_list_id
FROM (SELECT c.id, c.variant_id, c.price_list_id, c.currency, c.amount, c.compare_at, c.valid_from, c.valid_to, c.created_at FROM catalog.prices c
      WHERE (c.valid_from, c.id) > ($1::timestamptz, $2::uuid) AND c.valid_from > $4
        AND ($3::text IS NULL OR c.price_list_id = (SELECT x.id FROM catalog.price_lists x WHERE x.code = $3))
      ORDER BY c.valid_from, c.id LIMIT $5::int) p
CROSS JOIN LATERAL (SELECT x.sku, x.product_id FROM catalog.variants x WHERE x.id = p.variant_id LIMIT 1) v JOIN catalog.price_lists l ON l.id = p.price_list_id
ORDER BY p.valid_from, p.id;

-- A page of the past ones: what ended last comes first.
-- name: price_page_past :many
-- in: at usec, id uuid, code text?, now usec, lim int4
-- out: id price_id, variant variant_id, sku text, product product_id, price_list text, currency currency, amount int8, compare_at int8?, valid_from usec, valid_to usec?,
-- out: created_at usec, list uuid
SELECT p.id, p.variant_id, v.sku, v.product_id, l.code, p.currency, p.amount, p.compare_at, p.valid_from, p.valid_to, p.created_at, p.price_list_id
FROM (SELECT c.id, c.variant_id, c.price_list_id, c.currency, c.amount, c.compare_at, c.valid_from, c.valid_to, c.created_at FROM catalog.prices c
      WHERE (c.valid_to, c.id) < ($1::timestamptz, $2::uuid) AND c.valid_to <= $4
        AND ($3::text IS NULL OR c.price_list_id = (SELECT x.id FROM catalog.price_lists x WHERE x.code = $3))
      ORDER BY c.valid_to DESC, c.id DESC LIMIT $5::int) p
CROSS JOIN LATERAL (SELECT x.sku, x.product_id FROM catalog.variants x WHERE x.id = p.variant_id LIMIT 1) v JOIN catalog.price_lists l ON l.id = p.price_list_id
ORDER BY p.valid_to DESC, p.id DESC;

-- The same three orders over the prices of one variant or of one product's: few rows, found by their variants.
-- name: price_page_of :many
-- in: product product_id?, variant variant_id?, sku text?, code text?, state text, at usec, a uuid, b uuid, now usec, lim int4
-- out: id price_id, variant variant_id, sku text, product product_id, price_list text, currency currency, amount int8, compare_at int8?, valid_from usec, valid_to usec?,
-- out: created_at usec, list uuid
SELECT p.id, p.variant_id, v.sku, v.product_id, l.code, p.currency, p.amount, p.compare_at, p.valid_from, p.valid_to, p.created_at, p.price_list_id
FROM (SELECT x.id FROM catalog.variants x WHERE x.id = $2 UNION SELECT x.id FROM catalog.variants x WHERE x.sku = $3
      UNION SELECT x.id FROM catalog.variants x WHERE x.product_id = $1) w
JOIN catalog.variants v ON v.id = w.id JOIN catalog.prices p ON p.variant_id = v.id JOIN catalog.price_lists l ON l.id = p.price_list_id
WHERE ($1::uuid IS NULL OR v.product_id = $1) AND ($2::uuid IS NULL OR v.id = $2) AND ($3::text IS NULL OR v.sku = $3) AND ($4::text IS NULL OR l.code = $4)
  AND CASE $5::text
      WHEN 'planned' THEN p.valid_from > $9 AND (p.valid_from, p.id) > ($6::timestamptz, $7::uuid)
      WHEN 'past' THEN p.valid_to <= $9::timestamptz AND (p.valid_to, p.id) < ($6, $7)
      ELSE ($5 = 'all' OR (p.valid_from <= $9 AND (p.valid_to IS NULL OR p.valid_to > $9)))
           AND ((p.variant_id, p.price_list_id) > ($7, $8::uuid) OR ((p.variant_id, p.price_list_id) = ($7, $8) AND p.valid_from < $6)) END
ORDER BY CASE WHEN $5 = 'planned' THEN p.valid_from END, CASE WHEN $5 = 'planned' THEN p.id END,
         CASE WHEN $5 = 'past' THEN p.valid_to END DESC, CASE WHEN $5 = 'past' THEN p.id END DESC, p.variant_id, p.price_list_id, p.valid_from DESC
LIMIT $10::int;

-- Sets prices, all or none: see catalog.prices_set_v1. Without a price (only its number and why) a row is a refusal.
-- name: prices_set :many :write
-- in: variants variant_id?[], skus text?[], price_lists text?[], amounts int8[], currencies currency[], compare_ats int8[], froms usec?[], tos usec?[], ifs price_id?[],
-- in: actor text, request_id text?, trace_id text?, now usec
-- out: n int4, outcome text, variant variant_id?, sku text?, product product_id?, price_list text?, id price_id?, currency text?, amount int8?, compare_at int8?,
-- out: valid_from usec?, valid_to usec?, created_at usec?
SELECT s.n, s.outcome, s.variant_id, s.sku, s.product_id, s.price_list, s.price_id, s.currency, s.amount, s.compare_at, s.valid_from, s.valid_to, s.created_at
FROM catalog.prices_set_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) s;
