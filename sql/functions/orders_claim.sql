-- What somebody did as a guest becomes her account's.
SET LOCAL ROLE own_orders;

-- Orders of these persons (guests whose e-mail address the account proved to own) that belong to nobody yet. Returns how many. Repeating it is harmless.
CREATE OR REPLACE FUNCTION orders.claim_v1(p_account uuid, p_persons uuid[], p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    UPDATE orders.orders o SET account_id = p_account, claimed_at = p_now, version = o.version + 1, updated_at = p_now
    WHERE o.id IN (SELECT x.id FROM orders.orders x WHERE x.person_id = ANY (p_persons) AND x.account_id IS NULL ORDER BY x.id FOR UPDATE);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
REVOKE ALL ON FUNCTION orders.claim_v1(uuid, uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.claim_v1(uuid, uuid[], timestamptz) TO souk_user, souk_admin;

-- A guest's open cart becomes the account's. Has the account an open cart in the same market already, the guest's lines are put into it: of a variant in
-- both the larger quantity is kept, never more than the limit and than are left (where any are left); lines for which there is no room stay out. Nothing is
-- refused: what came out differently is written into the cart's notice. Claims of one account take turns, and carts are locked in the order of their ids.
--   claimed   the cart is the account's own now
--   merged    its lines are in cart_id; the guest's cart is closed
--   none      no open cart of a guest has this token; cart_id says where the lines of p_cart are when they were claimed before
CREATE OR REPLACE FUNCTION orders.cart_claim_v1(p_account uuid, p_token_hash bytea, p_cart uuid, p_quantity_max int, p_lines_max int,
                                                p_expires timestamptz, p_now timestamptz)
RETURNS TABLE (outcome text, cart_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_guest orders.cart;
    v_own orders.cart;
    v_notice jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('orders.cart_claim:' || p_account::text, 0));
    SELECT c.id, c.market_id INTO v_guest.id, v_guest.market_id FROM orders.cart c
    WHERE c.token_hash = p_token_hash AND c.account_id IS NULL AND (p_cart IS NULL OR c.id = p_cart);
    SELECT c.id INTO v_own.id FROM orders.cart c
    WHERE c.account_id = p_account AND c.state = 'open' AND c.market_id = v_guest.market_id;
    PERFORM FROM orders.cart c WHERE c.id IN (v_guest.id, v_own.id) ORDER BY c.id FOR UPDATE;
    -- Read again: while we waited, a checkout or another account may have taken either.
    SELECT * INTO v_guest FROM orders.cart c WHERE c.id = v_guest.id AND c.account_id IS NULL AND c.state = 'open' AND c.expires_at > p_now;
    SELECT * INTO v_own FROM orders.cart c WHERE c.id = v_own.id AND c.state = 'open';
    IF v_own.id IS NOT NULL AND v_own.expires_at <= p_now THEN       -- forgotten, but not swept up yet
        UPDATE orders.cart c SET state = 'abandoned', version = c.version + 1, email_hash = NULL, email_sealed = NULL, phone_sealed = NULL,
               address_sealed = NULL, ship_country = NULL, ship_postal_area = NULL, updated_at = p_now WHERE c.id = v_own.id;
        v_own := NULL;
    END IF;
    IF v_guest.id IS NULL THEN
        RETURN QUERY SELECT 'none', (SELECT coalesce(m.id, c.id) FROM orders.cart c LEFT JOIN orders.cart m ON m.id = c.merged_into
                                     WHERE c.id = p_cart AND coalesce(m.account_id, c.account_id) = p_account);
        RETURN;
    END IF;
    IF v_own.id IS NULL THEN
        -- The token that guests knew it by opens nothing any more.
        UPDATE orders.cart c SET account_id = p_account, token_hash = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
               version = c.version + 1, expires_at = p_expires, updated_at = p_now
        WHERE c.id = v_guest.id;
        RETURN QUERY SELECT 'claimed', v_guest.id;
        RETURN;
    END IF;

    WITH wanted AS (
        SELECT g.id AS item, g.variant_id, g.quantity AS mine, g.price_seen, g.created_at, o.quantity AS present,
               greatest(0, coalesce(a.available, 0)) AS available,
               row_number() OVER (PARTITION BY o.id IS NULL ORDER BY g.created_at, g.id) AS place
        FROM orders.cart_item g
        LEFT JOIN orders.cart_item o ON o.cart_id = v_own.id AND o.variant_id = g.variant_id
        LEFT JOIN inventory.pub_availability a ON a.variant_id = g.variant_id
        WHERE g.cart_id = v_guest.id
    ), decided AS (
        SELECT w.*, w.present IS NOT NULL OR w.place <= p_lines_max - (SELECT count(*) FROM orders.cart_item i WHERE i.cart_id = v_own.id) AS fits,
               greatest(w.mine, coalesce(w.present, 0)) AS larger,
               least(greatest(w.mine, coalesce(w.present, 0)), p_quantity_max, CASE WHEN w.available > 0 THEN w.available ELSE p_quantity_max END)::int AS kept
        FROM wanted w
    ), put AS (
        INSERT INTO orders.cart_item AS i (id, cart_id, variant_id, quantity, price_seen, created_at, updated_at)
        SELECT gen_random_uuid(), v_own.id, d.variant_id, d.kept, d.price_seen, p_now, p_now FROM decided d WHERE d.fits
        ON CONFLICT ON CONSTRAINT cart_item_cart_id_variant_id_key DO UPDATE SET quantity = EXCLUDED.quantity, updated_at = EXCLUDED.updated_at
        RETURNING i.variant_id
    )
    SELECT jsonb_agg(jsonb_build_object('code', x.code, 'variant', x.variant_id, 'quantity', CASE WHEN x.fits THEN x.kept ELSE 0 END, 'previous', x.present, 'wanted', x.larger,
                                        'available', x.available) ORDER BY x.created_at, x.item) INTO v_notice
    FROM (SELECT d.*, CASE WHEN NOT d.fits THEN 'merge_left_out' WHEN d.kept < d.larger THEN 'merge_reduced' WHEN d.present IS NULL THEN 'merge_added'
                           WHEN d.kept <> d.present THEN 'merge_raised' END AS code
          FROM decided d LEFT JOIN put p ON p.variant_id = d.variant_id) x
    WHERE x.code IS NOT NULL;

    UPDATE orders.cart c SET version = c.version + 1, expires_at = p_expires, updated_at = p_now,
           merge_notice = CASE WHEN v_notice IS NULL THEN c.merge_notice ELSE coalesce(c.merge_notice, '[]'::jsonb) || v_notice END,
           person_id = CASE WHEN c.email_sealed IS NULL AND c.address_sealed IS NULL THEN NULL ELSE c.person_id END
    WHERE c.id = v_own.id;
    UPDATE orders.cart c SET state = 'abandoned', merged_into = v_own.id, version = c.version + 1, email_hash = NULL, email_sealed = NULL, phone_sealed = NULL,
           address_sealed = NULL, ship_country = NULL, ship_postal_area = NULL, updated_at = p_now
    WHERE c.id = v_guest.id;
    RETURN QUERY SELECT 'merged', v_own.id;
END $$;
REVOKE ALL ON FUNCTION orders.cart_claim_v1(uuid, bytea, uuid, int, int, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.cart_claim_v1(uuid, bytea, uuid, int, int, timestamptz, timestamptz) TO souk_order, souk_user;
