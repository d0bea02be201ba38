-- A cart becomes an order: the one writing statement of checkout.
--
-- src/domain computed every amount from a quote that was read a moment ago. Here they are compared with what is true now
-- (version, lines, prices, rates, shipping, market), never computed. Expected outcomes are answers, not errors:
--
--   ok         result is p_result with the order's number
--   replay     the same key was used before with the same body: status and result of that time
--   mismatch   the same key with another body
--   in_flight  the same key is being worked on at this moment
--   changed    cart, price, tax, shipping or availability of a variant is not what the quote said
--   ordered    the cart became an order before (orders.cart_id is unique)
--   sold_out   `variants` and `available` say what is short; nothing was kept
--
-- Only `ok` is stored under the key: after a refusal nothing happened, and the same key may be used again.
-- Stock comes last: its rows are the ones that everybody wants, and they stay locked until the commit. What was written
-- before is undone by the inner block when it turns out that stock is short.
SET LOCAL ROLE own_orders;
CREATE OR REPLACE FUNCTION orders.checkout_v1(
    p_scope text, p_key text, p_body_hash text,
    p_cart uuid, p_cart_version int, p_order uuid, p_suffix text, p_attempt uuid, p_provider text, p_method text,
    p_note bytea, p_currency text, p_prices_include_tax boolean,
    p_line_ids uuid[], p_variants uuid[], p_quantities int[], p_price_ids uuid[], p_unit_prices bigint[], p_discounts bigint[],
    p_tax_rates int[], p_nets bigint[], p_taxes bigint[], p_totals bigint[],
    p_subtotal bigint, p_discount bigint, p_shipping bigint, p_shipping_tax_rate int, p_shipping_tax bigint, p_tax bigint, p_total bigint,
    p_calc_version int, p_explanation jsonb, p_expires timestamptz, p_result jsonb,
    p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
RETURNS TABLE (outcome text, status int, result jsonb, variants uuid[], available bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c record;
    v_idem record;
    v_number text;
    v_result jsonb;
    v_lines int;
    v_variants uuid[];
    v_available bigint[];
BEGIN
    IF p_key IS NOT NULL THEN
        SELECT i.outcome, i.status, i.result INTO v_idem FROM platform.idem_begin_v1(p_scope, p_key, p_body_hash, p_now) i;
        IF v_idem.outcome <> 'fresh' THEN
            RETURN QUERY SELECT v_idem.outcome, v_idem.status, v_idem.result, NULL::uuid[], NULL::bigint[];
            RETURN;
        END IF;
    END IF;

    -- The cart, locked, with its market and its shipping option. Each change of its lines raises its version, so what is read
    -- beside the lock is of the same moment whenever the version is the expected one.
    SELECT k.id, k.state, k.version, k.account_id, k.token_hash, k.person_id, k.email_hash, k.email_sealed, k.phone_sealed, k.address_sealed, k.ship_country,
           k.ship_postal_area, m.id AS market, m.code AS market_code, m.locale, m.currency, m.prices_include_tax, m.price_list_id,
           s.id AS option, s.currency AS option_currency, s.price AS option_price, s.free_from,
           coalesce((SELECT t.name FROM orders.shipping_option_text t WHERE t.option_id = s.id AND t.locale IN (m.locale, 'en')
                     ORDER BY (t.locale = m.locale) DESC LIMIT 1), s.code) AS option_name,
           EXISTS (SELECT FROM orders.tax_rate t WHERE t.country = k.ship_country AND t.tax_class = s.tax_class AND t.rate = p_shipping_tax_rate
                   AND t.valid_from <= p_now AND (t.valid_to IS NULL OR p_now < t.valid_to)) AS option_taxed,
           (SELECT count(*) FROM orders.cart_item i WHERE i.cart_id = k.id) AS lines
    INTO c
    FROM orders.cart k
    JOIN catalog.pub_markets m ON m.id = k.market_id
    LEFT JOIN orders.shipping_option s ON s.id = k.shipping_option_id AND s.archived_at IS NULL AND k.ship_country = ANY (s.countries)
    WHERE k.id = p_cart FOR UPDATE OF k;
    IF c.state = 'ordered' THEN
        RETURN QUERY SELECT 'ordered', NULL::int, NULL::jsonb, NULL::uuid[], NULL::bigint[];
        RETURN;
    END IF;
    IF c.id IS NULL OR c.state <> 'open' OR c.version <> p_cart_version OR c.option IS NULL OR c.email_sealed IS NULL OR c.address_sealed IS NULL
       OR cardinality(p_variants) = 0 OR c.lines <> cardinality(p_variants) OR c.currency IS DISTINCT FROM p_currency
       OR c.option_currency <> p_currency OR c.prices_include_tax IS DISTINCT FROM p_prices_include_tax
       OR p_shipping <> (CASE WHEN p_subtotal - p_discount >= c.free_from THEN 0 ELSE c.option_price END) OR NOT c.option_taxed THEN
        RETURN QUERY SELECT 'changed', NULL::int, NULL::jsonb, NULL::uuid[], NULL::bigint[];
        RETURN;
    END IF;

    v_number := nextval('orders.order_number')::text || '-' || p_suffix;
    v_result := p_result || jsonb_build_object('number', v_number);

    BEGIN
        -- Order, cart and lines in one statement. A line is written when it is one of the cart with the very price and rate that are in force.
        WITH placed AS (
            INSERT INTO orders.orders (id, number, event_seq, cart_id, account_id, access_hash, person_id, email_hash, email_sealed, phone_sealed, address_sealed,
                note_sealed, ship_country, ship_postal_area, market_id, market_code, locale, currency, prices_include_tax, shipping_option_id,
                shipping_name, subtotal, discount, shipping, shipping_tax_rate, shipping_tax, tax, total, calc_version, explanation, expires_at,
                created_at, updated_at)
            VALUES (p_order, v_number, 1, p_cart, c.account_id, c.token_hash, c.person_id, c.email_hash, c.email_sealed, c.phone_sealed, c.address_sealed, p_note,
                c.ship_country, c.ship_postal_area, c.market, c.market_code, c.locale, p_currency, p_prices_include_tax, c.option, c.option_name,
                p_subtotal, p_discount, p_shipping, p_shipping_tax_rate, p_shipping_tax, p_tax, p_total, p_calc_version, p_explanation, p_expires,
                p_now, p_now)
        ), taken AS (
            UPDATE orders.cart k SET state = 'ordered', version = k.version + 1, updated_at = p_now WHERE k.id = p_cart
        )
        INSERT INTO orders.order_line (id, order_id, position, variant_id, product_id, sku, product_name, product_slug, variant_title, image_url,
            quantity, unit_price, discount, tax_class, tax_rate, net, tax, total, created_at)
        SELECT x.id, p_order, x.n - 1, v.variant_id, v.product_id, v.sku, v.product_name, v.product_slug, v.variant_title, v.image_url,
               x.quantity, x.amount, x.discount, v.tax_class, x.rate, x.net, x.tax, x.total, p_now
        FROM unnest(p_line_ids, p_variants, p_quantities, p_price_ids, p_unit_prices, p_discounts, p_tax_rates, p_nets, p_taxes, p_totals)
             WITH ORDINALITY AS x(id, variant, quantity, price, amount, discount, rate, net, tax, total, n)
        JOIN orders.cart_item i ON i.cart_id = p_cart AND i.variant_id = x.variant AND i.quantity = x.quantity
        JOIN catalog.pub_variants v ON v.variant_id = x.variant AND v.status = 'active'
        JOIN catalog.pub_prices p ON p.price_id = x.price AND p.variant_id = x.variant AND p.price_list_id = c.price_list_id
             AND p.amount = x.amount AND p.currency = p_currency AND p.valid_from <= p_now AND (p.valid_to IS NULL OR p_now < p.valid_to)
        JOIN orders.tax_rate t ON t.country = c.ship_country AND t.tax_class = v.tax_class AND t.rate = x.rate
             AND t.valid_from <= p_now AND (t.valid_to IS NULL OR p_now < t.valid_to);
        GET DIAGNOSTICS v_lines = ROW_COUNT;
        IF v_lines <> cardinality(p_variants) THEN
            RAISE EXCEPTION USING ERRCODE = 'SK002', MESSAGE = 'changed';
        END IF;
        IF payment.attempt_create_v1(p_attempt, p_order, p_provider, p_total, p_currency, p_method, p_now) <> 'ok' THEN
            RAISE EXCEPTION 'order % is new and has an attempt already', p_order;
        END IF;
        PERFORM platform.emit_v1('order', p_order, 1, 'order.placed', 1,
            jsonb_build_object('number', v_number, 'total', p_total, 'currency', p_currency, 'market', c.market_code,
                               'lines', cardinality(p_variants)), p_actor, p_request_id, p_trace_id, p_now);
        IF p_key IS NOT NULL THEN
            PERFORM platform.idem_store_v1(p_scope, p_key, p_body_hash, 201, v_result, p_now);
        END IF;
        SELECT array_agg(r.variant_id), array_agg(r.available) INTO v_variants, v_available
        FROM inventory.reserve_v1(p_order, p_variants, p_quantities, p_expires, p_request_id, p_now) r;
        IF v_variants IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SK001', MESSAGE = 'sold out';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'SK001' THEN
            RETURN QUERY SELECT 'sold_out', NULL::int, NULL::jsonb, v_variants, v_available;
            RETURN;
        WHEN SQLSTATE 'SK002' THEN
            RETURN QUERY SELECT 'changed', NULL::int, NULL::jsonb, NULL::uuid[], NULL::bigint[];
            RETURN;
    END;
    RETURN QUERY SELECT 'ok', 201, v_result, NULL::uuid[], NULL::bigint[];
END $$;
DO $grants$
DECLARE
    f regprocedure := (SELECT p.oid FROM pg_proc p WHERE p.proname = 'checkout_v1' AND p.pronamespace = 'orders'::regnamespace);
BEGIN
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO souk_order', f);
END $grants$;
