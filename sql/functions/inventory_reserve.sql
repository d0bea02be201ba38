-- Reservations: what checkout and payment do with stock.
SET LOCAL ROLE own_inventory;

-- Reserves all or nothing. An empty answer means everything is reserved; otherwise it names the variants that lack stock,
-- with what there is of each, and nothing was reserved. Warehouses are used by priority, a line may be split over several.
-- Also for an order whose earlier reservations expired or were released.
CREATE OR REPLACE FUNCTION inventory.reserve_v1(p_order uuid, p_variants uuid[], p_quantities int[], p_expires timestamptz, p_request_id text,
                                                p_now timestamptz)
    RETURNS TABLE(variant_id uuid, available bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_wanted int := (SELECT count(DISTINCT u.v) FROM unnest(p_variants) u(v));
    v_found int;
    v_each boolean;
    v_lacking boolean;
    v_crossing boolean;
    v_variants uuid[];
    v_warehouses uuid[];
    v_quantities int[];
    v_ids uuid[];
    v_count int;
BEGIN
    -- Or allocate_v1 might find a reservation of the same order in its second statement that its first did not see.
    PERFORM pg_advisory_xact_lock(hashtextextended(p_order::text, 2011));
    -- The locks come first and in one order, so that two checkouts wait for each other but never in a circle. What was waited
    -- for is read as it is then. v_each: each variant lies in one warehouse, and there is enough of it there.
    SELECT array_agg(x.variant_id), array_agg(x.warehouse_id), array_agg(x.quantity), count(*), count(DISTINCT x.variant_id),
           bool_and(x.free >= x.quantity), bool_or(x.free - x.quantity <= x.low_threshold)
    INTO v_variants, v_warehouses, v_quantities, v_count, v_found, v_each, v_crossing
    FROM (SELECT l.variant_id, l.warehouse_id, l.on_hand - l.reserved - l.allocated AS free, n.quantity, i.low_threshold
          FROM (SELECT u.v, sum(u.q)::int AS quantity FROM unnest(p_variants, p_quantities) u(v, q) GROUP BY u.v) n
          JOIN inventory.levels l ON l.variant_id = n.v
          JOIN inventory.stock_items i ON i.variant_id = n.v
          ORDER BY l.variant_id, l.warehouse_id FOR UPDATE OF l) x;

    IF v_count <> v_wanted OR v_found <> v_wanted OR NOT v_each THEN
        SELECT bool_or(coalesce(s.available, 0) < n.quantity), bool_or(s.available - n.quantity <= i.low_threshold)
        INTO v_lacking, v_crossing
        FROM (SELECT u.v, sum(u.q) AS quantity FROM unnest(p_variants, p_quantities) u(v, q) GROUP BY u.v) n
        LEFT JOIN inventory.stock_items i ON i.variant_id = n.v
        LEFT JOIN LATERAL (
            SELECT sum(l.on_hand - l.reserved - l.allocated) AS available FROM inventory.levels l
            WHERE l.variant_id = n.v) s ON true;

        IF v_lacking THEN
            RETURN QUERY
            SELECT n.v, coalesce(s.available, 0)::bigint
            FROM (SELECT u.v, sum(u.q) AS quantity FROM unnest(p_variants, p_quantities) u(v, q) GROUP BY u.v) n
            LEFT JOIN LATERAL (
                SELECT sum(l.on_hand - l.reserved - l.allocated) AS available FROM inventory.levels l
                WHERE l.variant_id = n.v) s ON true
            WHERE coalesce(s.available, 0) < n.quantity
            ORDER BY n.v;
            RETURN;
        END IF;

        SELECT array_agg(f.variant_id), array_agg(f.warehouse_id), array_agg(least(f.free, f.quantity - f.before)::int), count(*)
        INTO v_variants, v_warehouses, v_quantities, v_count
        FROM (SELECT l.variant_id, l.warehouse_id, n.quantity, l.on_hand - l.reserved - l.allocated AS free,
                     coalesce(sum(l.on_hand - l.reserved - l.allocated) OVER (PARTITION BY l.variant_id ORDER BY w.priority, w.id
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
              FROM (SELECT u.v, sum(u.q) AS quantity FROM unnest(p_variants, p_quantities) u(v, q) GROUP BY u.v) n
              JOIN inventory.levels l ON l.variant_id = n.v
              JOIN inventory.warehouses w ON w.id = l.warehouse_id) f
        WHERE f.free > 0 AND f.before < f.quantity;
    END IF;

    v_ids := inventory.new_ids(2 * v_count, p_now);
    WITH take AS (
        SELECT t.variant_id, t.warehouse_id, t.quantity, t.n
        FROM unnest(v_variants, v_warehouses, v_quantities) WITH ORDINALITY t(variant_id, warehouse_id, quantity, n)
    ), levelled AS (
        UPDATE inventory.levels l SET reserved = l.reserved + t.quantity, version = l.version + 1, updated_at = p_now
        FROM take t WHERE l.variant_id = t.variant_id AND l.warehouse_id = t.warehouse_id
    ), moved AS (
        INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, reserved_delta, order_id, request_id, created_at)
        SELECT v_ids[t.n], t.variant_id, t.warehouse_id, 'reserve', t.quantity, p_order, p_request_id, p_now FROM take t
    )
    INSERT INTO inventory.reservations (id, order_id, variant_id, warehouse_id, quantity, expires_at, request_id, created_at, updated_at)
    SELECT v_ids[v_count + t.n], p_order, t.variant_id, t.warehouse_id, t.quantity, p_expires, p_request_id, p_now, p_now FROM take t;

    IF v_crossing THEN
        PERFORM inventory.emit_crossings(p_variants, ARRAY(SELECT -u.q::bigint FROM unnest(p_quantities) WITH ORDINALITY u(q, n) ORDER BY u.n),
                                         NULL, p_request_id, p_now);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION inventory.reserve_v1(uuid, uuid[], int[], timestamptz, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.reserve_v1(uuid, uuid[], int[], timestamptz, text, timestamptz) TO own_orders;

-- Ends active reservations: `released` (the order was canceled) or `expired`. The caller holds the orders' locks.
CREATE OR REPLACE FUNCTION inventory.unreserve(p_reservations uuid[], p_status text, p_reason text, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r record;
    v_count int := 0;
    v_variants uuid[] := '{}';
    v_deltas bigint[] := '{}';
BEGIN
    FOR r IN
        SELECT s.id, s.order_id, s.variant_id, s.warehouse_id, s.quantity FROM inventory.reservations s
        WHERE s.id = ANY (p_reservations) AND s.status = 'active'
        ORDER BY s.variant_id, s.warehouse_id, s.id
    LOOP
        UPDATE inventory.levels l SET reserved = l.reserved - r.quantity, version = l.version + 1, updated_at = p_now
        WHERE l.variant_id = r.variant_id AND l.warehouse_id = r.warehouse_id;
        UPDATE inventory.reservations SET status = p_status, reason = p_reason, updated_at = p_now WHERE id = r.id;
        INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, reserved_delta, order_id, reason, created_at)
        VALUES (inventory.new_id(p_now), r.variant_id, r.warehouse_id, CASE p_status WHEN 'expired' THEN 'expire' ELSE 'release' END,
                -r.quantity, r.order_id, p_reason, p_now);
        IF p_status = 'expired' THEN
            PERFORM platform.emit_v1('reservation', r.id, 1, 'reservation.expired', 1,
                jsonb_build_object('order_id', r.order_id, 'variant_id', r.variant_id, 'quantity', r.quantity), NULL, NULL, NULL, p_now);
        END IF;
        v_count := v_count + 1;
        v_variants := v_variants || r.variant_id;
        v_deltas := v_deltas || r.quantity::bigint;
    END LOOP;
    IF v_count > 0 THEN
        PERFORM inventory.emit_crossings(v_variants, v_deltas, NULL, NULL, p_now);
    END IF;
    RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION inventory.unreserve(uuid[], text, text, timestamptz) FROM PUBLIC;

-- Gives back what an order holds but has not paid. Returns the number of lines; 0 when there was nothing (left) to give back.
CREATE OR REPLACE FUNCTION inventory.release_v1(p_order uuid, p_reason text, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM inventory.lock_order(p_order);
    RETURN inventory.unreserve(ARRAY(SELECT r.id FROM inventory.reservations r WHERE r.order_id = p_order AND r.status = 'active'),
                               'released', p_reason, p_now);
END
$$;
REVOKE ALL ON FUNCTION inventory.release_v1(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.release_v1(uuid, text, timestamptz) TO own_orders;

-- The order is paid: what was reserved is now sold. False when no reservation is active any more (it expired): reserve again.
CREATE OR REPLACE FUNCTION inventory.allocate_v1(p_order uuid, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reservations uuid[];
    v_ids uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_order::text, 2011));
    -- The locks, in the order of everybody.
    SELECT array_agg(x.id) INTO v_reservations
    FROM (SELECT s.id FROM inventory.reservations s
          JOIN inventory.levels l ON l.variant_id = s.variant_id AND l.warehouse_id = s.warehouse_id
          WHERE s.order_id = p_order AND s.status = 'active'
          ORDER BY s.variant_id, s.warehouse_id FOR UPDATE OF l) x;
    IF v_reservations IS NULL THEN
        RETURN false;
    END IF;
    v_ids := inventory.new_ids(cardinality(v_reservations), p_now);
    WITH consumed AS (
        UPDATE inventory.reservations s SET status = 'consumed', allocated = s.quantity, updated_at = p_now
        FROM unnest(v_reservations) WITH ORDINALITY h(id, n)
        WHERE s.id = h.id
        RETURNING s.variant_id, s.warehouse_id, s.quantity, h.n
    ), levelled AS (
        UPDATE inventory.levels l SET reserved = l.reserved - c.quantity, allocated = l.allocated + c.quantity, version = l.version + 1, updated_at = p_now
        FROM consumed c WHERE l.variant_id = c.variant_id AND l.warehouse_id = c.warehouse_id
    )
    INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, reserved_delta, allocated_delta, order_id, created_at)
    SELECT v_ids[c.n], c.variant_id, c.warehouse_id, 'allocate', -c.quantity, c.quantity, p_order, p_now FROM consumed c;
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION inventory.allocate_v1(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.allocate_v1(uuid, timestamptz) TO own_orders;

-- A paid order that will not be shipped: its stock can be sold again. Returns the number of lines.
CREATE OR REPLACE FUNCTION inventory.deallocate_v1(p_order uuid, p_reason text, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r record;
    v_count int := 0;
    v_variants uuid[] := '{}';
    v_deltas bigint[] := '{}';
BEGIN
    PERFORM inventory.lock_order(p_order);
    FOR r IN
        SELECT s.id, s.variant_id, s.warehouse_id, s.allocated FROM inventory.reservations s
        WHERE s.order_id = p_order AND s.status = 'consumed' AND s.allocated > 0
        ORDER BY s.variant_id, s.warehouse_id
    LOOP
        UPDATE inventory.levels l SET allocated = l.allocated - r.allocated, version = l.version + 1, updated_at = p_now
        WHERE l.variant_id = r.variant_id AND l.warehouse_id = r.warehouse_id;
        UPDATE inventory.reservations SET allocated = 0, reason = p_reason, updated_at = p_now WHERE id = r.id;
        INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, allocated_delta, order_id, reason, created_at)
        VALUES (inventory.new_id(p_now), r.variant_id, r.warehouse_id, 'deallocate', -r.allocated, p_order, p_reason, p_now);
        v_count := v_count + 1;
        v_variants := v_variants || r.variant_id;
        v_deltas := v_deltas || r.allocated::bigint;
    END LOOP;
    IF v_count > 0 THEN
        PERFORM inventory.emit_crossings(v_variants, v_deltas, NULL, NULL, p_now);
    END IF;
    RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION inventory.deallocate_v1(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.deallocate_v1(uuid, text, timestamptz) TO own_orders;

-- Gives back what expired, whole orders at a time; orders that somebody works on just now wait for the next call.
-- Returns the number of lines. p_limit counts orders.
CREATE OR REPLACE FUNCTION inventory.expire_v1(p_limit int, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_order uuid;
    v_orders uuid[] := '{}';
BEGIN
    FOR v_order IN
        SELECT d.order_id FROM (SELECT r.order_id, min(r.expires_at) AS due FROM inventory.reservations r
                                WHERE r.status = 'active' AND r.expires_at <= p_now GROUP BY r.order_id) d
        ORDER BY d.due LIMIT p_limit
    LOOP
        IF pg_try_advisory_xact_lock(hashtextextended(v_order::text, 2011)) THEN
            v_orders := v_orders || v_order;
        END IF;
    END LOOP;
    IF cardinality(v_orders) = 0 THEN
        RETURN 0;
    END IF;
    RETURN inventory.unreserve(ARRAY(SELECT r.id FROM inventory.reservations r
                                     WHERE r.order_id = ANY (v_orders) AND r.status = 'active' AND r.expires_at <= p_now),
                               'expired', 'expired', p_now);
END
$$;
REVOKE ALL ON FUNCTION inventory.expire_v1(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.expire_v1(int, timestamptz) TO souk_jobs_core;
