-- What other domains may see of the stock. Counts only.
SET LOCAL ROLE own_inventory;

-- One row per stocked variant. Join it freely: the sum is made for the rows that the join needs, not for all.
CREATE OR REPLACE VIEW inventory.pub_availability AS
    SELECT i.variant_id,
           (SELECT coalesce(sum(l.on_hand - l.reserved - l.allocated), 0)::bigint FROM inventory.levels l
            WHERE l.variant_id = i.variant_id) AS available
    FROM inventory.stock_items i;
GRANT SELECT ON inventory.pub_availability TO own_catalog, own_orders, souk_product, souk_order, souk_inventory, souk_jobs_core, souk_admin;

-- The same per warehouse; for sums over many variants at once (one index scan over an array of variants).
CREATE OR REPLACE VIEW inventory.pub_stock AS
    SELECT l.variant_id, l.warehouse_id, l.on_hand - l.reserved - l.allocated AS available FROM inventory.levels l;
GRANT SELECT ON inventory.pub_stock TO own_catalog, own_orders, souk_product, souk_order, souk_inventory, souk_admin;

-- Levels that differ from what the movements and the reservations add up to. Must be empty; `souk verify` reads it.
CREATE OR REPLACE VIEW inventory.pub_mismatches AS
    SELECT coalesce(l.variant_id, m.variant_id) AS variant_id, coalesce(l.warehouse_id, m.warehouse_id) AS warehouse_id,
           coalesce(l.on_hand, 0) AS on_hand, coalesce(l.reserved, 0) AS reserved, coalesce(l.allocated, 0) AS allocated,
           coalesce(m.on_hand, 0)::bigint AS moved_on_hand, coalesce(m.reserved, 0)::bigint AS moved_reserved,
           coalesce(m.allocated, 0)::bigint AS moved_allocated,
           coalesce(r.reserved, 0)::bigint AS held_reserved, coalesce(r.allocated, 0)::bigint AS held_allocated
    FROM inventory.levels l
    FULL JOIN (SELECT variant_id, warehouse_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved, sum(allocated_delta) AS allocated
               FROM inventory.movements GROUP BY variant_id, warehouse_id) m ON m.variant_id = l.variant_id AND m.warehouse_id = l.warehouse_id
    LEFT JOIN (SELECT variant_id, warehouse_id, sum(quantity) FILTER (WHERE status = 'active') AS reserved, sum(allocated) AS allocated
               FROM inventory.reservations GROUP BY variant_id, warehouse_id) r ON r.variant_id = l.variant_id AND r.warehouse_id = l.warehouse_id
    WHERE coalesce(l.on_hand, 0) <> coalesce(m.on_hand, 0) OR coalesce(l.reserved, 0) <> coalesce(m.reserved, 0)
       OR coalesce(l.allocated, 0) <> coalesce(m.allocated, 0) OR coalesce(l.reserved, 0) <> coalesce(r.reserved, 0)
       OR coalesce(l.allocated, 0) <> coalesce(r.allocated, 0);
GRANT SELECT ON inventory.pub_mismatches TO souk_admin;

-- Reservations of an order, for checks and for the people who answer questions.
CREATE OR REPLACE VIEW inventory.pub_reservations AS
    SELECT r.id AS reservation_id, r.order_id, r.variant_id, r.warehouse_id, r.quantity, r.status, r.allocated, r.expires_at, r.created_at, r.updated_at
    FROM inventory.reservations r;
GRANT SELECT ON inventory.pub_reservations TO own_orders, souk_order, souk_admin, souk_jobs_core;
