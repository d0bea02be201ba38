-- What other domains may see of the catalogue. Texts are those of 'en', the locale that everything has.
SET LOCAL ROLE own_catalog;

-- Status and tax class are what is true now; the words are of the read model. variant_title: "Red / Small"; empty when the product has no options.
CREATE OR REPLACE VIEW catalog.pub_variants AS
    SELECT v.id AS variant_id, v.product_id, v.sku, coalesce(l.product_name, v.sku) AS product_name, p.slug AS product_slug,
           coalesce(l.title, '') AS variant_title, l.image_url,
           CASE WHEN v.status = 'active' AND p.status = 'active' THEN 'active' WHEN p.status = 'draft' THEN 'draft' ELSE 'archived' END AS status,
           p.tax_class, v.weight_g, v.version AS variant_version, p.version AS product_version
    FROM catalog.variants v
    JOIN catalog.products p ON p.id = v.product_id
    LEFT JOIN catalog.variant_lines l ON l.variant_id = v.id;
GRANT SELECT ON catalog.pub_variants TO own_orders, own_inventory, souk_order, souk_inventory, souk_admin, souk_jobs_core;

-- All prices with their range [valid_from, valid_to); the one in force at a time: valid_from <= t AND (valid_to IS NULL OR valid_to > t).
CREATE OR REPLACE VIEW catalog.pub_prices AS
    SELECT p.id AS price_id, p.variant_id, p.price_list_id, p.amount, p.currency, p.compare_at, p.valid_from, p.valid_to
    FROM catalog.prices p;
GRANT SELECT ON catalog.pub_prices TO own_orders, souk_order, souk_inventory, souk_admin, souk_jobs_core;

-- The top of the category tree, for the bar on pages of other pools; a row per locale, 'en' always.
CREATE OR REPLACE VIEW catalog.pub_categories AS
    SELECT c.id AS category_id, c.slug, t.locale, t.name, c.position
    FROM catalog.categories c
    JOIN catalog.category_texts t ON t.category_id = c.id
    WHERE c.parent_id IS NULL AND c.status = 'active';
GRANT SELECT ON catalog.pub_categories TO souk_order, souk_user;

CREATE OR REPLACE VIEW catalog.pub_markets AS
    SELECT m.id, m.code, m.country, l.currency, m.locale, l.tax_included AS prices_include_tax, m.price_list_id, m.time_zone, m.is_default
    FROM catalog.markets m
    JOIN catalog.price_lists l ON l.id = m.price_list_id;
GRANT SELECT ON catalog.pub_markets TO own_orders, own_inventory, own_payment, souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin,
    souk_jobs_core, souk_jobs_payment;
