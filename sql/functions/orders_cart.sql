-- Changes of a cart. Each compares the version that the caller read, so that the rules (limits, prices, stock) which the
-- caller checked still hold; -1 says that the cart moved on and the caller reads again. ("Neither ordered nor abandoned" is
-- "open", said so that no plan reads the index of all open carts to find one.)
SET LOCAL ROLE own_orders;

CREATE OR REPLACE FUNCTION orders.cart_item_put_v1(p_cart uuid, p_version int, p_item uuid, p_variant uuid, p_quantity int, p_price bigint,
                                                   p_expires timestamptz, p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_version int;
BEGIN
    UPDATE orders.cart c SET version = c.version + 1, expires_at = p_expires, merge_notice = NULL, updated_at = p_now
    WHERE c.id = p_cart AND c.version = p_version AND c.state NOT IN ('ordered', 'abandoned') RETURNING c.version INTO v_version;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    IF p_quantity = 0 THEN
        DELETE FROM orders.cart_item i WHERE i.cart_id = p_cart AND i.variant_id = p_variant;
        RETURN v_version;
    END IF;
    INSERT INTO orders.cart_item AS i (id, cart_id, variant_id, quantity, price_seen, created_at, updated_at)
    VALUES (p_item, p_cart, p_variant, p_quantity, p_price, p_now, p_now)
    ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = EXCLUDED.quantity, price_seen = EXCLUDED.price_seen, updated_at = EXCLUDED.updated_at;
    RETURN v_version;
END $$;
REVOKE ALL ON FUNCTION orders.cart_item_put_v1(uuid, int, uuid, uuid, int, bigint, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cart_item_put_v1(uuid, int, uuid, uuid, int, bigint, timestamptz, timestamptz) TO souk_order;

-- Contact, address and shipping option, all of them as they shall be.
CREATE OR REPLACE FUNCTION orders.cart_details_put_v1(p_cart uuid, p_version int, p_person uuid, p_email_hash bytea, p_email bytea, p_phone bytea,
                                                      p_address bytea, p_country text, p_postal_area text, p_option uuid, p_expires timestamptz,
                                                      p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_version int;
BEGIN
    UPDATE orders.cart c
    SET version = c.version + 1, person_id = p_person, email_hash = p_email_hash, email_sealed = p_email, phone_sealed = p_phone, address_sealed = p_address,
        ship_country = p_country, ship_postal_area = p_postal_area, shipping_option_id = p_option, expires_at = p_expires, updated_at = p_now
    WHERE c.id = p_cart AND c.version = p_version AND c.state NOT IN ('ordered', 'abandoned') RETURNING c.version INTO v_version;
    RETURN coalesce(v_version, -1);
END $$;
REVOKE ALL ON FUNCTION orders.cart_details_put_v1(uuid, int, uuid, bytea, bytea, bytea, bytea, text, text, uuid, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cart_details_put_v1(uuid, int, uuid, bytea, bytea, bytea, bytea, text, text, uuid, timestamptz, timestamptz) TO souk_order;

-- The shopper was told the prices of these variants: from now on they count as seen.
CREATE OR REPLACE FUNCTION orders.cart_seen_v1(p_cart uuid, p_version int, p_variants uuid[], p_prices bigint[], p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_version int;
BEGIN
    UPDATE orders.cart c SET version = c.version + 1, updated_at = p_now
    WHERE c.id = p_cart AND c.version = p_version AND c.state NOT IN ('ordered', 'abandoned') RETURNING c.version INTO v_version;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    UPDATE orders.cart_item i SET price_seen = x.price, updated_at = p_now
    FROM unnest(p_variants, p_prices) AS x(variant, price)
    WHERE i.cart_id = p_cart AND i.variant_id = x.variant AND i.price_seen <> x.price;
    RETURN v_version;
END $$;
REVOKE ALL ON FUNCTION orders.cart_seen_v1(uuid, int, uuid[], bigint[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cart_seen_v1(uuid, int, uuid[], bigint[], timestamptz) TO souk_order;

-- Carts that nobody touched for their life: closed, and their personal data dropped. Returns how many.
CREATE OR REPLACE FUNCTION orders.carts_abandon_v1(p_limit int, p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r record;
    v_count int := 0;
BEGIN
    FOR r IN SELECT c.id, c.event_seq + 1 AS seq, (SELECT count(*) FROM orders.cart_item i WHERE i.cart_id = c.id) AS lines
             FROM orders.cart c WHERE c.state = 'open' AND c.expires_at <= p_now ORDER BY c.expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE orders.cart c
        SET state = 'abandoned', version = c.version + 1, event_seq = r.seq, email_hash = NULL, email_sealed = NULL, phone_sealed = NULL, address_sealed = NULL,
            ship_country = NULL, ship_postal_area = NULL, updated_at = p_now
        WHERE c.id = r.id;
        PERFORM platform.emit_v1('cart', r.id, r.seq, 'cart.abandoned', 1, jsonb_build_object('lines', r.lines), 'system', NULL, NULL, p_now);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;
REVOKE ALL ON FUNCTION orders.carts_abandon_v1(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.carts_abandon_v1(int, timestamptz) TO souk_jobs_core;

-- A cart with everything that is known from the start: one statement and one commit.
CREATE OR REPLACE FUNCTION orders.cart_open_v1(p_cart uuid, p_token_hash bytea, p_market uuid, p_items uuid[], p_variants uuid[], p_quantities int[],
                                               p_prices bigint[], p_person uuid, p_email_hash bytea, p_email bytea, p_phone bytea, p_address bytea,
                                               p_country text, p_postal_area text, p_option uuid, p_expires timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO orders.cart (id, token_hash, market_id, person_id, email_hash, email_sealed, phone_sealed, address_sealed, ship_country,
                             ship_postal_area, shipping_option_id, expires_at, created_at, updated_at)
    VALUES (p_cart, p_token_hash, p_market, p_person, p_email_hash, p_email, p_phone, p_address, p_country, p_postal_area, p_option, p_expires,
            p_now, p_now);
    INSERT INTO orders.cart_item (id, cart_id, variant_id, quantity, price_seen, created_at, updated_at)
    SELECT x.item, p_cart, x.variant, x.quantity, x.price, p_now, p_now
    FROM unnest(p_items, p_variants, p_quantities, p_prices) AS x(item, variant, quantity, price);
END $$;
REVOKE ALL ON FUNCTION orders.cart_open_v1(uuid, bytea, uuid, uuid[], uuid[], int[], bigint[], uuid, bytea, bytea, bytea, bytea, text, text, uuid,
    timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cart_open_v1(uuid, bytea, uuid, uuid[], uuid[], int[], bigint[], uuid, bytea, bytea, bytea, bytea, text, text, uuid,
    timestamptz, timestamptz) TO souk_order;
