-- What an account's owner may ask of orders and carts: how many are open, all of them, and that nothing personal stays. The books stay.
SET LOCAL ROLE own_orders;

-- Open: the buyer still waits for something, or we for the money.
CREATE OR REPLACE FUNCTION orders.account_orders_v1(p_account uuid, p_persons uuid[]) RETURNS TABLE(total bigint, open bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*), count(*) FILTER (WHERE o.state IN ('pending_payment', 'paid', 'fulfilling'))
    FROM orders.orders o WHERE o.id IN (SELECT x.id FROM orders.orders x WHERE x.person_id = ANY (p_persons) UNION SELECT y.id FROM orders.orders y WHERE y.account_id = p_account)
$$;

-- Orders with their lines; what is sealed opens with the key of person_id, at the places "orders.cart.<email|phone|address|note>:<cart_id>".
CREATE OR REPLACE FUNCTION orders.export_orders_v1(p_account uuid, p_persons uuid[])
    RETURNS TABLE(order_id uuid, cart_id uuid, person_id uuid, email bytea, phone bytea, address bytea, note bytea, country text, facts jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id, o.cart_id, o.person_id, o.email_sealed, o.phone_sealed, o.address_sealed, o.note_sealed, o.ship_country,
           jsonb_strip_nulls(jsonb_build_object('number', o.number, 'status', o.state, 'market', o.market_code, 'currency', o.currency, 'subtotal', o.subtotal,
               'discount', o.discount, 'shipping', o.shipping, 'shipping_name', o.shipping_name, 'tax', o.tax, 'total', o.total, 'placed_at', o.created_at,
               'paid_at', o.paid_at, 'completed_at', o.completed_at, 'canceled_at', o.canceled_at, 'cancel_reason', o.cancel_reason,
               'lines', (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('sku', l.sku, 'product', l.product_name, 'variant', l.variant_title, 'quantity', l.quantity,
                                          'unit_price', l.unit_price, 'discount', l.discount, 'tax', l.tax, 'total', l.total)) ORDER BY l.position)
                         FROM orders.order_line l WHERE l.order_id = o.id)))
    FROM orders.orders o WHERE o.id IN (SELECT x.id FROM orders.orders x WHERE x.person_id = ANY (p_persons) UNION SELECT y.id FROM orders.orders y WHERE y.account_id = p_account)
    ORDER BY o.created_at, o.id
$$;

CREATE OR REPLACE FUNCTION orders.export_carts_v1(p_account uuid, p_persons uuid[])
    RETURNS TABLE(cart_id uuid, person_id uuid, email bytea, phone bytea, address bytea, country text, facts jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.person_id, c.email_sealed, c.phone_sealed, c.address_sealed, c.ship_country,
           jsonb_strip_nulls(jsonb_build_object('status', c.state, 'created_at', c.created_at, 'changed_at', c.updated_at,
               'items', (SELECT jsonb_agg(jsonb_build_object('sku', v.sku, 'product', v.product_name, 'quantity', i.quantity, 'price_seen', i.price_seen) ORDER BY i.created_at, i.id)
                         FROM orders.cart_item i LEFT JOIN catalog.pub_variants v ON v.variant_id = i.variant_id WHERE i.cart_id = c.id)))
    FROM orders.cart c WHERE c.id IN (SELECT x.id FROM orders.cart x WHERE x.person_id = ANY (p_persons) UNION SELECT y.id FROM orders.cart y WHERE y.account_id = p_account)
    ORDER BY c.created_at, c.id
$$;

-- Nobody's orders: contact, names, street lines and notes go, and look-up by e-mail finds them no more; what the books need stays. Open carts are closed.
CREATE OR REPLACE FUNCTION orders.erase_v1(p_account uuid, p_persons uuid[], p_now timestamptz, OUT orders_emptied int, OUT carts_emptied int)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE orders.cart c SET state = CASE c.state WHEN 'open' THEN 'abandoned' ELSE c.state END, person_id = NULL, email_hash = NULL, email_sealed = NULL, phone_sealed = NULL,
           address_sealed = NULL, ship_country = NULL, ship_postal_area = NULL, version = c.version + 1, updated_at = p_now
        WHERE c.id IN (SELECT x.id FROM orders.cart x WHERE x.person_id = ANY (p_persons) OR x.account_id = p_account ORDER BY x.id FOR UPDATE);
    GET DIAGNOSTICS carts_emptied = ROW_COUNT;
    UPDATE orders.orders o SET email_hash = sha256(uuid_send(gen_random_uuid())), email_sealed = '\x', phone_sealed = NULL, address_sealed = '\x', note_sealed = NULL,
           version = o.version + 1, updated_at = p_now
        WHERE o.id IN (SELECT x.id FROM orders.orders x WHERE (x.person_id = ANY (p_persons) OR x.account_id = p_account) AND x.address_sealed <> '\x' ORDER BY x.id FOR UPDATE);
    GET DIAGNOSTICS orders_emptied = ROW_COUNT;
END $$;

REVOKE ALL ON FUNCTION orders.account_orders_v1(uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION orders.export_orders_v1(uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION orders.export_carts_v1(uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION orders.erase_v1(uuid, uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.account_orders_v1(uuid, uuid[]) TO own_identity, souk_user, souk_admin, souk_jobs_core;
GRANT EXECUTE ON FUNCTION orders.export_orders_v1(uuid, uuid[]), orders.export_carts_v1(uuid, uuid[]) TO souk_jobs_core;
GRANT EXECUTE ON FUNCTION orders.erase_v1(uuid, uuid[], timestamptz) TO own_identity;
