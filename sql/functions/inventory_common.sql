-- What the other inventory functions share. Internal: granted to nobody.
SET LOCAL ROLE own_inventory;

-- UUIDv7 (RFC 9562): rows written together lie together in the index.
CREATE OR REPLACE FUNCTION inventory.new_id(p_now timestamptz) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM p_now) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
END
$$;
REVOKE ALL ON FUNCTION inventory.new_id(timestamptz) FROM PUBLIC;

-- Several at once: a call of a function costs more than an id.
CREATE OR REPLACE FUNCTION inventory.new_ids(p_count int, p_now timestamptz) RETURNS uuid[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_time bytea := substring(int8send((extract(epoch FROM p_now) * 1000)::bigint) FROM 3);
    v_ids uuid[] := '{}';
BEGIN
    FOR i IN 1..p_count LOOP
        v_ids := v_ids || encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING v_time FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
    END LOOP;
    RETURN v_ids;
END
$$;
REVOKE ALL ON FUNCTION inventory.new_ids(int, timestamptz) FROM PUBLIC;

-- All changes of one order's stock take turns.
CREATE OR REPLACE FUNCTION inventory.lock_order(p_order uuid) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_order::text, 2011));
END
$$;
REVOKE ALL ON FUNCTION inventory.lock_order(uuid) FROM PUBLIC;

-- Emits stock.out, stock.back and stock.low for variants whose availability just changed by p_deltas. The stock item's own
-- counter makes the sequence; it is touched only when a border is crossed.
CREATE OR REPLACE FUNCTION inventory.emit_crossings(p_variants uuid[], p_deltas bigint[], p_actor text, p_request_id text, p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r record;
    v_seq bigint;
BEGIN
    FOR r IN
        SELECT c.variant_id, c.after,
               CASE WHEN c.after <= 0 AND c.after - c.delta > 0 THEN 'stock.out'
                    WHEN c.after > 0 AND c.after - c.delta <= 0 THEN 'stock.back'
                    WHEN c.after <= c.low_threshold AND c.after - c.delta > c.low_threshold THEN 'stock.low' END AS type
        FROM (SELECT d.variant_id, d.delta, i.low_threshold,
                     (SELECT coalesce(sum(l.on_hand - l.reserved - l.allocated), 0) FROM inventory.levels l
                      WHERE l.variant_id = d.variant_id) AS after
              FROM (SELECT u.v AS variant_id, sum(u.d) AS delta FROM unnest(p_variants, p_deltas) u(v, d) GROUP BY u.v) d
              JOIN inventory.stock_items i ON i.variant_id = d.variant_id
              WHERE d.delta <> 0) c
        ORDER BY c.variant_id
    LOOP
        CONTINUE WHEN r.type IS NULL;
        UPDATE inventory.stock_items SET event_seq = event_seq + 1 WHERE variant_id = r.variant_id RETURNING event_seq INTO v_seq;
        IF r.type <> 'stock.low' THEN
            PERFORM catalog.stock_crossed_v1(ARRAY[r.variant_id]);
        END IF;
        PERFORM platform.emit_v1('stock', r.variant_id, v_seq, r.type, 1,
            jsonb_build_object('variant_id', r.variant_id, 'available', r.after), p_actor, p_request_id, NULL, p_now);
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION inventory.emit_crossings(uuid[], bigint[], text, text, timestamptz) FROM PUBLIC;

-- Movements are never changed: what was wrong is put right by another movement.
CREATE OR REPLACE FUNCTION inventory.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'inventory.% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION inventory.refuse_change() FROM PUBLIC;
CREATE OR REPLACE TRIGGER movements_append_only BEFORE UPDATE OR DELETE ON inventory.movements
    FOR EACH ROW EXECUTE FUNCTION inventory.refuse_change();
CREATE OR REPLACE TRIGGER movements_no_truncate BEFORE TRUNCATE ON inventory.movements
    FOR EACH STATEMENT EXECUTE FUNCTION inventory.refuse_change();

-- active > consumed | released | expired, and nothing else; of a consumed one only `allocated` may still fall.
CREATE OR REPLACE FUNCTION inventory.refuse_edge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'reservation % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION inventory.refuse_edge() FROM PUBLIC;
CREATE OR REPLACE TRIGGER reservations_state BEFORE UPDATE ON inventory.reservations
    FOR EACH ROW WHEN ((OLD.status <> 'active' AND (NEW.status <> OLD.status OR NEW.allocated > OLD.allocated))
                       OR NEW.quantity <> OLD.quantity OR NEW.order_id <> OLD.order_id OR NEW.variant_id <> OLD.variant_id
                       OR NEW.warehouse_id <> OLD.warehouse_id)
    EXECUTE FUNCTION inventory.refuse_edge();

-- A warehouse is archived only when it is empty: so availability never has to ask where the stock lies.
CREATE OR REPLACE FUNCTION inventory.refuse_archiving() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM inventory.levels l WHERE l.warehouse_id = NEW.id AND l.on_hand > 0) THEN
        RAISE EXCEPTION 'warehouse % still holds stock', NEW.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION inventory.refuse_archiving() FROM PUBLIC;
CREATE OR REPLACE TRIGGER warehouses_archive BEFORE UPDATE OF status ON inventory.warehouses
    FOR EACH ROW WHEN (NEW.status = 'archived' AND OLD.status <> 'archived') EXECUTE FUNCTION inventory.refuse_archiving();
