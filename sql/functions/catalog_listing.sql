-- The read models of lists and product pages: computed from everything that they show, whenever that changes.
SET LOCAL ROLE own_catalog;

-- The rows of `details` of some products. The caller holds the products' locks.
-- Here and below: products come by id, so every table is probed. While an import fills the tables, the planner still believes that
-- they are small and would read each of them whole, for every product.
CREATE OR REPLACE FUNCTION catalog.refresh_details(p_products uuid[], p_now timestamptz) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $$
BEGIN
    INSERT INTO catalog.details AS old
    SELECT p.id, m.price_list_id, m.locale, coalesce(t.name, e.name), coalesce(t.summary, e.summary), coalesce(t.description, e.description),
           coalesce(t.description_html, e.description_html), coalesce(t.seo_title, e.seo_title), coalesce(t.seo_description, e.seo_description),
           i.ids, i.urls, i.alts, i.widths, i.heights, o.ids, o.names, ov.ids, ov.options, ov.names, ov.swatches,
           v.ids, v.skus, v.weights, v.barcodes, v.images, vv.variants, vv.option_values, v.prices, v.amounts, v.compare_ats, n.next_change
    FROM catalog.products p
    JOIN catalog.product_texts e ON e.product_id = p.id AND e.locale = 'en'
    CROSS JOIN (SELECT DISTINCT k.price_list_id, k.locale FROM catalog.markets k) m
    LEFT JOIN catalog.product_texts t ON t.product_id = p.id AND t.locale = m.locale
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(x.id ORDER BY x.position), '{}') AS ids, coalesce(array_agg(x.url ORDER BY x.position), '{}') AS urls,
               coalesce(array_agg(coalesce(a.alt, b.alt, '') ORDER BY x.position), '{}') AS alts,
               coalesce(array_agg(coalesce(x.width, 0) ORDER BY x.position), '{}') AS widths,
               coalesce(array_agg(coalesce(x.height, 0) ORDER BY x.position), '{}') AS heights
        FROM catalog.images x
        LEFT JOIN catalog.image_texts a ON a.image_id = x.id AND a.locale = m.locale
        LEFT JOIN catalog.image_texts b ON b.image_id = x.id AND b.locale = 'en'
        WHERE x.product_id = p.id) i
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(x.id ORDER BY x.position), '{}') AS ids,
               coalesce(array_agg(coalesce(a.name, b.name) ORDER BY x.position), '{}') AS names
        FROM catalog.options x
        LEFT JOIN catalog.option_texts a ON a.option_id = x.id AND a.locale = m.locale
        JOIN catalog.option_texts b ON b.option_id = x.id AND b.locale = 'en'
        WHERE x.product_id = p.id) o
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(x.id ORDER BY y.position, x.position), '{}') AS ids,
               coalesce(array_agg(y.id ORDER BY y.position, x.position), '{}') AS options,
               coalesce(array_agg(coalesce(a.name, b.name) ORDER BY y.position, x.position), '{}') AS names,
               coalesce(array_agg(coalesce(x.swatch, '') ORDER BY y.position, x.position), '{}') AS swatches
        FROM catalog.options y JOIN catalog.option_values x ON x.option_id = y.id
        LEFT JOIN catalog.option_value_texts a ON a.value_id = x.id AND a.locale = m.locale
        JOIN catalog.option_value_texts b ON b.value_id = x.id AND b.locale = 'en'
        WHERE y.product_id = p.id      -- what only archived variants have is nothing to choose from
          AND x.id IN (SELECT w.value_id FROM catalog.variant_values w JOIN catalog.variants z ON z.id = w.variant_id WHERE z.product_id = p.id AND z.status = 'active')) ov
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(x.id ORDER BY x.position, x.id), '{}') AS ids, coalesce(array_agg(x.sku ORDER BY x.position, x.id), '{}') AS skus,
               coalesce(array_agg(x.weight_g ORDER BY x.position, x.id), '{}') AS weights,
               coalesce(array_agg(coalesce(x.barcode, '') ORDER BY x.position, x.id), '{}') AS barcodes,
               coalesce(array_agg(coalesce(x.image_id, '00000000-0000-0000-0000-000000000000'::uuid) ORDER BY x.position, x.id), '{}') AS images,
               coalesce(array_agg(coalesce(c.id, '00000000-0000-0000-0000-000000000000'::uuid) ORDER BY x.position, x.id), '{}') AS prices,
               coalesce(array_agg(coalesce(c.amount, -1) ORDER BY x.position, x.id), '{}') AS amounts,
               coalesce(array_agg(coalesce(c.compare_at, -1) ORDER BY x.position, x.id), '{}') AS compare_ats
        FROM catalog.variants x
        LEFT JOIN catalog.prices c ON c.variant_id = x.id AND c.price_list_id = m.price_list_id
             AND c.valid_from <= p_now AND (c.valid_to IS NULL OR c.valid_to > p_now)
        WHERE x.product_id = p.id AND x.status = 'active') v
    CROSS JOIN LATERAL (
        SELECT min(CASE WHEN c.valid_from > p_now THEN c.valid_from WHEN c.valid_to > p_now THEN c.valid_to END) AS next_change
        FROM catalog.variants x JOIN catalog.prices c ON c.variant_id = x.id AND c.price_list_id = m.price_list_id
        WHERE x.product_id = p.id AND x.status = 'active' AND (c.valid_to IS NULL OR c.valid_to > p_now)) n
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(x.variant_id ORDER BY x.variant_id, x.option_id), '{}') AS variants,
               coalesce(array_agg(x.value_id ORDER BY x.variant_id, x.option_id), '{}') AS option_values
        FROM catalog.variants y JOIN catalog.variant_values x ON x.variant_id = y.id
        WHERE y.product_id = p.id AND y.status = 'active') vv
    WHERE p.id = ANY (p_products) AND p.status = 'active'
    ON CONFLICT (product_id, price_list_id, locale) DO UPDATE
        SET name = EXCLUDED.name, summary = EXCLUDED.summary, description = EXCLUDED.description, description_html = EXCLUDED.description_html,
            seo_title = EXCLUDED.seo_title, seo_description = EXCLUDED.seo_description, image_ids = EXCLUDED.image_ids,
            image_urls = EXCLUDED.image_urls, image_alts = EXCLUDED.image_alts, image_widths = EXCLUDED.image_widths,
            image_heights = EXCLUDED.image_heights, option_ids = EXCLUDED.option_ids, option_names = EXCLUDED.option_names,
            value_ids = EXCLUDED.value_ids, value_options = EXCLUDED.value_options, value_names = EXCLUDED.value_names,
            value_swatches = EXCLUDED.value_swatches, variant_ids = EXCLUDED.variant_ids, skus = EXCLUDED.skus, weights = EXCLUDED.weights,
            barcodes = EXCLUDED.barcodes, variant_images = EXCLUDED.variant_images, value_of_variant = EXCLUDED.value_of_variant,
            value_of_value = EXCLUDED.value_of_value, price_ids = EXCLUDED.price_ids, amounts = EXCLUDED.amounts,
            compare_ats = EXCLUDED.compare_ats, next_change = EXCLUDED.next_change
        WHERE old IS DISTINCT FROM EXCLUDED;
    DELETE FROM catalog.details d
    WHERE d.product_id = ANY (p_products)
      AND NOT EXISTS (SELECT FROM catalog.products p WHERE p.id = d.product_id AND p.status = 'active'
                        AND EXISTS (SELECT FROM catalog.markets k WHERE k.price_list_id = d.price_list_id AND k.locale = d.locale));
END
$$;
REVOKE ALL ON FUNCTION catalog.refresh_details(uuid[], timestamptz) FROM PUBLIC;

-- The rows of `variant_lines`: all variants, whatever their status, for carts and orders name them for ever.
CREATE OR REPLACE FUNCTION catalog.refresh_lines(p_products uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $$
BEGIN
    INSERT INTO catalog.variant_lines AS old (variant_id, product_name, title, image_url)
    SELECT v.id, coalesce((SELECT t.name FROM catalog.product_texts t WHERE t.product_id = v.product_id AND t.locale = 'en'), v.sku),
           coalesce((SELECT string_agg(t.name, ' / ' ORDER BY o.position) FROM catalog.variant_values vv
                     JOIN catalog.options o ON o.id = vv.option_id
                     JOIN catalog.option_value_texts t ON t.value_id = vv.value_id AND t.locale = 'en'
                     WHERE vv.variant_id = v.id), ''),
           (SELECT i.url FROM catalog.images i WHERE i.product_id = v.product_id ORDER BY i.id <> coalesce(v.image_id, i.id), i.position LIMIT 1)
    FROM catalog.variants v WHERE v.product_id = ANY (p_products)
    ON CONFLICT (variant_id) DO UPDATE SET product_name = EXCLUDED.product_name, title = EXCLUDED.title, image_url = EXCLUDED.image_url
        WHERE old IS DISTINCT FROM EXCLUDED;
END
$$;
REVOKE ALL ON FUNCTION catalog.refresh_lines(uuid[]) FROM PUBLIC;

-- Computes the rows of some products as of p_now. Locks the products: two changes of one product take turns, and the
-- second sees what the first did.
CREATE OR REPLACE FUNCTION catalog.refresh_listing(p_products uuid[], p_now timestamptz) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $$
BEGIN
    PERFORM FROM catalog.products p WHERE p.id = ANY (p_products) ORDER BY p.id FOR NO KEY UPDATE;
    INSERT INTO catalog.listing AS old (product_id, price_list_id, locale, slug, name, summary, image_url, image_alt, image_width, image_height,
                                        currency, amount_min, amount_max, compare_at, next_change, popularity, published_at, variant_ids, in_stock)
    SELECT p.id, m.price_list_id, m.locale, p.slug, coalesce(t.name, e.name), coalesce(t.summary, e.summary),
           i.url, coalesce(it.alt, ie.alt, ''), i.width, i.height, l.currency,
           a.amount_min, a.amount_max, a.compare_at, a.next_change, p.popularity, p.published_at, a.variant_ids,
           EXISTS (SELECT FROM inventory.pub_stock k WHERE k.variant_id = ANY (a.variant_ids) AND k.available > 0)
    FROM catalog.products p
    JOIN catalog.product_texts e ON e.product_id = p.id AND e.locale = 'en'
    CROSS JOIN (SELECT DISTINCT k.price_list_id, k.locale FROM catalog.markets k) m
    JOIN catalog.price_lists l ON l.id = m.price_list_id
    JOIN LATERAL (
        SELECT min(c.amount) FILTER (WHERE c.valid_from <= p_now AND (c.valid_to IS NULL OR c.valid_to > p_now)) AS amount_min,
               max(c.amount) FILTER (WHERE c.valid_from <= p_now AND (c.valid_to IS NULL OR c.valid_to > p_now)) AS amount_max,
               (array_agg(c.compare_at ORDER BY c.amount, v.position)
                    FILTER (WHERE c.valid_from <= p_now AND (c.valid_to IS NULL OR c.valid_to > p_now)))[1] AS compare_at,
               min(CASE WHEN c.valid_from > p_now THEN c.valid_from WHEN c.valid_to > p_now THEN c.valid_to END) AS next_change,
               array_agg(DISTINCT v.id) AS variant_ids
        FROM catalog.variants v
        JOIN catalog.prices c ON c.variant_id = v.id AND c.price_list_id = m.price_list_id
        WHERE v.product_id = p.id AND v.status = 'active'
          AND (c.valid_to IS NULL OR c.valid_to > p_now)) a ON a.variant_ids IS NOT NULL
    LEFT JOIN catalog.product_texts t ON t.product_id = p.id AND t.locale = m.locale
    LEFT JOIN LATERAL (SELECT x.id, x.url, x.width, x.height FROM catalog.images x WHERE x.product_id = p.id ORDER BY x.position LIMIT 1) i ON true
    LEFT JOIN catalog.image_texts it ON it.image_id = i.id AND it.locale = m.locale
    LEFT JOIN catalog.image_texts ie ON ie.image_id = i.id AND ie.locale = 'en'
    WHERE p.id = ANY (p_products) AND p.status = 'active'
    ON CONFLICT (product_id, price_list_id, locale) DO UPDATE
        SET slug = EXCLUDED.slug, name = EXCLUDED.name, summary = EXCLUDED.summary, image_url = EXCLUDED.image_url, image_alt = EXCLUDED.image_alt,
            image_width = EXCLUDED.image_width, image_height = EXCLUDED.image_height, currency = EXCLUDED.currency,
            amount_min = EXCLUDED.amount_min, amount_max = EXCLUDED.amount_max, compare_at = EXCLUDED.compare_at,
            next_change = EXCLUDED.next_change, popularity = EXCLUDED.popularity, published_at = EXCLUDED.published_at,
            variant_ids = EXCLUDED.variant_ids, in_stock = EXCLUDED.in_stock
        WHERE old IS DISTINCT FROM EXCLUDED;
    DELETE FROM catalog.listing s
    WHERE s.product_id = ANY (p_products)
      AND NOT EXISTS (SELECT FROM catalog.products p
                      JOIN catalog.variants v ON v.product_id = p.id AND v.status = 'active'
                      JOIN catalog.prices c ON c.variant_id = v.id AND c.price_list_id = s.price_list_id AND (c.valid_to IS NULL OR c.valid_to > p_now)
                      WHERE p.id = s.product_id AND p.status = 'active'
                        AND EXISTS (SELECT FROM catalog.markets k WHERE k.price_list_id = s.price_list_id AND k.locale = s.locale));
    PERFORM catalog.refresh_details(p_products, p_now);
    PERFORM catalog.refresh_lines(p_products);
END
$$;
REVOKE ALL ON FUNCTION catalog.refresh_listing(uuid[], timestamptz) FROM PUBLIC;

-- One function for all triggers; its argument says how the touched rows lead to products. An import writes to all these
-- tables, product by product, and refreshes once itself: it says so by the setting souk.defer_listing of its transaction.
CREATE OR REPLACE FUNCTION catalog.listing_touched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_products uuid[];
BEGIN
    IF current_setting('souk.defer_listing', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_ARGV[0] = 'id' THEN
        v_products := ARRAY(SELECT DISTINCT t.id FROM touched t);
    ELSIF TG_ARGV[0] = 'product_id' THEN
        v_products := ARRAY(SELECT DISTINCT t.product_id FROM touched t);
    ELSIF TG_ARGV[0] = 'variant_id' THEN
        v_products := ARRAY(SELECT DISTINCT v.product_id FROM touched t JOIN catalog.variants v ON v.id = t.variant_id);
    ELSIF TG_ARGV[0] = 'image_id' THEN
        v_products := ARRAY(SELECT DISTINCT i.product_id FROM touched t JOIN catalog.images i ON i.id = t.image_id);
    ELSIF TG_ARGV[0] = 'option_id' THEN
        v_products := ARRAY(SELECT DISTINCT o.product_id FROM touched t JOIN catalog.options o ON o.id = t.option_id);
    ELSIF TG_ARGV[0] = 'value_id' THEN
        v_products := ARRAY(SELECT DISTINCT o.product_id FROM touched t JOIN catalog.option_values x ON x.id = t.value_id JOIN catalog.options o ON o.id = x.option_id);
    ELSE
        v_products := ARRAY(SELECT p.id FROM catalog.products p);
    END IF;
    IF cardinality(v_products) > 0 THEN
        PERFORM catalog.refresh_listing(v_products, platform.clock());
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION catalog.listing_touched() FROM PUBLIC;

-- A trigger with a table of the touched rows serves one kind of statement, hence three for each table.
DO $triggers$
DECLARE
    r record;
    v_event text;
BEGIN
    FOR r IN SELECT * FROM (VALUES ('products', 'id'), ('product_texts', 'product_id'), ('images', 'product_id'), ('image_texts', 'image_id'),
                                   ('variants', 'product_id'), ('prices', 'variant_id'), ('options', 'product_id'), ('option_texts', 'option_id'),
                                   ('option_values', 'option_id'), ('option_value_texts', 'value_id'), ('variant_values', 'variant_id'), ('markets', 'all')) t(name, arg)
    LOOP
        FOREACH v_event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON catalog.%I REFERENCING %s TABLE AS touched '
                           'FOR EACH STATEMENT EXECUTE FUNCTION catalog.listing_touched(%L)',
                           r.name || '_listing_' || lower(v_event), v_event, r.name,
                           CASE v_event WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END, r.arg);
        END LOOP;
    END LOOP;
END
$triggers$;

-- Called by inventory in the transaction in which a variant sold out or came back.
CREATE OR REPLACE FUNCTION catalog.stock_crossed_v1(p_variants uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO catalog.stock_crossed (variant_id) SELECT u.v FROM unnest(p_variants) u(v);
END
$$;
REVOKE ALL ON FUNCTION catalog.stock_crossed_v1(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.stock_crossed_v1(uuid[]) TO own_inventory;

-- Stores what a scheduled price or a crossing of stock made old. Returns how many products. Readers do not depend on it.
CREATE OR REPLACE FUNCTION catalog.refresh_due_v1(p_limit int, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_crossed bigint[];
    v_products uuid[];
BEGIN
    v_crossed := ARRAY(SELECT c.id FROM catalog.stock_crossed c ORDER BY c.id LIMIT p_limit);
    v_products := ARRAY(SELECT d.product_id FROM (SELECT s.product_id FROM catalog.listing s WHERE s.next_change <= p_now
                                                  ORDER BY s.next_change LIMIT p_limit) d
                        UNION
                        SELECT v.product_id FROM catalog.stock_crossed c JOIN catalog.variants v ON v.id = c.variant_id WHERE c.id = ANY (v_crossed));
    IF cardinality(v_products) > 0 THEN
        PERFORM catalog.refresh_listing(v_products, p_now);
    END IF;
    DELETE FROM catalog.stock_crossed c WHERE c.id = ANY (v_crossed);
    RETURN cardinality(v_products);
END
$$;
REVOKE ALL ON FUNCTION catalog.refresh_due_v1(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.refresh_due_v1(int, timestamptz) TO souk_jobs_core, souk_admin;

-- At the end of a large import: the planner learns what the tables hold now, instead of a minute later.
CREATE OR REPLACE FUNCTION catalog.import_done_v1() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    ANALYZE catalog.products, catalog.product_texts, catalog.product_slugs, catalog.product_categories, catalog.variants, catalog.prices,
        catalog.images, catalog.listing, catalog.details, catalog.variant_lines;
END
$$;
REVOKE ALL ON FUNCTION catalog.import_done_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_done_v1() TO souk_admin;

-- A release that changes how the read models are made makes them again. (A new database has no products, and no clock yet.)
DO $refresh$
BEGIN
    IF NOT EXISTS (SELECT FROM catalog.products) THEN
        RETURN;
    END IF;
    PERFORM catalog.refresh_listing(ARRAY(SELECT p.id FROM catalog.products p), platform.clock());
END
$refresh$;
