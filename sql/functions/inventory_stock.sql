-- Stock: what people and imports do with it. Every change is a movement.
SET LOCAL ROLE own_inventory;

-- Changes on_hand of one level by a positive or negative number: goods received, counted, broken, lost.
-- ok | below_committed (the rest is reserved or sold) | unknown_variant | unknown_warehouse
CREATE OR REPLACE FUNCTION inventory.adjust_v1(p_variant uuid, p_warehouse uuid, p_delta int, p_kind text, p_reason text, p_actor text,
                                               p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_seq bigint;
    v_on_hand int;
BEGIN
    IF p_kind NOT IN ('receive', 'adjust', 'return') OR p_delta IS NULL OR (p_kind <> 'adjust' AND p_delta <= 0) THEN
        RAISE EXCEPTION 'no such adjustment: % %', p_kind, p_delta USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT EXISTS (SELECT FROM catalog.pub_variants v WHERE v.variant_id = p_variant) THEN
        RETURN 'unknown_variant';
    END IF;
    IF NOT EXISTS (SELECT FROM inventory.warehouses w WHERE w.id = p_warehouse AND w.status = 'active') THEN
        RETURN 'unknown_warehouse';
    END IF;
    IF p_delta = 0 THEN
        RETURN 'ok';
    END IF;
    INSERT INTO inventory.stock_items (variant_id, created_at) VALUES (p_variant, p_now) ON CONFLICT DO NOTHING;
    INSERT INTO inventory.levels (variant_id, warehouse_id, updated_at) VALUES (p_variant, p_warehouse, p_now) ON CONFLICT DO NOTHING;
    UPDATE inventory.levels l SET on_hand = l.on_hand + p_delta, version = l.version + 1, updated_at = p_now
    WHERE l.variant_id = p_variant AND l.warehouse_id = p_warehouse AND l.on_hand + p_delta >= l.reserved + l.allocated
    RETURNING l.on_hand INTO v_on_hand;
    IF NOT FOUND THEN
        RETURN 'below_committed';
    END IF;
    INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, on_hand_delta, reason, actor, request_id, created_at)
    VALUES (inventory.new_id(p_now), p_variant, p_warehouse, p_kind, p_delta, p_reason, p_actor, p_request_id, p_now);
    UPDATE inventory.stock_items SET event_seq = event_seq + 1 WHERE variant_id = p_variant RETURNING event_seq INTO v_seq;
    PERFORM platform.emit_v1('stock', p_variant, v_seq, 'stock.adjusted', 1,
        jsonb_build_object('variant_id', p_variant, 'warehouse_id', p_warehouse, 'kind', p_kind, 'delta', p_delta, 'on_hand', v_on_hand),
        p_actor, p_request_id, p_trace_id, p_now);
    PERFORM inventory.emit_crossings(ARRAY[p_variant], ARRAY[p_delta::bigint], p_actor, p_request_id, p_now);
    RETURN 'ok';
END
$$;
REVOKE ALL ON FUNCTION inventory.adjust_v1(uuid, uuid, int, text, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.adjust_v1(uuid, uuid, int, text, text, text, text, text, timestamptz) TO souk_inventory, souk_admin;

-- Moves stock between warehouses. ok | not_enough | unknown_warehouse
CREATE OR REPLACE FUNCTION inventory.transfer_v1(p_variant uuid, p_from uuid, p_to uuid, p_quantity int, p_reason text, p_actor text,
                                                 p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_seq bigint;
BEGIN
    IF p_quantity IS NULL OR p_quantity <= 0 OR p_from = p_to THEN
        RAISE EXCEPTION 'no such transfer' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT EXISTS (SELECT FROM inventory.warehouses w WHERE w.id = p_to AND w.status = 'active') THEN
        RETURN 'unknown_warehouse';
    END IF;
    IF NOT EXISTS (SELECT FROM inventory.levels l WHERE l.variant_id = p_variant AND l.warehouse_id = p_from) THEN
        RETURN 'not_enough';
    END IF;
    INSERT INTO inventory.levels (variant_id, warehouse_id, updated_at) VALUES (p_variant, p_to, p_now) ON CONFLICT DO NOTHING;
    PERFORM FROM inventory.levels l WHERE l.variant_id = p_variant AND l.warehouse_id IN (p_from, p_to) ORDER BY l.warehouse_id FOR UPDATE;
    UPDATE inventory.levels l SET on_hand = l.on_hand - p_quantity, version = l.version + 1, updated_at = p_now
    WHERE l.variant_id = p_variant AND l.warehouse_id = p_from AND l.on_hand - l.reserved - l.allocated >= p_quantity;
    IF NOT FOUND THEN
        RETURN 'not_enough';
    END IF;
    UPDATE inventory.levels l SET on_hand = l.on_hand + p_quantity, version = l.version + 1, updated_at = p_now
    WHERE l.variant_id = p_variant AND l.warehouse_id = p_to;
    INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, on_hand_delta, reason, actor, request_id, created_at)
    VALUES (inventory.new_id(p_now), p_variant, p_from, 'transfer', -p_quantity, p_reason, p_actor, p_request_id, p_now),
           (inventory.new_id(p_now), p_variant, p_to, 'transfer', p_quantity, p_reason, p_actor, p_request_id, p_now);
    UPDATE inventory.stock_items SET event_seq = event_seq + 1 WHERE variant_id = p_variant RETURNING event_seq INTO v_seq;
    PERFORM platform.emit_v1('stock', p_variant, v_seq, 'stock.transferred', 1,
        jsonb_build_object('variant_id', p_variant, 'from', p_from, 'to', p_to, 'quantity', p_quantity), p_actor, p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END
$$;
REVOKE ALL ON FUNCTION inventory.transfer_v1(uuid, uuid, uuid, int, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.transfer_v1(uuid, uuid, uuid, int, text, text, text, text, timestamptz) TO souk_inventory, souk_admin;

-- First stock of variants that have none yet; variants that are stocked already are left alone, so a second import
-- changes nothing. Goes to the first warehouse. Returns how many variants got stock. The lists learn it from catalog.import_refresh_v1, which
-- follows in the same transaction.
CREATE OR REPLACE FUNCTION inventory.stock_init_v1(p_variants uuid[], p_quantities int[], p_reason text, p_actor text, p_now timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_warehouse uuid;
    v_count int;
BEGIN
    SELECT w.id INTO v_warehouse FROM inventory.warehouses w WHERE w.status = 'active' ORDER BY w.priority, w.id LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no active warehouse';
    END IF;
    WITH item AS (
        INSERT INTO inventory.stock_items (variant_id, created_at)
        SELECT DISTINCT u.v, p_now FROM unnest(p_variants) u(v) ORDER BY u.v
        ON CONFLICT DO NOTHING RETURNING variant_id
    ), amount AS (
        SELECT i.variant_id, max(u.q) AS quantity FROM item i JOIN unnest(p_variants, p_quantities) u(v, q) ON u.v = i.variant_id GROUP BY i.variant_id
    ), moved AS (
        INSERT INTO inventory.movements (id, variant_id, warehouse_id, kind, on_hand_delta, reason, actor, created_at)
        SELECT inventory.new_id(p_now), a.variant_id, v_warehouse, 'receive', a.quantity, p_reason, p_actor, p_now FROM amount a WHERE a.quantity > 0
    )
    INSERT INTO inventory.levels (variant_id, warehouse_id, on_hand, updated_at)
    SELECT a.variant_id, v_warehouse, a.quantity, p_now FROM amount a;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION inventory.stock_init_v1(uuid[], int[], text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.stock_init_v1(uuid[], int[], text, text, timestamptz) TO souk_admin;

-- At the end of a large import: see catalog.import_done_v1.
CREATE OR REPLACE FUNCTION inventory.import_done_v1() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    ANALYZE inventory.stock_items, inventory.levels;
END
$$;
REVOKE ALL ON FUNCTION inventory.import_done_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inventory.import_done_v1() TO souk_admin;
