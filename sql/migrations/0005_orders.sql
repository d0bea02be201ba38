-- phase: expand
-- Carts, orders, shipping options and tax rates.
--
-- Rules of this schema:
-- * Nothing here computes money: src/domain computes, the database compares and refuses.
-- * E-mail, phone, names, street lines and notes are ciphertext under the person's key; country and postal area are clear.
--   The place named in each ciphertext is the cart's ("orders.cart.email:<cart id>"), so an order copies them unopened.
-- * An order is made by orders.checkout_v1 only, and its state moves by the published functions only; the trigger below
--   refuses every other edge and every change of what was agreed.
-- * No foreign key to variants, and none from orders to markets and shipping options: checking one would lock a row that
--   everybody uses at once.
SET LOCAL ROLE own_orders;

-- --- reference data -------------------------------------------------------------------------------------------------

CREATE TABLE orders.tax_rate (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    tax_class   text NOT NULL REFERENCES catalog.tax_classes (code),
    rate        int NOT NULL CHECK (rate BETWEEN 0 AND 1000000),         -- 1/10,000 percent: 190000 = 19 %
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz,                                            -- half-open; null: until further notice
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CHECK (valid_to > valid_from),
    CONSTRAINT tax_rate_no_overlap EXCLUDE USING gist (country WITH OPERATOR(pg_catalog.=), tax_class WITH OPERATOR(pg_catalog.=),
                                                       tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE orders.tax_rate IS 'Tax by country of destination and tax class. A class without a rate cannot be sold there.';

CREATE TABLE orders.shipping_option (
    id           uuid PRIMARY KEY,
    code         text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{0,39}$'),
    countries    text[] NOT NULL CHECK (cardinality(countries) > 0),
    currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    price        bigint NOT NULL CHECK (price BETWEEN 0 AND 9007199254740991),
    free_from    bigint CHECK (free_from >= 0),                         -- free from this value of goods on
    max_weight_g bigint CHECK (max_weight_g > 0),
    tax_class    text NOT NULL REFERENCES catalog.tax_classes (code),
    days_min     int NOT NULL CHECK (days_min >= 0),
    days_max     int NOT NULL CHECK (days_max >= days_min),
    position     int NOT NULL DEFAULT 0,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    archived_at  timestamptz
);
CREATE INDEX shipping_option_countries ON orders.shipping_option USING gin (countries) WHERE archived_at IS NULL;

CREATE TABLE orders.shipping_option_text (
    option_id uuid NOT NULL REFERENCES orders.shipping_option (id),
    locale    text NOT NULL,
    name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    PRIMARY KEY (option_id, locale)
);

-- Member states whose rates we know; a shop owner keeps them. Source: European Commission, VAT rates applied in the
-- member states; one reduced rate each (the one for books and similar goods).
INSERT INTO orders.tax_rate (country, tax_class, rate, valid_from, created_at, updated_at)
SELECT r.country, c.tax_class, CASE c.tax_class WHEN 'standard' THEN r.standard WHEN 'reduced' THEN r.reduced ELSE 0 END,
       '2020-01-01 00:00:00+00', '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'
FROM (VALUES ('DE', 190000, 70000), ('AT', 200000, 100000), ('BE', 210000, 60000), ('CZ', 210000, 120000), ('DK', 250000, 250000),
             ('ES', 210000, 100000), ('FR', 200000, 55000), ('IE', 230000, 90000), ('IT', 220000, 100000), ('LU', 170000, 80000),
             ('NL', 210000, 90000), ('PL', 230000, 80000), ('PT', 230000, 60000), ('SE', 250000, 120000), ('SI', 220000, 95000),
             ('GB', 200000, 50000)) AS r(country, standard, reduced),
     (VALUES ('standard'), ('reduced'), ('zero')) AS c(tax_class);

INSERT INTO orders.shipping_option (id, code, countries, currency, price, free_from, max_weight_g, tax_class, days_min, days_max, position,
                                    created_at, updated_at) VALUES
    ('01900000-0000-7000-8000-000000000401', 'standard', '{DE}', 'EUR', 490, 6000, 31500, 'standard', 2, 3, 1,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000402', 'express', '{DE}', 'EUR', 990, NULL, 20000, 'standard', 1, 1, 2,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000403', 'standard', '{AT}', 'EUR', 790, 9000, 31500, 'standard', 3, 5, 1,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000404', 'standard', '{BE,CZ,DK,ES,FR,IE,IT,LU,NL,PL,PT,SE,SI}', 'EUR', 1290, 15000, 31500,
     'standard', 4, 7, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000405', 'freight', '{DE,AT}', 'EUR', 3900, NULL, NULL, 'standard', 5, 10, 9,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('01900000-0000-7000-8000-000000000406', 'standard', '{GB}', 'GBP', 590, 7500, 31500, 'standard', 4, 8, 1,
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO orders.shipping_option_text (option_id, locale, name)
SELECT o.id, 'en', CASE o.code WHEN 'standard' THEN 'Standard delivery' WHEN 'express' THEN 'Express delivery' ELSE 'Freight forwarder' END
FROM orders.shipping_option o;

-- --- carts ------------------------------------------------------------------------------------------------------------

CREATE TABLE orders.cart (
    id                 uuid PRIMARY KEY,
    version            int NOT NULL DEFAULT 1 CHECK (version > 0),
    state              text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ordered', 'abandoned')),
    token_hash         bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),   -- SHA-256 of the 32 random bytes the shopper holds
    market_id          uuid NOT NULL REFERENCES catalog.markets (id),
    person_id          uuid,
    email_hash         bytea CHECK (octet_length(email_hash) = 32),
    email_sealed       bytea,
    phone_sealed       bytea,
    address_sealed     bytea,                                          -- JSON: name, company, line1, line2, postal_code, city, region
    ship_country       text CHECK (ship_country ~ '^[A-Z]{2}$'),
    ship_postal_area   text CHECK (length(ship_postal_area) <= 8),
    shipping_option_id uuid REFERENCES orders.shipping_option (id),
    event_seq          bigint NOT NULL DEFAULT 0,
    expires_at         timestamptz NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CHECK (person_id IS NOT NULL OR num_nonnulls(email_sealed, phone_sealed, address_sealed) = 0),
    CHECK ((address_sealed IS NULL) = (ship_country IS NULL)),
    CHECK ((email_sealed IS NULL) = (email_hash IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX cart_due ON orders.cart (expires_at) WHERE state = 'open';

CREATE TABLE orders.cart_item (
    id          uuid PRIMARY KEY,
    cart_id     uuid NOT NULL REFERENCES orders.cart (id) ON DELETE CASCADE,
    variant_id  uuid NOT NULL,
    quantity    int NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    price_seen  bigint NOT NULL CHECK (price_seen BETWEEN 0 AND 9007199254740991),      -- what the shopper was told last
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    UNIQUE (cart_id, variant_id)
) WITH (fillfactor = 85);

-- --- orders -----------------------------------------------------------------------------------------------------------

CREATE SEQUENCE orders.order_number START 10001;

CREATE TABLE orders.orders (
    id                  uuid PRIMARY KEY,
    number              text NOT NULL UNIQUE CHECK (number ~ '^[0-9]{5,12}-[0-9A-Z]{6}$'),
    version             int NOT NULL DEFAULT 1 CHECK (version > 0),
    event_seq           bigint NOT NULL DEFAULT 0,
    state               text NOT NULL DEFAULT 'pending_payment'
                        CHECK (state IN ('pending_payment', 'paid', 'fulfilling', 'completed', 'canceled')),
    cart_id             uuid NOT NULL UNIQUE REFERENCES orders.cart (id),
    access_hash         bytea NOT NULL CHECK (octet_length(access_hash) = 32),          -- the cart's token also opens its order
    person_id           uuid NOT NULL,
    email_hash          bytea NOT NULL CHECK (octet_length(email_hash) = 32),           -- keyed, for the look-up by number and e-mail
    email_sealed        bytea NOT NULL,
    phone_sealed        bytea,
    address_sealed      bytea NOT NULL,
    note_sealed         bytea,
    ship_country        text NOT NULL,
    ship_postal_area    text,
    market_id           uuid NOT NULL,
    market_code         text NOT NULL,
    locale              text NOT NULL,
    currency            text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    prices_include_tax  boolean NOT NULL,
    shipping_option_id  uuid NOT NULL,
    shipping_name       text NOT NULL,
    subtotal            bigint NOT NULL CHECK (subtotal BETWEEN 0 AND 9007199254740991),
    discount            bigint NOT NULL CHECK (discount BETWEEN 0 AND subtotal),
    shipping            bigint NOT NULL CHECK (shipping BETWEEN 0 AND 9007199254740991),
    shipping_tax_rate   int NOT NULL CHECK (shipping_tax_rate BETWEEN 0 AND 1000000),
    shipping_tax        bigint NOT NULL CHECK (shipping_tax >= 0),
    tax                 bigint NOT NULL CHECK (tax >= shipping_tax),
    total               bigint NOT NULL CHECK (total BETWEEN 0 AND 9007199254740991),
    calc_version        int NOT NULL,
    explanation         jsonb NOT NULL,
    expires_at          timestamptz NOT NULL,                          -- until when the stock is held for the payment
    paid_at             timestamptz,
    paid_attempt_id     uuid,
    completed_at        timestamptz,
    cancel_requested_at timestamptz,
    canceled_at         timestamptz,
    cancel_reason       text,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT orders_total_adds_up CHECK (total = subtotal - discount + shipping + CASE WHEN prices_include_tax THEN 0 ELSE tax END),
    CHECK ((paid_at IS NULL) = (paid_attempt_id IS NULL)),
    CHECK (state NOT IN ('paid', 'fulfilling', 'completed') OR paid_at IS NOT NULL),
    CHECK ((state = 'canceled') = (canceled_at IS NOT NULL)),
    CHECK ((state = 'completed') = (completed_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX orders_unpaid ON orders.orders (expires_at) WHERE state = 'pending_payment';
CREATE INDEX orders_person ON orders.orders (person_id, created_at);

CREATE TABLE orders.order_line (
    id            uuid PRIMARY KEY,
    order_id      uuid NOT NULL REFERENCES orders.orders (id),
    position      int NOT NULL CHECK (position >= 0),
    variant_id    uuid NOT NULL,
    product_id    uuid NOT NULL,
    sku           text NOT NULL,
    product_name  text NOT NULL,
    product_slug  text NOT NULL,
    variant_title text,
    image_url     text,
    quantity      int NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    unit_price    bigint NOT NULL CHECK (unit_price >= 0),
    discount      bigint NOT NULL CHECK (discount >= 0),
    tax_class     text NOT NULL,
    tax_rate      int NOT NULL CHECK (tax_rate BETWEEN 0 AND 1000000),
    net           bigint NOT NULL CHECK (net >= 0),
    tax           bigint NOT NULL CHECK (tax >= 0),
    total         bigint NOT NULL,
    created_at    timestamptz NOT NULL,
    UNIQUE (order_id, position),
    UNIQUE (order_id, variant_id),
    CHECK (total = net + tax)
);

-- The edges of src/domain/order_state.c, once more.
CREATE FUNCTION orders.order_edge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'order %: orders are never deleted', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending_payment' THEN
            RAISE EXCEPTION 'order %: an order begins as pending_payment, not %', NEW.id, NEW.state USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
        ('pending_payment', 'paid'), ('pending_payment', 'canceled'), ('paid', 'fulfilling'), ('paid', 'canceled'),
        ('fulfilling', 'completed'), ('fulfilling', 'canceled')) THEN
        RAISE EXCEPTION 'order %: % to % is not a step', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.number, NEW.cart_id, NEW.market_id, NEW.market_code, NEW.currency, NEW.prices_include_tax, NEW.shipping_option_id, NEW.subtotal,
        NEW.discount, NEW.shipping, NEW.shipping_tax_rate, NEW.shipping_tax, NEW.tax, NEW.total, NEW.calc_version, NEW.created_at) IS DISTINCT FROM
       (OLD.id, OLD.number, OLD.cart_id, OLD.market_id, OLD.market_code, OLD.currency, OLD.prices_include_tax, OLD.shipping_option_id, OLD.subtotal,
        OLD.discount, OLD.shipping, OLD.shipping_tax_rate, OLD.shipping_tax, OLD.tax, OLD.total, OLD.calc_version, OLD.created_at) THEN
        RAISE EXCEPTION 'order %: what was agreed never changes', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.event_seq < OLD.event_seq THEN
        RAISE EXCEPTION 'order %: events are not taken back', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_edge BEFORE INSERT OR UPDATE OR DELETE ON orders.orders FOR EACH ROW EXECUTE FUNCTION orders.order_edge();

CREATE FUNCTION orders.line_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the lines of an order never change' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER line_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON orders.order_line FOR EACH STATEMENT EXECUTE FUNCTION orders.line_fixed();

-- A cart that was ordered stays ordered; an abandoned one stays abandoned.
CREATE FUNCTION orders.cart_edge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state <> NEW.state AND OLD.state <> 'open' THEN
        RAISE EXCEPTION 'cart %: % to % is not a step', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cart_edge BEFORE UPDATE OF state ON orders.cart FOR EACH ROW EXECUTE FUNCTION orders.cart_edge();

-- --- grants on tables (functions and views carry their own) ------------------------------------------------------------

GRANT SELECT ON orders.tax_rate, orders.shipping_option, orders.shipping_option_text, orders.cart, orders.cart_item, orders.orders, orders.order_line
    TO souk_order, souk_admin;
GRANT SELECT, INSERT, UPDATE ON orders.tax_rate, orders.shipping_option, orders.shipping_option_text TO souk_admin;

RESET ROLE;
