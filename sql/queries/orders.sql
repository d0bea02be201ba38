-- Carts, checkout and orders.

-- The market that a new cart belongs to: by code.
-- name: market_by_code :opt
-- in: code text
-- out: id market_id, code text, country text, currency currency, locale text, prices_include_tax bool, price_list price_list_id, time_zone text
SELECT m.id, m.code, m.country, m.currency, m.locale, m.prices_include_tax, m.price_list_id, m.time_zone
FROM catalog.pub_markets m WHERE m.code = $1;

-- Everything about a cart and what is true now about its lines: one row per line, or one row without a line. A guest's cart is found by its
-- token, an account's by the account: the open one of the market, else the one that was ordered last. An id besides must fit.
-- name: cart_read :many
-- in: token_hash bytea?, cart cart_id?, now usec, account account_id?, market market_id
-- out: id cart_id, version int4, state text, account account_id?, merge_notice jsonb?, market market_id, market_code text, country text, currency currency,
-- out: locale text, prices_include_tax bool, price_list price_list_id, person person_id?, email_hash bytea?, email bytea?, phone bytea?, address bytea?, ship_country text?,
-- out: ship_postal_area text?, option shipping_option_id?, option_code text?, option_name text?, option_countries text?, option_currency text?, option_price int8?,
-- out: option_free_from int8?, option_max_weight int8?, option_days_min int4?, option_days_max int4?, option_tax_rate int4?, ordered order_id?, expires usec, created_at usec, updated_at usec,
-- out: item cart_item_id?, variant variant_id?, quantity int4?, price_seen int8?, product product_id?, sku text?, product_name text?,
-- out: product_slug text?, variant_title text?, image_url text?, weight_g int4?, variant_status text?, price_id price_id?, price int8?,
-- out: compare_at int8?, tax_rate int4?, available int8?
SELECT c.id, c.version, c.state, c.account_id, c.merge_notice, m.id, m.code, m.country, m.currency, m.locale, m.prices_include_tax, m.price_list_id,
       c.person_id, c.email_hash, c.email_sealed, c.phone_sealed, c.address_sealed, c.ship_country,
       c.ship_postal_area, c.shipping_option_id, s.code, coalesce(sn.name, s.code), array_to_string(s.countries, ' '), s.currency, s.price, s.free_from, s.max_weight_g,
       s.days_min, s.days_max, st.rate, o.id, c.expires_at, c.created_at, c.updated_at,
       i.id, i.variant_id, i.quantity, i.price_seen, v.product_id, v.sku, v.product_name, v.product_slug, v.variant_title, v.image_url,
       v.weight_g, v.status, p.price_id, p.amount, p.compare_at, t.rate, a.available
FROM orders.cart c
JOIN catalog.pub_markets m ON m.id = c.market_id
LEFT JOIN orders.orders o ON o.cart_id = c.id
LEFT JOIN orders.shipping_option s ON s.id = c.shipping_option_id AND s.archived_at IS NULL
LEFT JOIN orders.shipping_option_text sn ON sn.option_id = s.id AND sn.locale = 'en'
LEFT JOIN orders.tax_rate st ON st.country = coalesce(c.ship_country, m.country) AND st.tax_class = s.tax_class
     AND st.valid_from <= $3 AND (st.valid_to IS NULL OR $3 < st.valid_to)
LEFT JOIN orders.cart_item i ON i.cart_id = c.id
LEFT JOIN catalog.pub_variants v ON v.variant_id = i.variant_id
LEFT JOIN catalog.pub_prices p ON p.variant_id = i.variant_id AND p.price_list_id = m.price_list_id
     AND p.valid_from <= $3 AND (p.valid_to IS NULL OR $3 < p.valid_to)
LEFT JOIN orders.tax_rate t ON t.country = coalesce(c.ship_country, m.country) AND t.tax_class = v.tax_class
     AND t.valid_from <= $3 AND (t.valid_to IS NULL OR $3 < t.valid_to)
LEFT JOIN inventory.pub_availability a ON a.variant_id = i.variant_id
WHERE c.id = coalesce((SELECT g.id FROM orders.cart g WHERE g.token_hash = $1 AND g.account_id IS NULL AND ($2::uuid IS NULL OR g.id = $2)),
                      (SELECT o.id FROM orders.cart o WHERE o.account_id = $4 AND o.market_id = $5 AND $2::uuid IS NULL AND o.state <> 'abandoned'
                       ORDER BY o.state = 'open' DESC, o.created_at DESC LIMIT 1),
                      (SELECT o.id FROM orders.cart o WHERE o.id = $2 AND o.account_id = $4))
ORDER BY i.created_at, i.id;

-- What a variant costs and whether it can be bought, for a market's price list.
-- name: variant_offer :opt
-- in: variant variant_id, price_list price_list_id, now usec
-- out: status text, price int8?, available int8?
SELECT v.status, p.amount, a.available
FROM catalog.pub_variants v
LEFT JOIN catalog.pub_prices p ON p.variant_id = v.variant_id AND p.price_list_id = $2
     AND p.valid_from <= $3 AND (p.valid_to IS NULL OR $3 < p.valid_to)
LEFT JOIN inventory.pub_availability a ON a.variant_id = v.variant_id
WHERE v.variant_id = $1;

-- The same for several variants; those that do not exist are left out.
-- name: variant_offers :many
-- in: variants variant_id[], price_list price_list_id, now usec
-- out: variant variant_id, status text, price int8?, available int8?, weight_g int4
SELECT v.variant_id, v.status, p.amount, a.available, v.weight_g
FROM catalog.pub_variants v
LEFT JOIN catalog.pub_prices p ON p.variant_id = v.variant_id AND p.price_list_id = $2
     AND p.valid_from <= $3 AND (p.valid_to IS NULL OR $3 < p.valid_to)
LEFT JOIN inventory.pub_availability a ON a.variant_id = v.variant_id
WHERE v.variant_id = ANY ($1);

-- name: variant_name :opt
-- in: variant variant_id
-- out: name text?
SELECT v.product_name FROM catalog.pub_variants v WHERE v.variant_id = $1;

-- name: cart_open :exec
-- in: id cart_id, token_hash bytea, market market_id, items cart_item_id[], variants variant_id[], quantities int4[], prices int8[],
-- in: person person_id?, email_hash bytea?, email bytea?, phone bytea?, address bytea?, country text?, postal_area text?,
-- in: option shipping_option_id?, expires usec, now usec
SELECT orders.cart_open_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: cart_item_put :one :write
-- in: cart cart_id, version int4, item cart_item_id, variant variant_id, quantity int4, price int8, expires usec, now usec
-- out: version int4
SELECT orders.cart_item_put_v1($1, $2, $3, $4, $5, $6, $7, $8);

-- name: cart_details_put :one :write
-- in: cart cart_id, version int4, person person_id?, email_hash bytea?, email bytea?, phone bytea?, address bytea?, country text?, postal_area text?,
-- in: option shipping_option_id?, expires usec, now usec
-- out: version int4
SELECT orders.cart_details_put_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: cart_seen :one :write
-- in: cart cart_id, version int4, variants variant_id[], prices int8[], now usec
-- out: version int4
SELECT orders.cart_seen_v1($1, $2, $3, $4, $5);

-- Shipping options of a currency, with the tax rate at the destination (null: not sold there).
-- name: shipping_options :many
-- in: currency currency, country text, now usec
-- out: id shipping_option_id, code text, name text, countries text, price int8, free_from int8?, max_weight int8?, tax_rate int4?,
-- out: days_min int4, days_max int4, position int4
SELECT s.id, s.code, coalesce(n.name, s.code), array_to_string(s.countries, ' '), s.price, s.free_from, s.max_weight_g, t.rate,
       s.days_min, s.days_max, s.position
FROM orders.shipping_option s
LEFT JOIN orders.shipping_option_text n ON n.option_id = s.id AND n.locale = 'en'
LEFT JOIN orders.tax_rate t ON t.country = $2 AND t.tax_class = s.tax_class AND t.valid_from <= $3 AND (t.valid_to IS NULL OR $3 < t.valid_to)
WHERE s.archived_at IS NULL AND s.currency = $1 AND $2 = ANY (s.countries)
ORDER BY s.position, s.code;

-- Where the shop ships to, for a currency.
-- name: shipping_countries :many
-- in: currency currency
-- out: country text
SELECT DISTINCT unnest(s.countries) AS country FROM orders.shipping_option s WHERE s.archived_at IS NULL AND s.currency = $1 ORDER BY 1;

-- name: checkout :one :write
-- in: scope text?, key text?, body_hash text?, cart cart_id, cart_version int4, id order_id, suffix text, attempt attempt_id, provider text, method text,
-- in: note bytea?, currency currency, prices_include_tax bool,
-- in: line_ids order_line_id[], variants variant_id[], quantities int4[], price_ids price_id[], unit_prices int8[], discounts int8[],
-- in: tax_rates int4[], nets int8[], taxes int8[], totals int8[],
-- in: subtotal int8, discount int8, shipping int8, shipping_tax_rate int4, shipping_tax int8, tax int8, total int8,
-- in: calc_version int4, explanation jsonb, expires usec, result jsonb, actor text?, request_id text?, trace_id text?, now usec
-- out: outcome text, status int4?, result jsonb?, short_variants variant_id[]?, short_available int8[]?
SELECT x.outcome, x.status, x.result, x.variants, x.available
FROM orders.checkout_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,
     $29, $30, $31, $32, $33, $34, $35, $36, $37, $38) x;

-- An order with its last payment attempt.
-- name: order_read :opt
-- in: id order_id
-- out: number text, version int4, state text, cart cart_id, account account_id?, access_hash bytea, person person_id, email bytea, phone bytea?, address bytea, note bytea?,
-- out: ship_country text, market_code text, locale text, currency currency, prices_include_tax bool, shipping_name text,
-- out: subtotal int8, discount int8, shipping int8, shipping_tax_rate int4, shipping_tax int8, tax int8, total int8, calc_version int4,
-- out: expires usec, paid_at usec?, completed_at usec?, cancel_requested_at usec?, canceled_at usec?, cancel_reason text?, created_at usec, updated_at usec,
-- out: attempt attempt_id?, attempt_state text?, attempt_failure text?, attempt_count int8
SELECT o.number, o.version, o.state, o.cart_id, o.account_id, o.access_hash, o.person_id, o.email_sealed, o.phone_sealed, o.address_sealed, o.note_sealed,
       o.ship_country, o.market_code, o.locale, o.currency, o.prices_include_tax, o.shipping_name,
       o.subtotal, o.discount, o.shipping, o.shipping_tax_rate, o.shipping_tax, o.tax, o.total, o.calc_version,
       o.expires_at, o.paid_at, o.completed_at, o.cancel_requested_at, o.canceled_at, o.cancel_reason, o.created_at, o.updated_at,
       a.attempt_id, a.state, a.failure_code, coalesce(a.n, 0)::bigint
FROM orders.orders o
LEFT JOIN LATERAL (SELECT x.attempt_id, x.state, x.failure_code, x.n FROM payment.pub_attempts x WHERE x.order_id = o.id
                   ORDER BY x.n DESC LIMIT 1) a ON true
WHERE o.id = $1;

-- name: order_lines :many
-- in: id order_id
-- out: id order_line_id, variant variant_id, product product_id, sku text, product_name text, product_slug text, variant_title text?, image_url text?,
-- out: quantity int4, unit_price int8, discount int8, tax_rate int4, net int8, tax int8, total int8
SELECT l.id, l.variant_id, l.product_id, l.sku, l.product_name, l.product_slug, l.variant_title, l.image_url,
       l.quantity, l.unit_price, l.discount, l.tax_rate, l.net, l.tax, l.total
FROM orders.order_line l WHERE l.order_id = $1 ORDER BY l.position;

-- Number and e-mail together, in one probe: a wrong number and a wrong address look the same.
-- name: order_lookup :opt
-- in: number text, email_hash bytea
-- out: id order_id
SELECT o.id FROM orders.orders o WHERE o.number = $1 AND o.email_hash = $2;

-- name: order_cancel :one :write
-- in: id order_id, actor text?, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT orders.cancel_by_shopper_v1($1, $2, $3, $4, $5);

-- The top categories, in the order of the navigation.
-- name: shelf_list :many
-- in: locale text
-- out: slug text, name text
SELECT e.slug, coalesce(t.name, e.name)
FROM catalog.pub_categories e
LEFT JOIN catalog.pub_categories t ON t.category_id = e.category_id AND t.locale = $1
WHERE e.locale = 'en'
ORDER BY e.position, e.slug;
