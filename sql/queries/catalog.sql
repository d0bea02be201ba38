-- The catalogue as the product pool reads it: pages of lists, products, categories, suggestions.
--
-- Pages are keyset pages: each list query returns the sort value of a row (key, or key_name for names) and takes the one of the
-- last row seen with its id. `skip` serves pages that are counted instead. `stale` marks a row whose amounts a scheduled
-- price made old: listing_prices computes them again.

-- A page, most popular first.
-- name: product_page_popularity :many :gather
-- in: price_list price_list_id, locale text, after int8?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $7,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       l.popularity, ''::text
FROM catalog.listing l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.price_list_id = $1 AND l.locale = $2 AND l.popularity <= coalesce($3, 9223372036854775807)
  AND ($3 IS NULL OR l.popularity < $3 OR l.product_id > $4)
  AND (l.amount_min IS NOT NULL OR l.next_change <= $7)
  AND ($8::bigint IS NULL OR l.amount_min >= $8) AND ($9::bigint IS NULL OR l.amount_min <= $9)
  AND (NOT $10::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
ORDER BY l.popularity DESC, l.product_id LIMIT $5 OFFSET $6;

-- A page, newest first; the key is the time in microseconds.
-- name: product_page_newest :many :gather
-- in: price_list price_list_id, locale text, after int8?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $7,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       (extract(epoch FROM l.published_at) * 1000000)::bigint, ''::text
FROM catalog.listing l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.price_list_id = $1 AND l.locale = $2 AND l.published_at <= coalesce('epoch'::timestamptz + $3 * interval '1 microsecond', 'infinity'::timestamptz)
  AND ($3 IS NULL OR l.published_at < 'epoch'::timestamptz + $3 * interval '1 microsecond' OR l.product_id > $4)
  AND (l.amount_min IS NOT NULL OR l.next_change <= $7)
  AND ($8::bigint IS NULL OR l.amount_min >= $8) AND ($9::bigint IS NULL OR l.amount_min <= $9)
  AND (NOT $10::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
ORDER BY l.published_at DESC, l.product_id LIMIT $5 OFFSET $6;

-- A page, cheapest first.
-- name: product_page_price :many :gather
-- in: price_list price_list_id, locale text, after int8?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $7,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       coalesce(l.amount_min, 0), ''::text
FROM catalog.listing l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.price_list_id = $1 AND l.locale = $2 AND l.amount_min >= coalesce($3, 0)
  AND ($3 IS NULL OR l.amount_min > $3 OR l.product_id > $4)
  AND (l.amount_min IS NOT NULL OR l.next_change <= $7)
  AND ($8::bigint IS NULL OR l.amount_min >= $8) AND ($9::bigint IS NULL OR l.amount_min <= $9)
  AND (NOT $10::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
ORDER BY l.amount_min, l.product_id LIMIT $5 OFFSET $6;

-- A page, dearest first.
-- name: product_page_price_desc :many :gather
-- in: price_list price_list_id, locale text, after int8?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $7,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       coalesce(l.amount_min, 0), ''::text
FROM catalog.listing l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.price_list_id = $1 AND l.locale = $2 AND l.amount_min <= coalesce($3, 9223372036854775807)
  AND ($3 IS NULL OR l.amount_min < $3 OR l.product_id < $4)
  AND (l.amount_min IS NOT NULL OR l.next_change <= $7)
  AND ($8::bigint IS NULL OR l.amount_min >= $8) AND ($9::bigint IS NULL OR l.amount_min <= $9)
  AND (NOT $10::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
ORDER BY l.amount_min DESC, l.product_id DESC LIMIT $5 OFFSET $6;

-- A page by name.
-- name: product_page_name :many :gather
-- in: price_list price_list_id, locale text, after text?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $7,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       0::bigint, l.name
FROM catalog.listing l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.price_list_id = $1 AND l.locale = $2 AND l.name COLLATE "und-x-icu" >= coalesce($3, '')
  AND ($3 IS NULL OR l.name COLLATE "und-x-icu" > $3 OR l.product_id > $4)
  AND (l.amount_min IS NOT NULL OR l.next_change <= $7)
  AND ($8::bigint IS NULL OR l.amount_min >= $8) AND ($9::bigint IS NULL OR l.amount_min <= $9)
  AND (NOT $10::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
ORDER BY l.name COLLATE "und-x-icu", l.product_id LIMIT $5 OFFSET $6;

-- A page of a category and its descendants, with filters.
-- The sort is one of popularity, newest, price, price_desc, name: all sort by (key, key_name, id), so keys of falling sorts are negative.
-- name: product_page_category :many :gather
-- in: price_list price_list_id, locale text, sort text, after int8?, after_name text?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool, category category_id
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $9,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       l.key, l.key_name
FROM (
    SELECT k.product_id, k.slug, k.name, k.summary, k.image_url, k.image_alt, k.image_width, k.image_height, k.currency, k.amount_min,
           k.amount_max, k.compare_at, k.next_change, k.published_at, k.variant_ids, k.in_stock, k.key, k.key_name, row_number() OVER (ORDER BY k.key, k.key_name COLLATE "und-x-icu", k.product_id) AS n
    FROM (
        SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency, l.amount_min,
               l.amount_max, l.compare_at, l.next_change, l.published_at, l.variant_ids, l.in_stock,
               (CASE $3 WHEN 'popularity' THEN -l.popularity WHEN 'newest' THEN -(extract(epoch FROM l.published_at) * 1000000)::bigint
                   WHEN 'price' THEN coalesce(l.amount_min, 0) WHEN 'price_desc' THEN -coalesce(l.amount_min, 0) WHEN 'relevance' THEN -0 ELSE 0 END)::bigint AS key, CASE $3 WHEN 'name' THEN l.name ELSE '' END AS key_name
        FROM (SELECT DISTINCT pc.product_id FROM catalog.categories c JOIN catalog.product_categories pc ON pc.category_id = c.id
              WHERE c.path @> ARRAY[$13::uuid] AND c.status = 'active') c
        JOIN catalog.listing l ON l.product_id = c.product_id AND l.price_list_id = $1 AND l.locale = $2
        CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
        WHERE true
          AND (l.amount_min IS NOT NULL OR l.next_change <= $9)
          AND ($10::bigint IS NULL OR l.amount_min >= $10) AND ($11::bigint IS NULL OR l.amount_min <= $11)
          AND (NOT $12::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
    ) k
    WHERE $6::uuid IS NULL OR (k.key, k.key_name COLLATE "und-x-icu", k.product_id) > ($4::bigint, $5::text, $6::uuid)
    ORDER BY k.key, k.key_name COLLATE "und-x-icu", k.product_id LIMIT $7 OFFSET $8
) l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
ORDER BY l.n;

-- A page of what a search found, with filters. `language` is a text search configuration, `prefix` a tsquery of word beginnings.
-- The sort is one of popularity, newest, price, price_desc, name, relevance: all sort by (key, key_name, id), so keys of falling sorts are negative.
-- name: product_page_search :many
-- in: price_list price_list_id, locale text, sort text, after int8?, after_name text?, after_id product_id?, lim int8, skip int8, now usec
-- in: price_min int8?, price_max int8?, available bool, category category_id?, q text, language text, prefix text
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $9,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       l.key, l.key_name
FROM (
    SELECT k.product_id, k.slug, k.name, k.summary, k.image_url, k.image_alt, k.image_width, k.image_height, k.currency, k.amount_min,
           k.amount_max, k.compare_at, k.next_change, k.published_at, k.variant_ids, k.in_stock, k.key, k.key_name, row_number() OVER (ORDER BY k.key, k.key_name COLLATE "und-x-icu", k.product_id) AS n
    FROM (
        SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency, l.amount_min,
               l.amount_max, l.compare_at, l.next_change, l.published_at, l.variant_ids, l.in_stock,
               (CASE $3 WHEN 'popularity' THEN -l.popularity WHEN 'newest' THEN -(extract(epoch FROM l.published_at) * 1000000)::bigint
                   WHEN 'price' THEN coalesce(l.amount_min, 0) WHEN 'price_desc' THEN -coalesce(l.amount_min, 0) WHEN 'relevance' THEN -f.score ELSE 0 END)::bigint AS key, CASE $3 WHEN 'name' THEN l.name ELSE '' END AS key_name
        FROM (SELECT f.product_id, max(f.score) AS score
              FROM (SELECT t.product_id, 1000000 + (ts_rank(t.search, websearch_to_tsquery($15::text::regconfig, $14)) * 1000000)::bigint AS score
                    FROM catalog.product_texts t WHERE t.locale IN ($2, 'en') AND t.search @@ websearch_to_tsquery($15::text::regconfig, $14)
                    UNION ALL
                    SELECT t.product_id, 500000 FROM catalog.product_texts t WHERE t.locale IN ($2, 'en') AND t.words @@ to_tsquery('simple', $16)
                    UNION ALL
                    SELECT v.product_id, 9000000 FROM catalog.variants v WHERE v.sku = upper($14) AND v.status = 'active') f
              GROUP BY f.product_id) f
        JOIN catalog.listing l ON l.product_id = f.product_id AND l.price_list_id = $1 AND l.locale = $2
        CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
        WHERE ($13::uuid IS NULL OR l.product_id IN (SELECT pc.product_id FROM catalog.categories c JOIN catalog.product_categories pc ON pc.category_id = c.id
                                                    WHERE c.path @> ARRAY[$13::uuid] AND c.status = 'active'))
          AND (l.amount_min IS NOT NULL OR l.next_change <= $9)
          AND ($10::bigint IS NULL OR l.amount_min >= $10) AND ($11::bigint IS NULL OR l.amount_min <= $11)
          AND (NOT $12::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
    ) k
    WHERE $6::uuid IS NULL OR (k.key, k.key_name COLLATE "und-x-icu", k.product_id) > ($4::bigint, $5::text, $6::uuid)
    ORDER BY k.key, k.key_name COLLATE "und-x-icu", k.product_id LIMIT $7 OFFSET $8
) l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
ORDER BY l.n;

-- How many products a list has: all, those of a category, those that a search found.
-- name: product_count :one
-- in: price_list price_list_id, locale text, now usec, price_min int8?, price_max int8?, available bool, category category_id?, q text?, language text, prefix text
-- out: count int8
SELECT count(*)
FROM catalog.listing l
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.price_list_id = $1 AND l.locale = $2
  AND (l.amount_min IS NOT NULL OR l.next_change <= $3)
  AND ($4::bigint IS NULL OR l.amount_min >= $4) AND ($5::bigint IS NULL OR l.amount_min <= $5)
  AND (NOT $6::boolean OR CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END)
  AND ($7::uuid IS NULL OR l.product_id IN (SELECT pc.product_id FROM catalog.categories c JOIN catalog.product_categories pc ON pc.category_id = c.id
                                           WHERE c.path @> ARRAY[$7::uuid] AND c.status = 'active'))
  AND ($8::text IS NULL OR l.product_id IN (
      SELECT t.product_id FROM catalog.product_texts t
      WHERE t.locale IN ($2, 'en') AND (t.search @@ websearch_to_tsquery($9::text::regconfig, $8) OR t.words @@ to_tsquery('simple', $10))
      UNION ALL
      SELECT v.product_id FROM catalog.variants v WHERE v.sku = upper($8) AND v.status = 'active'));

-- What stands beside a product: the most popular of its categories.
-- name: product_related :many :gather
-- in: price_list price_list_id, locale text, product product_id, lim int8, now usec
-- out: id product_id, slug text, name text, summary text, image_url text?, image_alt text?, image_width int4?, image_height int4?, currency currency
-- out: amount_min int8?, amount_max int8?, compare_at int8?, stale bool, available bool, published_at usec
-- out: key int8, key_name text
SELECT l.product_id, l.slug, l.name, l.summary, l.image_url, l.image_alt, l.image_width, l.image_height, l.currency,
       l.amount_min, l.amount_max, l.compare_at, l.next_change IS NOT NULL AND l.next_change <= $5,
       CASE WHEN l.variant_ids && r.recent THEN EXISTS (SELECT FROM inventory.pub_stock x WHERE x.variant_id = ANY (l.variant_ids) AND x.available > 0) ELSE l.in_stock END,
       l.published_at,
       l.popularity, ''::text
FROM (SELECT DISTINCT other.product_id FROM catalog.product_categories own
      JOIN catalog.product_categories other ON other.category_id = own.category_id
      WHERE own.product_id = $3 AND other.product_id <> $3) n
JOIN catalog.listing l ON l.product_id = n.product_id AND l.price_list_id = $1 AND l.locale = $2
CROSS JOIN (SELECT ARRAY(SELECT c.variant_id FROM catalog.stock_crossed c) AS recent) r
WHERE l.amount_min IS NOT NULL OR l.next_change <= $5
ORDER BY l.popularity DESC, l.product_id LIMIT $4;

-- The amounts of some products as they are at `now`.
-- name: listing_prices :many
-- in: price_list price_list_id, products product_id[], now usec
-- out: id product_id, amount_min int8, amount_max int8, compare_at int8?
SELECT v.product_id, min(c.amount), max(c.amount), (array_agg(c.compare_at ORDER BY c.amount, v.position))[1]
FROM catalog.variants v
JOIN catalog.prices c ON c.variant_id = v.id AND c.price_list_id = $1 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)
WHERE v.product_id = ANY ($2) AND v.status = 'active'
GROUP BY v.product_id;

-- Whole products by id, or the one that a slug leads to (when that is not the slug of the answer, the address has moved).
-- Absent amounts are -1, absent images and prices the zero id, absent texts empty. From `next_change` on a scheduled price made
-- the amounts old, variant_prices has the true ones. Stock comes as pairs, one per variant and warehouse.
-- name: products_full :many :gather(products)
-- in: locale text, price_list price_list_id, products product_id[], slug text?
-- out: id product_id, version int4, slug text, tax_class text, vendor text?, popularity int8, published_at usec, created_at usec, updated_at usec
-- out: name text, summary text, description text, description_html bool, seo_title text?, seo_description text?
-- out: image_ids image_id[], image_urls text[], image_alts text[], image_widths int4[], image_heights int4[]
-- out: option_ids uuid[], option_names text[], value_ids uuid[], value_options uuid[], value_names text[], value_swatches text[]
-- out: variant_ids variant_id[], skus text[], weights int4[], barcodes text[], variant_images image_id[]
-- out: value_of_variant variant_id[], value_of_value uuid[], price_ids price_id[], amounts int8[], compare_ats int8[], next_change usec?
-- out: stock_variants variant_id[], stock_counts int8[]
SELECT p.id, p.version, p.slug, p.tax_class, p.vendor, p.popularity, p.published_at, p.created_at, p.updated_at,
       d.name, d.summary, d.description, d.description_html, d.seo_title, d.seo_description,
       d.image_ids, d.image_urls, d.image_alts, d.image_widths, d.image_heights,
       d.option_ids, d.option_names, d.value_ids, d.value_options, d.value_names, d.value_swatches,
       d.variant_ids, d.skus, d.weights, d.barcodes, d.variant_images, d.value_of_variant, d.value_of_value,
       d.price_ids, d.amounts, d.compare_ats, d.next_change, s.variants, s.counts
FROM catalog.products p
JOIN catalog.details d ON d.product_id = p.id AND d.price_list_id = $2 AND d.locale = $1
CROSS JOIN LATERAL (SELECT coalesce(array_agg(k.variant_id), '{}') AS variants, coalesce(array_agg(k.available::bigint), '{}') AS counts
                    FROM inventory.pub_stock k WHERE k.variant_id = ANY (d.variant_ids)) s
WHERE p.id = ANY (CASE WHEN $4::text IS NULL THEN $3::uuid[] ELSE ARRAY(SELECT ps.product_id FROM catalog.product_slugs ps WHERE ps.slug = $4) END)
  AND p.status = 'active';

-- The categories of some products with their paths; `is_main` marks the one of the breadcrumb.
-- name: product_categories :many
-- in: products product_id[]
-- out: product product_id, category category_id, is_main bool
SELECT pc.product_id, c.id, pc.position = 0
FROM catalog.product_categories pc JOIN catalog.categories c ON c.id = pc.category_id AND c.status = 'active'
WHERE pc.product_id = ANY ($1)
ORDER BY pc.product_id, pc.position, c.id;

-- All prices of some variants, newest first.
-- name: variant_prices :many
-- in: price_list price_list_id, variants variant_id[]
-- out: variant variant_id, id price_id, currency currency, amount int8, compare_at int8?, valid_from usec, valid_to usec?
SELECT c.variant_id, c.id, c.currency, c.amount, c.compare_at, c.valid_from, c.valid_to
FROM catalog.prices c WHERE c.price_list_id = $1 AND c.variant_id = ANY ($2)
ORDER BY c.variant_id, c.valid_from DESC;

-- The whole tree of active categories, parents before children, siblings in order. Small: shops have tens of categories.
-- name: category_tree :many :gather
-- in: locale text
-- out: id category_id, version int4, parent category_id?, slug text, name text, description text, image_url text?, depth int4, position int4
-- out: created_at usec, updated_at usec
SELECT c.id, c.version, c.parent_id, c.slug, coalesce(t.name, e.name), coalesce(t.description, e.description), c.image_url, cardinality(c.path), c.position,
       c.created_at, c.updated_at
FROM catalog.categories c
JOIN catalog.category_texts e ON e.category_id = c.id AND e.locale = 'en'
LEFT JOIN catalog.category_texts t ON t.category_id = c.id AND t.locale = $1
WHERE c.status = 'active'
  AND NOT EXISTS (SELECT FROM catalog.categories a WHERE a.id = ANY (c.path) AND a.status <> 'active')
ORDER BY cardinality(c.path), c.position, coalesce(t.name, e.name) COLLATE "und-x-icu", c.id;

-- Where an old slug of a category leads to now.
-- name: category_moved :opt
-- in: slug text
-- out: slug text
SELECT c.slug FROM catalog.category_slugs s JOIN catalog.categories c ON c.id = s.category_id WHERE s.slug = $1 AND c.status = 'active';

-- Products whose name has words beginning like this, most popular first. `prefix` is a tsquery.
-- name: suggest_products :many
-- in: price_list price_list_id, locale text, prefix text, lim int8
-- out: id product_id, slug text, name text, image_url text?, currency currency, amount_min int8?, amount_max int8?
SELECT l.product_id, l.slug, l.name, l.image_url, l.currency, l.amount_min, l.amount_max
FROM catalog.listing l
WHERE l.price_list_id = $1 AND l.locale = $2
  AND l.product_id IN (SELECT t.product_id FROM catalog.product_texts t WHERE t.locale IN ($2, 'en') AND t.words @@ to_tsquery('simple', $3))
ORDER BY l.popularity DESC, l.product_id LIMIT $4;

-- Categories whose name has words beginning like this.
-- name: suggest_categories :many
-- in: locale text, prefix text, lim int8
-- out: id category_id, slug text, name text, image_url text?
SELECT c.id, c.slug, coalesce(a.name, b.name), c.image_url
FROM catalog.categories c
JOIN catalog.category_texts b ON b.category_id = c.id AND b.locale = 'en'
LEFT JOIN catalog.category_texts a ON a.category_id = c.id AND a.locale = $1
WHERE c.status = 'active' AND (a.words @@ to_tsquery('simple', $2) OR b.words @@ to_tsquery('simple', $2))
ORDER BY c.position, c.id LIMIT $3;

-- The words that were probably meant, in the order given.
-- name: correct_words :one
-- in: words text[], locale text
-- out: words text[]
SELECT catalog.correct_words_v1($1, $2);

-- How many products a part of the sitemap has; no more than `lim` are counted.
-- name: sitemap_count :one
-- in: from_key int8, before_key int8, lim int8
-- out: count int8
SELECT count(*) FROM (SELECT FROM catalog.products p WHERE p.status = 'active' AND uuid_hash(p.id) >= $1 AND uuid_hash(p.id) < $2 LIMIT $3) p;

-- Addresses of a part of the sitemap, a page at a time: the products behind (after_key, after) whose key is below `before_key`.
-- name: sitemap_products :many
-- in: after_key int8, after uuid, before_key int8, lim int8
-- out: key int4, id product_id, slug text, updated_at usec
SELECT uuid_hash(p.id), p.id, p.slug, p.updated_at FROM catalog.products p
WHERE p.status = 'active' AND (uuid_hash(p.id), p.id) > ($1, $2) AND uuid_hash(p.id) < $3 ORDER BY uuid_hash(p.id), p.id LIMIT $4;

-- The shop's markets.
-- name: markets :many
-- out: id market_id, code text, country text, currency currency, locale text, prices_include_tax bool, price_list price_list_id, time_zone text, is_default bool
SELECT m.id, m.code, m.country, m.currency, m.locale, m.prices_include_tax, m.price_list_id, m.time_zone, m.is_default FROM catalog.pub_markets m
ORDER BY m.is_default DESC, m.code;
