-- Imports: products as documents, written idempotently. `souk import` and `souk demo` use nothing else.
SET LOCAL ROLE own_catalog;

-- The text as a slug: lower case letters and digits of ASCII, joined by single hyphens. 'item' when nothing is left.
CREATE OR REPLACE FUNCTION catalog.slugify(p_text text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slug text := trim(BOTH '-' FROM left(regexp_replace(lower(translate(p_text, 'ÄÖÜäöüßÀÁÂÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝàáâãåçèéêëìíîïñòóôõøùúûýÿ',
                                       'AOUaousAAAAACEEEEIIIINOOOOOUUUYaaaaaceeeeiiiinooooouuuyy')), '[^a-z0-9]+', '-', 'g'), 120));
BEGIN
    RETURN CASE WHEN v_slug = '' THEN 'item' ELSE v_slug END;
END
$$;
REVOKE ALL ON FUNCTION catalog.slugify(text) FROM PUBLIC;

-- Categories by slug: made or brought up to date. Parents stand before their children. Returns one row per category.
-- [{"slug","parent","name","description","position","image","only_new": leave it alone when it exists}]
CREATE OR REPLACE FUNCTION catalog.import_categories_v1(p_categories jsonb, p_actor text, p_request_id text, p_now timestamptz)
    RETURNS TABLE(slug text, outcome text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    r record;
    v_id uuid;
    v_parent uuid;
    v_old record;
    v_outcome text;
    v_seq bigint;
BEGIN
    FOR r IN
        SELECT c.slug, c.parent, c.name, coalesce(c.description, '') AS description, coalesce(c.position, 0) AS position, c.image,
               coalesce(c.only_new, false) AS only_new
        FROM jsonb_to_recordset(p_categories) c(slug text, parent text, name text, description text, position int, image text, only_new boolean)
    LOOP
        v_parent := NULL;
        IF r.parent IS NOT NULL THEN
            SELECT c.id INTO STRICT v_parent FROM catalog.categories c WHERE c.slug = r.parent;
        END IF;
        SELECT c.id, c.parent_id, c.position, c.image_url, t.name, t.description INTO v_old
        FROM catalog.categories c LEFT JOIN catalog.category_texts t ON t.category_id = c.id AND t.locale = 'en' WHERE c.slug = r.slug;
        IF NOT FOUND THEN
            v_outcome := 'created';
            v_id := catalog.new_id(p_now);
            v_seq := 1;
            INSERT INTO catalog.categories (id, parent_id, slug, position, image_url, event_seq, created_at, updated_at)
            VALUES (v_id, v_parent, r.slug, r.position, r.image, 1, p_now, p_now);
        ELSIF NOT r.only_new AND (v_old.parent_id, v_old.position, v_old.image_url, v_old.name, v_old.description)
              IS DISTINCT FROM (v_parent, r.position, r.image, r.name, r.description) THEN
            v_outcome := 'updated';
            v_id := v_old.id;
            UPDATE catalog.categories c SET parent_id = v_parent, position = r.position, image_url = r.image, version = c.version + 1,
                event_seq = c.event_seq + 1, updated_at = p_now WHERE c.id = v_id RETURNING c.event_seq INTO v_seq;
        ELSE
            slug := r.slug;
            outcome := 'unchanged';
            RETURN NEXT;
            CONTINUE;
        END IF;
        INSERT INTO catalog.category_texts (category_id, locale, name, description) VALUES (v_id, 'en', r.name, r.description)
        ON CONFLICT (category_id, locale) DO UPDATE SET name = EXCLUDED.name, description = EXCLUDED.description;
        PERFORM platform.emit_v1('category', v_id, v_seq, 'category.' || v_outcome, 1, jsonb_build_object('category_id', v_id, 'slug', r.slug),
                                 p_actor, p_request_id, NULL, p_now);
        slug := r.slug;
        outcome := v_outcome;
        RETURN NEXT;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION catalog.import_categories_v1(jsonb, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_categories_v1(jsonb, text, text, timestamptz) TO souk_admin;

-- Writes the parts of one product (texts, categories, options, images, variants, prices) as its document says.
-- The caller made sure that no SKU belongs to another product. A new product has nothing that would have to be taken away.
CREATE OR REPLACE FUNCTION catalog.import_parts(p_product uuid, p_new boolean, p_doc jsonb, p_price_list uuid, p_currency text, p_actor text,
                                                p_request_id text, p_now timestamptz) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r record;
    v record;
    v_option uuid;
    v_value uuid;
    v_variant uuid;
    v_price record;
    v_skus text[] := '{}';
    v_names text[] := '{}';         -- of all values, as "place of the option:name", beside their ids: a product may have thousands
    v_ids uuid[] := '{}';
BEGIN
    INSERT INTO catalog.product_texts (product_id, locale, name, summary, description, description_html, keywords, seo_title, seo_description)
    VALUES (p_product, 'en', p_doc ->> 'name', coalesce(p_doc ->> 'summary', ''), coalesce(p_doc ->> 'description', ''),
            coalesce((p_doc ->> 'description_html')::boolean, false), coalesce(p_doc ->> 'keywords', ''), p_doc ->> 'seo_title', p_doc ->> 'seo_description')
    ON CONFLICT (product_id, locale) DO UPDATE
        SET name = EXCLUDED.name, summary = EXCLUDED.summary, description = EXCLUDED.description, description_html = EXCLUDED.description_html,
            keywords = EXCLUDED.keywords, seo_title = EXCLUDED.seo_title, seo_description = EXCLUDED.seo_description;

    IF NOT p_new THEN
        DELETE FROM catalog.product_categories pc WHERE pc.product_id = p_product;
    END IF;
    INSERT INTO catalog.product_categories (product_id, category_id, position)
    SELECT p_product, c.id, min(s.n)::int - 1
    FROM jsonb_array_elements_text(coalesce(p_doc -> 'categories', '[]')) WITH ORDINALITY s(slug, n)
    JOIN catalog.categories c ON c.slug = s.slug GROUP BY c.id;

    -- Images keep their id as long as they keep their place.
    FOR r IN
        SELECT i.n::int AS position, i.doc ->> 'url' AS url, coalesce(i.doc ->> 'alt', '') AS alt, (i.doc ->> 'width')::int AS width, (i.doc ->> 'height')::int AS height
        FROM jsonb_array_elements(coalesce(p_doc -> 'images', '[]')) WITH ORDINALITY i(doc, n)
    LOOP
        INSERT INTO catalog.images AS old (id, product_id, position, url, width, height)
        VALUES (catalog.new_id(p_now), p_product, r.position, r.url, r.width, r.height)
        ON CONFLICT (product_id, position) DO UPDATE SET url = EXCLUDED.url, width = EXCLUDED.width, height = EXCLUDED.height
        RETURNING old.id INTO v_value;
        INSERT INTO catalog.image_texts (image_id, locale, alt) VALUES (v_value, 'en', r.alt)
        ON CONFLICT (image_id, locale) DO UPDATE SET alt = EXCLUDED.alt;
    END LOOP;
    IF NOT p_new THEN
        DELETE FROM catalog.images i WHERE i.product_id = p_product AND i.position > jsonb_array_length(coalesce(p_doc -> 'images', '[]'));
    END IF;

    -- Options by place, values by name.
    FOR r IN
        SELECT o.n::int AS position, o.doc ->> 'name' AS name, o.doc -> 'values' AS names
        FROM jsonb_array_elements(coalesce(p_doc -> 'options', '[]')) WITH ORDINALITY o(doc, n)
    LOOP
        INSERT INTO catalog.options AS old (id, product_id, position) VALUES (catalog.new_id(p_now), p_product, r.position)
        ON CONFLICT (product_id, position) DO UPDATE SET position = EXCLUDED.position RETURNING old.id INTO v_option;
        INSERT INTO catalog.option_texts (option_id, locale, name) VALUES (v_option, 'en', r.name)
        ON CONFLICT (option_id, locale) DO UPDATE SET name = EXCLUDED.name;
        FOR v IN
            SELECT x.name, x.n::int AS position, k.id
            FROM (SELECT e.name, min(e.n) AS n FROM jsonb_array_elements_text(r.names) WITH ORDINALITY e(name, n) GROUP BY e.name) x
            LEFT JOIN (SELECT t.name, min(ov.id::text)::uuid AS id FROM catalog.option_values ov JOIN catalog.option_value_texts t ON t.value_id = ov.id AND t.locale = 'en'
                       WHERE ov.option_id = v_option GROUP BY t.name) k ON k.name = x.name
            ORDER BY x.n
        LOOP
            v_value := v.id;
            IF v_value IS NOT NULL THEN
                UPDATE catalog.option_values SET position = v.position WHERE id = v_value AND position <> v.position;
            ELSE
                v_value := catalog.new_id(p_now);
                INSERT INTO catalog.option_values (id, option_id, position) VALUES (v_value, v_option, v.position);
                INSERT INTO catalog.option_value_texts (value_id, locale, name) VALUES (v_value, 'en', v.name);
            END IF;
            v_names := v_names || (r.position || ':' || v.name);
            v_ids := v_ids || v_value;
        END LOOP;
    END LOOP;

    -- Variants by SKU. One that the document no longer names is archived; one that comes back is active again.
    FOR r IN
        SELECT x.n::int AS position, x.doc ->> 'sku' AS sku, coalesce((x.doc ->> 'weight_g')::int, 0) AS weight_g, x.doc ->> 'barcode' AS barcode,
               (x.doc ->> 'amount')::bigint AS amount, (x.doc ->> 'compare_at')::bigint AS compare_at, (x.doc ->> 'image')::int AS image,
               coalesce(x.doc -> 'values', '[]') AS option_values
        FROM jsonb_array_elements(p_doc -> 'variants') WITH ORDINALITY x(doc, n)
    LOOP
        v_skus := v_skus || r.sku;
        INSERT INTO catalog.variants AS old (id, product_id, sku, position, weight_g, barcode, image_id, created_at, updated_at)
        VALUES (catalog.new_id(p_now), p_product, r.sku, r.position, r.weight_g, r.barcode,
                (SELECT i.id FROM catalog.images i WHERE i.product_id = p_product AND i.position = r.image), p_now, p_now)
        ON CONFLICT (sku) DO UPDATE SET position = EXCLUDED.position, weight_g = EXCLUDED.weight_g, barcode = EXCLUDED.barcode,
            image_id = EXCLUDED.image_id, status = 'active', archived_at = NULL, version = old.version + 1, updated_at = p_now
        RETURNING old.id INTO v_variant;

        IF NOT p_new THEN
            DELETE FROM catalog.variant_values vv WHERE vv.variant_id = v_variant;
        END IF;
        IF r.option_values <> '[]' THEN
            INSERT INTO catalog.variant_values (variant_id, option_id, value_id)
            SELECT v_variant, o.id, v_ids[x.place]
            FROM (SELECT e.n, array_position(v_names, e.n || ':' || e.name) AS place FROM jsonb_array_elements_text(r.option_values) WITH ORDINALITY e(name, n)) x
            JOIN catalog.options o ON o.product_id = p_product AND o.position = x.n
            WHERE x.place IS NOT NULL
            ON CONFLICT DO NOTHING;
        END IF;

        CONTINUE WHEN r.amount IS NULL;
        IF p_new THEN
            INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, compare_at, valid_from, created_at)
            VALUES (catalog.new_id(p_now), v_variant, p_price_list, p_currency, r.amount, r.compare_at, p_now, p_now);
            CONTINUE;
        END IF;
        SELECT c.id, c.amount, c.compare_at, c.valid_from INTO v_price FROM catalog.prices c
        WHERE c.variant_id = v_variant AND c.price_list_id = p_price_list AND c.valid_from <= p_now AND (c.valid_to IS NULL OR c.valid_to > p_now)
        ORDER BY c.valid_from DESC LIMIT 1;
        CONTINUE WHEN FOUND AND v_price.amount = r.amount AND v_price.compare_at IS NOT DISTINCT FROM r.compare_at;
        IF v_price.id IS NULL THEN
            INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, compare_at, valid_from, created_at)
            VALUES (catalog.new_id(p_now), v_variant, p_price_list, p_currency, r.amount, r.compare_at, p_now, p_now) ON CONFLICT DO NOTHING;
        ELSE
            PERFORM catalog.prices_put(ARRAY[v_variant], ARRAY[p_price_list], ARRAY[r.amount], ARRAY[coalesce(r.compare_at, 0)], ARRAY[p_now], ARRAY[NULL::timestamptz],
                                       p_actor, p_request_id, NULL, p_now);
        END IF;
    END LOOP;
    IF p_new THEN
        RETURN;
    END IF;
    UPDATE catalog.variants SET status = 'archived', archived_at = p_now, version = version + 1, updated_at = p_now
    WHERE product_id = p_product AND status = 'active' AND sku <> ALL (v_skus);

    -- Options and values that nothing uses any more.
    DELETE FROM catalog.option_values ov USING catalog.options o
    WHERE o.id = ov.option_id AND o.product_id = p_product AND NOT EXISTS (SELECT FROM catalog.variant_values vv WHERE vv.value_id = ov.id);
    DELETE FROM catalog.options o
    WHERE o.product_id = p_product AND NOT EXISTS (SELECT FROM catalog.option_values ov WHERE ov.option_id = o.id);
END
$$;
REVOKE ALL ON FUNCTION catalog.import_parts(uuid, boolean, jsonb, uuid, text, text, text, timestamptz) FROM PUBLIC;

-- Writes products, except what lists and pages read: import_refresh_v1 follows in the same transaction, when their first stock is there too.
-- One row per product: its outcome is created | updated | unchanged | conflict (detail: a SKU that belongs
-- to another product; nothing of this product is written). A product is known again by (p_source, key); when its digest is the
-- one of the last time, it is left alone, whatever happened to it since.
-- [{"key","digest","slug","status","tax_class","vendor","popularity","published_at","name","summary","description","description_html",
--   "keywords","seo_title","seo_description","categories":[slug],"options":[{"name","values":[name]}],
--   "images":[{"url","alt","width","height"}],
--   "variants":[{"sku","values":[name],"amount","compare_at","weight_g","barcode","image": place from 1}]}]
CREATE OR REPLACE FUNCTION catalog.import_products_v1(p_source text, p_products jsonb, p_price_list uuid, p_actor text, p_request_id text,
                                                      p_now timestamptz)
    RETURNS TABLE(key text, outcome text, detail text, product_id uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_doc jsonb;
    v_known record;
    v_currency text;
    v_product uuid;
    v_slug text;
    v_n int;
    v_seq bigint;
BEGIN
    SELECT l.currency INTO STRICT v_currency FROM catalog.price_lists l WHERE l.id = p_price_list;
    PERFORM set_config('souk.defer_listing', 'on', true);
    FOR v_doc IN SELECT d FROM jsonb_array_elements(p_products) d LOOP
        key := v_doc ->> 'key';
        detail := NULL;
        product_id := NULL;
        SELECT k.product_id, k.digest INTO v_known FROM catalog.import_keys k WHERE k.source = p_source AND k.key = v_doc ->> 'key';
        IF v_known.digest = v_doc ->> 'digest' THEN
            outcome := 'unchanged';
            product_id := v_known.product_id;
            RETURN NEXT;
            CONTINUE;
        END IF;

        SELECT v.sku INTO detail FROM catalog.variants v
        WHERE v.sku IN (SELECT x ->> 'sku' FROM jsonb_array_elements(v_doc -> 'variants') x) AND v.product_id IS DISTINCT FROM v_known.product_id LIMIT 1;
        IF detail IS NOT NULL THEN
            outcome := 'conflict';
            RETURN NEXT;
            CONTINUE;
        END IF;

        IF v_known.product_id IS NULL THEN
            outcome := 'created';
            v_product := catalog.new_id(p_now);
            v_slug := catalog.slugify(v_doc ->> 'slug');
            v_n := 1;
            WHILE EXISTS (SELECT FROM catalog.products p WHERE p.slug = v_slug) LOOP
                v_n := v_n + 1;
                v_slug := catalog.slugify(v_doc ->> 'slug') || '-' || v_n;
            END LOOP;
            INSERT INTO catalog.products (id, status, slug, tax_class, vendor, popularity, event_seq, published_at, created_at, updated_at, archived_at)
            VALUES (v_product, coalesce(v_doc ->> 'status', 'active'), v_slug, coalesce(v_doc ->> 'tax_class', 'standard'), v_doc ->> 'vendor',
                    coalesce((v_doc ->> 'popularity')::bigint, 0), 1, coalesce((v_doc ->> 'published_at')::timestamptz, p_now), p_now, p_now,
                    CASE WHEN v_doc ->> 'status' = 'archived' THEN p_now END);
            v_seq := 1;
        ELSE
            outcome := 'updated';
            v_product := v_known.product_id;
            UPDATE catalog.products p SET
                status = CASE WHEN p.status = 'archived' THEN p.status ELSE coalesce(v_doc ->> 'status', 'active') END,
                archived_at = CASE WHEN p.status = 'archived' THEN p.archived_at WHEN v_doc ->> 'status' = 'archived' THEN p_now END,
                tax_class = coalesce(v_doc ->> 'tax_class', 'standard'), vendor = v_doc ->> 'vendor',
                popularity = coalesce((v_doc ->> 'popularity')::bigint, p.popularity), published_at = coalesce((v_doc ->> 'published_at')::timestamptz, p.published_at),
                version = p.version + 1, event_seq = p.event_seq + 1, updated_at = p_now
            WHERE p.id = v_product RETURNING p.event_seq INTO v_seq;
        END IF;
        PERFORM catalog.import_parts(v_product, outcome = 'created', v_doc, p_price_list, v_currency, p_actor, p_request_id, p_now);
        INSERT INTO catalog.import_keys (source, key, product_id, digest, updated_at) VALUES (p_source, v_doc ->> 'key', v_product, v_doc ->> 'digest', p_now)
        ON CONFLICT (source, key) DO UPDATE SET digest = EXCLUDED.digest, updated_at = EXCLUDED.updated_at;
        PERFORM platform.emit_v1('product', v_product, v_seq, 'product.' || outcome, 1, jsonb_build_object('product_id', v_product),
                                 p_actor, p_request_id, NULL, p_now);
        product_id := v_product;
        RETURN NEXT;
    END LOOP;
    PERFORM set_config('souk.defer_listing', 'off', true);
END
$$;
REVOKE ALL ON FUNCTION catalog.import_products_v1(text, jsonb, uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_products_v1(text, jsonb, uuid, text, text, timestamptz) TO souk_admin;

-- One import at a time, and no prices are set meanwhile (who sets some waits a few seconds, then is told to come again). An import takes
-- variants in the order of its file and keeps them to its end: with somebody who takes them in another order it would end in a circle of
-- waiting, and the server would give up the import, after minutes of work. Until the transaction ends. False: another import runs.
CREATE OR REPLACE FUNCTION catalog.import_begin_v1() RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '30s'
AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(6009413705712020) THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(6009413705712021);         -- prices_set_v1 shares it
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION catalog.import_begin_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_begin_v1() TO souk_admin;

-- Ends what import_products_v1 began.
CREATE OR REPLACE FUNCTION catalog.import_refresh_v1(p_products uuid[], p_now timestamptz) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    PERFORM catalog.refresh_listing(p_products, p_now);
END
$$;
REVOKE ALL ON FUNCTION catalog.import_refresh_v1(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_refresh_v1(uuid[], timestamptz) TO souk_admin;

-- Variants of products, with their SKU: what an import needs to give them their first stock.
CREATE OR REPLACE FUNCTION catalog.import_variants_v1(p_products uuid[]) RETURNS TABLE(variant_id uuid, sku text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT v.id, v.sku FROM catalog.variants v WHERE v.product_id = ANY (p_products) AND v.status = 'active';
END
$$;
REVOKE ALL ON FUNCTION catalog.import_variants_v1(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_variants_v1(uuid[]) TO souk_admin;

-- --- invoices: lines are collected in a table of the server, so that the importer's memory does not grow with the file --------

-- Begins: one import of invoices at a time (others wait for the end of its transaction), with an empty table.
CREATE OR REPLACE FUNCTION catalog.import_lines_begin_v1() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    TRUNCATE catalog.import_lines, catalog.import_totals;
END
$$;
REVOKE ALL ON FUNCTION catalog.import_lines_begin_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_lines_begin_v1() TO souk_admin;

CREATE OR REPLACE FUNCTION catalog.import_lines_add_v1(p_skus text[], p_names text[], p_amounts bigint[], p_sold_at timestamptz[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO catalog.import_lines (sku, name, amount, sold_at) SELECT u.s, u.n, u.a, u.t FROM unnest(p_skus, p_names, p_amounts, p_sold_at) u(s, n, a, t);
END
$$;
REVOKE ALL ON FUNCTION catalog.import_lines_add_v1(text[], text[], bigint[], timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_lines_add_v1(text[], text[], bigint[], timestamptz[]) TO souk_admin;

-- Adds the lines up per SKU: the name that most lines use; the price that most lines of its last 90 days show (the higher one when
-- two are as frequent: the lower one is a discount for quantity); how often it was sold. Returns the number of SKUs.
CREATE OR REPLACE FUNCTION catalog.import_lines_sum_v1() RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
    v_count bigint;
BEGIN
    ANALYZE catalog.import_lines;
    INSERT INTO catalog.import_totals (sku, name, amount, lines, first_at, last_at)
    WITH span AS (
        SELECT l.sku, count(*) AS lines, min(l.sold_at) AS first_at, max(l.sold_at) AS last_at FROM catalog.import_lines l GROUP BY l.sku
    ), name AS (
        SELECT DISTINCT ON (n.sku) n.sku, n.name
        FROM (SELECT l.sku, l.name, count(*) AS uses FROM catalog.import_lines l WHERE l.name IS NOT NULL GROUP BY l.sku, l.name) n
        ORDER BY n.sku, n.uses DESC, n.name
    ), price AS (
        SELECT DISTINCT ON (n.sku) n.sku, n.amount
        FROM (SELECT l.sku, l.amount, count(*) AS uses FROM catalog.import_lines l JOIN span s ON s.sku = l.sku
              WHERE l.sold_at > s.last_at - interval '90 days' GROUP BY l.sku, l.amount) n
        ORDER BY n.sku, n.uses DESC, n.amount DESC
    )
    SELECT s.sku, n.name, p.amount, s.lines, s.first_at, s.last_at FROM span s JOIN price p ON p.sku = s.sku LEFT JOIN name n ON n.sku = s.sku;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION catalog.import_lines_sum_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_lines_sum_v1() TO souk_admin;

-- The next totals behind a SKU, and whether that SKU was imported before.
CREATE OR REPLACE FUNCTION catalog.import_lines_read_v1(p_after text, p_limit int)
    RETURNS TABLE(sku text, name text, amount bigint, lines bigint, first_at timestamptz, last_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT t.sku, t.name, t.amount, t.lines, t.first_at, t.last_at FROM catalog.import_totals t WHERE t.sku > p_after ORDER BY t.sku LIMIT p_limit;
END
$$;
REVOKE ALL ON FUNCTION catalog.import_lines_read_v1(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.import_lines_read_v1(text, int) TO souk_admin;
