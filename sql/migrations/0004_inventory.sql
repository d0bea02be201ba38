-- phase: expand
-- Stock per warehouse and variant. available = on_hand - reserved - allocated.
--
--   on_hand    what lies on the shelf
--   reserved   a checkout in progress holds it, until its reservation expires
--   allocated  sold, not shipped yet
--
-- Rules of this schema:
-- * Only the published functions change a level, and each change writes its movement in the same statement: the sums of
--   the movements equal the levels at any time (`souk verify` compares them).
-- * Whoever locks several levels locks them in the order (variant_id, warehouse_id).
-- * Reservations and movements carry no foreign key to variants: checking one would lock the row that everybody buys.
SET LOCAL ROLE own_inventory;

CREATE TABLE inventory.warehouses (
    id          uuid PRIMARY KEY,
    version     int NOT NULL DEFAULT 1,
    code        text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{0,30}$'),
    name        text NOT NULL,
    country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    priority    int NOT NULL DEFAULT 0,              -- the lowest ships first
    status      text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    archived_at timestamptz,
    CHECK ((status = 'archived') = (archived_at IS NOT NULL))
);
INSERT INTO inventory.warehouses (id, code, name, country, priority, created_at, updated_at) VALUES
    ('01900000-0000-7000-8000-000000000301', 'main', 'Main warehouse', 'DE', 0, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');

-- One row per variant that is stocked at all: carries the counter of its events and what reordering needs to know.
CREATE TABLE inventory.stock_items (
    variant_id    uuid PRIMARY KEY REFERENCES catalog.variants (id),
    low_threshold int NOT NULL DEFAULT 5 CHECK (low_threshold >= 0),
    event_seq     bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL
) WITH (fillfactor = 80);

-- The hot rows: no index beyond the key, room on each page, so that an update stays on its page and touches no index.
CREATE TABLE inventory.levels (
    variant_id   uuid NOT NULL REFERENCES inventory.stock_items (variant_id),
    warehouse_id uuid NOT NULL REFERENCES inventory.warehouses (id),
    on_hand      int NOT NULL DEFAULT 0,
    reserved     int NOT NULL DEFAULT 0,
    allocated    int NOT NULL DEFAULT 0,
    version      int NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (variant_id, warehouse_id),
    CONSTRAINT levels_on_hand CHECK (on_hand >= 0),
    CONSTRAINT levels_reserved CHECK (reserved >= 0),
    CONSTRAINT levels_allocated CHECK (allocated >= 0),
    CONSTRAINT levels_not_oversold CHECK (reserved + allocated <= on_hand)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);

CREATE TABLE inventory.reservations (
    id           uuid PRIMARY KEY,
    order_id     uuid NOT NULL,
    variant_id   uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    quantity     int NOT NULL CHECK (quantity > 0),
    status       text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'consumed', 'released', 'expired')),
    allocated    int NOT NULL DEFAULT 0,             -- of a consumed one: what is still allocated (not shipped, not given back)
    expires_at   timestamptz NOT NULL,
    reason       text,
    request_id   text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK (allocated BETWEEN 0 AND quantity),
    CHECK (allocated = 0 OR status = 'consumed')
) WITH (fillfactor = 80);
CREATE INDEX reservations_order ON inventory.reservations (order_id);
CREATE UNIQUE INDEX reservations_one_active ON inventory.reservations (order_id, variant_id, warehouse_id) WHERE status = 'active';
CREATE INDEX reservations_due ON inventory.reservations (expires_at) WHERE status = 'active';

CREATE TABLE inventory.movements (
    id              uuid PRIMARY KEY,
    variant_id      uuid NOT NULL,
    warehouse_id    uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('receive', 'adjust', 'transfer', 'reserve', 'release', 'expire', 'allocate', 'deallocate', 'ship', 'return')),
    on_hand_delta   int NOT NULL DEFAULT 0,
    reserved_delta  int NOT NULL DEFAULT 0,
    allocated_delta int NOT NULL DEFAULT 0,
    order_id        uuid,
    reason          text,
    actor           text,
    request_id      text,
    created_at      timestamptz NOT NULL
);
CREATE INDEX movements_variant ON inventory.movements (variant_id, warehouse_id, created_at);
CREATE INDEX movements_order ON inventory.movements (order_id) WHERE order_id IS NOT NULL;

GRANT SELECT ON inventory.warehouses, inventory.stock_items, inventory.levels, inventory.reservations, inventory.movements TO souk_inventory, souk_admin;

RESET ROLE;
