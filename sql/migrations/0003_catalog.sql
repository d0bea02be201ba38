-- phase: expand
-- The catalogue: what the shop shows and at what price. Product texts live in (id, locale) tables; 'en' is the locale
-- that every object has, so that a missing translation falls back to it.
--
-- Rules of this schema:
-- * Nothing that an order names is deleted: products and variants are archived.
-- * A current slug is unique; earlier ones stay in <object>_slugs and answer 301.
-- * A price row is a fact with a time range. Ranges of one variant and price list never overlap. Changing the amount of
--   a row in force closes it and opens a new one (a trigger does that, so a plain UPDATE keeps the history too).
-- * listing and details are read models kept by triggers: what lists show, sort and filter by, and what a product's page
--   shows except prices and stock. listing.next_change says when its amounts must be computed again; readers do that
--   themselves for the rows that are due, a job stores it.
SET LOCAL ROLE own_catalog;

-- --- tax classes, price lists, markets -----------------------------------------------------------------------------

CREATE TABLE catalog.tax_classes (
    code       text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,30}$'),
    position   int NOT NULL DEFAULT 0
);
INSERT INTO catalog.tax_classes (code, position) VALUES ('standard', 1), ('reduced', 2), ('zero', 3);

CREATE TABLE catalog.price_lists (
    id           uuid PRIMARY KEY,
    version      int NOT NULL DEFAULT 1,
    code         text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{0,30}$'),
    currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    tax_included boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    UNIQUE (id, currency)
);

CREATE TABLE catalog.markets (
    id            uuid PRIMARY KEY,
    version       int NOT NULL DEFAULT 1,
    code          text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{0,30}$'),
    country       text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    locale        text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]+)*$'),
    price_list_id uuid NOT NULL REFERENCES catalog.price_lists (id),
    time_zone     text NOT NULL,
    is_default    boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX markets_one_default ON catalog.markets (is_default) WHERE is_default;

INSERT INTO catalog.price_lists (id, code, currency, tax_included, created_at, updated_at) VALUES
    ('01900000-0000-7000-8000-000000000101', 'eur', 'EUR', true, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000102', 'gbp', 'GBP', true, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO catalog.markets (id, code, country, locale, price_list_id, time_zone, is_default, created_at, updated_at) VALUES
    ('01900000-0000-7000-8000-000000000201', 'de', 'DE', 'en', '01900000-0000-7000-8000-000000000101', 'Europe/Berlin', true,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000202', 'at', 'AT', 'en', '01900000-0000-7000-8000-000000000101', 'Europe/Vienna', false,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000203', 'gb', 'GB', 'en', '01900000-0000-7000-8000-000000000102', 'Europe/London', false,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');

-- --- categories ----------------------------------------------------------------------------------------------------

CREATE TABLE catalog.categories (
    id          uuid PRIMARY KEY,
    version     int NOT NULL DEFAULT 1,
    parent_id   uuid REFERENCES catalog.categories (id),
    path        uuid[] NOT NULL,                     -- ancestors from the root, then the category itself (kept by a trigger)
    slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 120),
    position    int NOT NULL DEFAULT 0,
    status      text NOT NULL DEFAULT 'active' CHECK (status IN ('draft', 'active', 'archived')),
    image_url   text,
    event_seq   bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    archived_at timestamptz,
    CHECK (cardinality(path) BETWEEN 1 AND 8),
    CHECK ((status = 'archived') = (archived_at IS NOT NULL))
);
CREATE INDEX categories_path ON catalog.categories USING gin (path);
CREATE INDEX categories_parent ON catalog.categories (parent_id, position);

CREATE TABLE catalog.category_texts (
    category_id uuid NOT NULL REFERENCES catalog.categories (id) ON DELETE CASCADE,
    locale      text NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '',
    words       tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, name)) STORED,
    PRIMARY KEY (category_id, locale)
);
CREATE INDEX category_texts_words ON catalog.category_texts USING gin (words);
CREATE INDEX category_texts_trgm ON catalog.category_texts USING gin (lower(name) ext.gin_trgm_ops);

CREATE TABLE catalog.category_slugs (
    slug        text PRIMARY KEY,
    category_id uuid NOT NULL REFERENCES catalog.categories (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL
);
CREATE INDEX category_slugs_category ON catalog.category_slugs (category_id);

-- --- products ------------------------------------------------------------------------------------------------------

CREATE TABLE catalog.products (
    id           uuid PRIMARY KEY,
    version      int NOT NULL DEFAULT 1,
    status       text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'archived')),
    slug         text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 160),
    tax_class    text NOT NULL DEFAULT 'standard' REFERENCES catalog.tax_classes (code),
    vendor       text,
    popularity   bigint NOT NULL DEFAULT 0 CHECK (popularity >= 0),
    event_seq    bigint NOT NULL DEFAULT 0,
    published_at timestamptz NOT NULL,               -- what "newest" sorts by
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    archived_at  timestamptz,
    CHECK ((status = 'archived') = (archived_at IS NOT NULL))
) WITH (fillfactor = 85);

CREATE TABLE catalog.product_texts (
    product_id      uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    locale          text NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    summary         text NOT NULL DEFAULT '',        -- one or two plain sentences
    description     text NOT NULL DEFAULT '',
    description_html boolean NOT NULL DEFAULT false, -- the description is HTML from outside: sanitise before showing
    keywords        text NOT NULL DEFAULT '',        -- tags, type, vendor, SKUs: searched, never shown
    seo_title       text,
    seo_description text,
    search          tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector(CASE split_part(locale, '-', 1) WHEN 'en' THEN 'english'::regconfig WHEN 'de' THEN 'german'::regconfig
                                   WHEN 'fr' THEN 'french'::regconfig WHEN 'es' THEN 'spanish'::regconfig ELSE 'simple'::regconfig END, name), 'A') ||
        setweight(to_tsvector('simple'::regconfig, keywords), 'B') ||
        setweight(to_tsvector(CASE split_part(locale, '-', 1) WHEN 'en' THEN 'english'::regconfig WHEN 'de' THEN 'german'::regconfig
                                   WHEN 'fr' THEN 'french'::regconfig WHEN 'es' THEN 'spanish'::regconfig ELSE 'simple'::regconfig END,
                              left(summary, 1000) || ' ' || left(description, 20000)), 'D')) STORED,
    words           tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, name)) STORED,
    PRIMARY KEY (product_id, locale)
);
CREATE INDEX product_texts_search ON catalog.product_texts USING gin (search);
CREATE INDEX product_texts_words ON catalog.product_texts USING gin (words);
CREATE INDEX product_texts_trgm ON catalog.product_texts USING gin (lower(name) ext.gin_trgm_ops);

CREATE TABLE catalog.product_slugs (
    slug       text PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
CREATE INDEX product_slugs_product ON catalog.product_slugs (product_id);

CREATE TABLE catalog.product_categories (
    product_id  uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    category_id uuid NOT NULL REFERENCES catalog.categories (id),
    position    int NOT NULL DEFAULT 0,              -- 0: the category of the breadcrumb
    PRIMARY KEY (product_id, category_id)
);
CREATE INDEX product_categories_category ON catalog.product_categories (category_id, product_id);

CREATE TABLE catalog.options (
    id         uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    position   int NOT NULL,
    UNIQUE (product_id, position)
);
CREATE TABLE catalog.option_texts (
    option_id uuid NOT NULL REFERENCES catalog.options (id) ON DELETE CASCADE,
    locale    text NOT NULL,
    name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    PRIMARY KEY (option_id, locale)
);
CREATE TABLE catalog.option_values (
    id        uuid PRIMARY KEY,
    option_id uuid NOT NULL REFERENCES catalog.options (id) ON DELETE CASCADE,
    position  int NOT NULL,
    swatch    text CHECK (swatch ~ '^#[0-9a-f]{6}$')
);
CREATE INDEX option_values_option ON catalog.option_values (option_id, position);
CREATE TABLE catalog.option_value_texts (
    value_id uuid NOT NULL REFERENCES catalog.option_values (id) ON DELETE CASCADE,
    locale   text NOT NULL,
    name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    PRIMARY KEY (value_id, locale)
);

CREATE TABLE catalog.images (
    id         uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    position   int NOT NULL,
    url        text NOT NULL CHECK (url ~ '^(/|https://)' AND length(url) <= 2000),
    width      int CHECK (width > 0),
    height     int CHECK (height > 0),
    UNIQUE (product_id, position),
    CHECK ((width IS NULL) = (height IS NULL))
);
CREATE TABLE catalog.image_texts (
    image_id uuid NOT NULL REFERENCES catalog.images (id) ON DELETE CASCADE,
    locale   text NOT NULL,
    alt      text NOT NULL,
    PRIMARY KEY (image_id, locale)
);

CREATE TABLE catalog.variants (
    id          uuid PRIMARY KEY,
    version     int NOT NULL DEFAULT 1,
    product_id  uuid NOT NULL REFERENCES catalog.products (id),
    sku         text NOT NULL UNIQUE CHECK (length(sku) BETWEEN 1 AND 100),
    status      text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    position    int NOT NULL DEFAULT 0,
    weight_g    int NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    barcode     text,
    image_id    uuid REFERENCES catalog.images (id) ON DELETE SET NULL,
    event_seq   bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    archived_at timestamptz,
    CHECK ((status = 'archived') = (archived_at IS NOT NULL))
) WITH (fillfactor = 90);
CREATE INDEX variants_product ON catalog.variants (product_id, position);
CREATE INDEX variants_image ON catalog.variants (image_id) WHERE image_id IS NOT NULL;

CREATE TABLE catalog.variant_values (
    variant_id uuid NOT NULL REFERENCES catalog.variants (id) ON DELETE CASCADE,
    option_id  uuid NOT NULL REFERENCES catalog.options (id),
    value_id   uuid NOT NULL REFERENCES catalog.option_values (id),
    PRIMARY KEY (variant_id, option_id)
);
CREATE INDEX variant_values_value ON catalog.variant_values (value_id);
CREATE INDEX variant_values_option ON catalog.variant_values (option_id);

-- --- prices --------------------------------------------------------------------------------------------------------

CREATE TABLE catalog.prices (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    variant_id    uuid NOT NULL REFERENCES catalog.variants (id),
    price_list_id uuid NOT NULL,
    currency      text NOT NULL,
    amount        bigint NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    compare_at    bigint CHECK (compare_at > amount AND compare_at <= 9007199254740991),   -- the price before, shown struck out
    valid_from    timestamptz NOT NULL,
    valid_to      timestamptz,                       -- half-open; null: until further notice
    created_at    timestamptz NOT NULL,
    FOREIGN KEY (price_list_id, currency) REFERENCES catalog.price_lists (id, currency),
    CHECK (valid_to > valid_from),
    CONSTRAINT prices_no_overlap EXCLUDE USING gist (variant_id WITH =, price_list_id WITH =, tstzrange(valid_from, valid_to) WITH &&)
) WITH (fillfactor = 90);
-- The hot look-up (current price of a variant): one probe, answered from the index alone.
CREATE INDEX prices_current ON catalog.prices (variant_id, price_list_id, valid_from DESC) INCLUDE (valid_to, amount, compare_at, currency, id);

-- --- listing -------------------------------------------------------------------------------------------------------

-- What a card in a list shows, one row per active product, price list and locale of a market: a page of a list is one
-- index scan over these rows. Kept by triggers on everything that it is made of (functions/catalog_listing.sql).
-- Only products with a price in the list stand here. Prices are those of the cheapest and the dearest variant.
CREATE TABLE catalog.listing (
    product_id    uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    price_list_id uuid NOT NULL REFERENCES catalog.price_lists (id),
    locale        text NOT NULL,
    slug          text NOT NULL,
    name          text NOT NULL,
    summary       text NOT NULL,
    image_url     text,
    image_alt     text,
    image_width   int,
    image_height  int,
    currency      text NOT NULL,
    amount_min    bigint,                            -- null: no price in force now, but one is planned
    amount_max    bigint,
    compare_at    bigint,                            -- of the cheapest variant
    next_change   timestamptz,                       -- the amounts are true before this time
    popularity    bigint NOT NULL,
    published_at  timestamptz NOT NULL,
    variant_ids   uuid[] NOT NULL,                   -- those with a price in the list
    in_stock      boolean NOT NULL,                  -- some variant can be bought; true for variants that stand not in stock_crossed
    PRIMARY KEY (product_id, price_list_id, locale)
) WITH (fillfactor = 80);
CREATE INDEX listing_popularity ON catalog.listing (price_list_id, locale, popularity DESC, product_id);
CREATE INDEX listing_newest ON catalog.listing (price_list_id, locale, published_at DESC, product_id);
CREATE INDEX listing_price ON catalog.listing (price_list_id, locale, amount_min, product_id);
CREATE INDEX listing_name ON catalog.listing (price_list_id, locale, name COLLATE "und-x-icu", product_id);
CREATE INDEX listing_due ON catalog.listing (next_change) WHERE next_change IS NOT NULL;

-- Variants that sold out or came back since the listing was computed: readers look at their stock itself, a job folds them in. Rows are only
-- appended, so that a checkout that sells the last piece waits for nobody.
CREATE TABLE catalog.stock_crossed (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    variant_id uuid NOT NULL
) WITH (autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0);

-- --- details -------------------------------------------------------------------------------------------------------

-- What a product's page shows except stock, one row per active product, price list and locale of a market. The same columns
-- from the tables that they come from cost ten times as much. Kept like the listing, and like there the amounts are true
-- before next_change.
CREATE TABLE catalog.details (
    product_id       uuid NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
    price_list_id    uuid NOT NULL REFERENCES catalog.price_lists (id),
    locale           text NOT NULL,
    name             text NOT NULL,
    summary          text NOT NULL,
    description      text NOT NULL,
    description_html boolean NOT NULL,
    seo_title        text,
    seo_description  text,
    image_ids        uuid[] NOT NULL,                -- by position; the four below are in the same order
    image_urls       text[] NOT NULL,
    image_alts       text[] NOT NULL,
    image_widths     int[] NOT NULL,                 -- 0: unknown
    image_heights    int[] NOT NULL,
    option_ids       uuid[] NOT NULL,
    option_names     text[] NOT NULL,
    value_ids        uuid[] NOT NULL,                -- of all options, by option and position
    value_options    uuid[] NOT NULL,
    value_names      text[] NOT NULL,
    value_swatches   text[] NOT NULL,                -- '': none
    variant_ids      uuid[] NOT NULL,                -- active ones, by position
    skus             text[] NOT NULL,
    weights          int[] NOT NULL,
    barcodes         text[] NOT NULL,
    variant_images   uuid[] NOT NULL,                -- the zero id: none
    value_of_variant uuid[] NOT NULL,                -- pairs with value_of_value
    value_of_value   uuid[] NOT NULL,
    price_ids        uuid[] NOT NULL,                -- of variant_ids, in force now; the zero id: none
    amounts          bigint[] NOT NULL,              -- -1: none
    compare_ats      bigint[] NOT NULL,              -- -1: none
    next_change      timestamptz,
    PRIMARY KEY (product_id, price_list_id, locale)
) WITH (fillfactor = 80);

-- --- import --------------------------------------------------------------------------------------------------------

-- What an import made from which key of which source, and a digest of what it read: an unchanged input changes nothing.
CREATE TABLE catalog.import_keys (
    source     text NOT NULL,
    key        text NOT NULL,
    product_id uuid NOT NULL REFERENCES catalog.products (id),
    digest     text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (source, key)
);
CREATE INDEX import_keys_product ON catalog.import_keys (product_id);

-- Lines of an invoice file while they are being imported; emptied at the start of each import, never crash-safe on purpose.
CREATE UNLOGGED TABLE catalog.import_lines (
    sku     text NOT NULL,
    name    text,
    amount  bigint NOT NULL,
    sold_at timestamptz NOT NULL
);
-- ... and what they add up to per product.
CREATE UNLOGGED TABLE catalog.import_totals (
    sku      text PRIMARY KEY,
    name     text,
    amount   bigint NOT NULL,
    lines    bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL
);

-- --- grants on tables (functions and views carry their own) ----------------------------------------------------------

-- The product pool shows the catalogue and may read all of it, but not what an import keeps for itself.
GRANT SELECT ON catalog.tax_classes, catalog.price_lists, catalog.markets, catalog.categories, catalog.category_texts, catalog.category_slugs,
    catalog.products, catalog.product_texts, catalog.product_slugs, catalog.product_categories, catalog.options, catalog.option_texts,
    catalog.option_values, catalog.option_value_texts, catalog.images, catalog.image_texts, catalog.variants, catalog.variant_values,
    catalog.prices, catalog.listing, catalog.stock_crossed, catalog.details TO souk_product, souk_admin;
GRANT REFERENCES (id) ON catalog.variants, catalog.products, catalog.markets, catalog.price_lists TO own_inventory, own_orders;
GRANT REFERENCES (code) ON catalog.tax_classes TO own_orders;

RESET ROLE;
