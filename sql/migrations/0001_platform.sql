-- phase: expand
-- The schemas with their owners, and what every domain stands on: events, idempotency, audit, jobs, the clock.

CREATE SCHEMA platform AUTHORIZATION own_platform;
CREATE SCHEMA identity AUTHORIZATION own_identity;
CREATE SCHEMA catalog AUTHORIZATION own_catalog;
CREATE SCHEMA inventory AUTHORIZATION own_inventory;
CREATE SCHEMA orders AUTHORIZATION own_orders;
CREATE SCHEMA payment AUTHORIZATION own_payment;
CREATE SCHEMA notification AUTHORIZATION own_notification;
CREATE SCHEMA sandbox AUTHORIZATION own_sandbox;

-- Per owner and without IN SCHEMA: with IN SCHEMA a REVOKE of default privileges has no effect.
ALTER DEFAULT PRIVILEGES FOR ROLE own_platform, own_identity, own_catalog, own_inventory, own_orders, own_payment,
    own_notification, own_sandbox REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- USAGE only opens the door: every table, view and function is granted by the file that makes it.
-- Owners see all schemas, because their functions call the published functions of others.
DO $usage$
DECLARE
    s text;
BEGIN
    FOREACH s IN ARRAY ARRAY['platform', 'identity', 'catalog', 'inventory', 'orders', 'payment', 'notification', 'sandbox'] LOOP
        EXECUTE format('SET LOCAL ROLE %I', 'own_' || s);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO own_platform, own_identity, own_catalog, own_inventory, own_orders, '
                       'own_payment, own_notification, own_sandbox, souk_admin, souk_jobs_core', s);
        EXECUTE CASE s
            WHEN 'platform' THEN 'GRANT USAGE ON SCHEMA platform TO souk_product, souk_order, souk_payment, souk_inventory, souk_jobs_payment, souk_sandbox'
            WHEN 'identity' THEN 'GRANT USAGE ON SCHEMA identity TO souk_order, souk_payment, souk_jobs_payment'
            WHEN 'catalog' THEN 'GRANT USAGE ON SCHEMA catalog TO souk_product, souk_order, souk_payment, souk_inventory'
            WHEN 'inventory' THEN 'GRANT USAGE ON SCHEMA inventory TO souk_product, souk_order, souk_inventory'
            WHEN 'orders' THEN 'GRANT USAGE ON SCHEMA orders TO souk_order, souk_payment, souk_jobs_payment'
            WHEN 'payment' THEN 'GRANT USAGE ON SCHEMA payment TO souk_order, souk_payment, souk_jobs_payment'
            WHEN 'notification' THEN 'GRANT USAGE ON SCHEMA notification TO souk_order'
            WHEN 'sandbox' THEN 'GRANT USAGE ON SCHEMA sandbox TO souk_sandbox, souk_payment, souk_jobs_payment'
        END;
        RESET ROLE;
    END LOOP;
END
$usage$;

SET LOCAL ROLE own_platform;

-- The clock ----------------------------------------------------------------------------------------------------------
-- One row. Only a sandbox may move it; the whole shop moves with it.
CREATE TABLE platform.clock_offset (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    shift interval NOT NULL DEFAULT '0',
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz
);
INSERT INTO platform.clock_offset DEFAULT VALUES;
GRANT SELECT ON platform.clock_offset TO souk_product, souk_order, souk_payment, souk_inventory, souk_jobs_core,
    souk_jobs_payment, souk_sandbox, souk_admin;

-- The outbox -----------------------------------------------------------------------------------------------------------
-- A row is written by the transaction that changed the object. `seq` counts per object without gaps, `position` counts
-- the whole feed without gaps and is given after commit by the one relay. `written` only orders what the relay reads.
CREATE TABLE platform.outbox (
    id uuid NOT NULL,
    written bigint GENERATED ALWAYS AS IDENTITY,
    object_type text NOT NULL CHECK (object_type ~ '^[a-z][a-z_]{0,39}$'),
    object_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    type text NOT NULL CHECK (type ~ '^[a-z][a-z_.]{0,79}$'),
    schema_version int NOT NULL CHECK (schema_version > 0),
    payload jsonb NOT NULL,                              -- never personal data
    actor text,
    request_id text,
    trace_id text,
    created_at timestamptz NOT NULL,
    position bigint CHECK (position > 0),
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX outbox_waiting ON platform.outbox (written) WHERE position IS NULL;
CREATE INDEX outbox_position ON platform.outbox (position) WHERE position IS NOT NULL;
CREATE INDEX outbox_object ON platform.outbox (object_id, seq);

CREATE TABLE platform.relay_state (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    last_position bigint NOT NULL DEFAULT 0,
    updated_at timestamptz
);
INSERT INTO platform.relay_state DEFAULT VALUES;

-- How far each reader of the feed has come (mail, webhooks ...). Advanced in the transaction that does the reader's work.
CREATE TABLE platform.consumer (
    name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z_]{0,39}$'),
    position bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Idempotency ------------------------------------------------------------------------------------------------------------
-- Kept for 24 hours. One row per (scope, key): guaranteed by the advisory lock of idem_begin_v1, not by a constraint
-- (an index over partitions cannot be unique without the partition key).
CREATE TABLE platform.idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    state text NOT NULL CHECK (state IN ('started', 'done')),
    status int CHECK (status BETWEEN 100 AND 599),
    result jsonb,                                       -- the service's typed result: ids, never personal data or secrets
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key, created_at),
    CHECK ((state = 'done') = (status IS NOT NULL))
) PARTITION BY RANGE (created_at);

-- Audit ------------------------------------------------------------------------------------------------------------------
-- Inserted unchained; the sealer chains what is committed: hash = sha256(previous hash, number, row).
CREATE TABLE platform.audit (
    id uuid NOT NULL,
    written bigint GENERATED ALWAYS AS IDENTITY,
    actor text NOT NULL,
    action text NOT NULL,
    object_type text,
    object_id uuid,
    detail jsonb NOT NULL DEFAULT '{}',
    request_id text,
    trace_id text,
    created_at timestamptz NOT NULL,
    chain_number bigint,
    chain_previous bytea,
    chain_hash bytea,
    PRIMARY KEY (id, created_at),
    CHECK ((chain_number IS NULL) = (chain_hash IS NULL) AND (chain_number IS NULL) = (chain_previous IS NULL))
) PARTITION BY RANGE (created_at);
CREATE INDEX audit_waiting ON platform.audit (written) WHERE chain_number IS NULL;
CREATE INDEX audit_number ON platform.audit (chain_number) WHERE chain_number IS NOT NULL;
CREATE INDEX audit_object ON platform.audit (object_id, created_at);

CREATE TABLE platform.audit_chain (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    last_number bigint NOT NULL DEFAULT 0,
    last_hash bytea NOT NULL DEFAULT '\x'
);
INSERT INTO platform.audit_chain DEFAULT VALUES;

-- Jobs -------------------------------------------------------------------------------------------------------------------
-- Claimed with SKIP LOCKED and a lease. `attempts` is the fencing token: who finishes must name the attempt it claimed.
-- Leases are real time, run_at is business time.
CREATE TABLE platform.job (
    id uuid PRIMARY KEY,
    queue text NOT NULL CHECK (queue ~ '^[a-z][a-z_]{0,39}$'),
    kind text NOT NULL CHECK (kind ~ '^[a-z][a-z_.]{0,79}$'),
    dedup_key text,
    payload jsonb NOT NULL DEFAULT '{}',                -- ids only
    state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'done', 'dead')),
    run_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts int NOT NULL CHECK (max_attempts > 0),
    lease_owner text,
    lease_until timestamptz,
    last_error text,
    request_id text,
    trace_id text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
);
CREATE INDEX job_ready ON platform.job (queue, run_at, id) WHERE state = 'ready';
CREATE INDEX job_running ON platform.job (queue, lease_until) WHERE state = 'running';
CREATE INDEX job_over ON platform.job (updated_at) WHERE state = 'done';
CREATE INDEX job_dead ON platform.job (queue, updated_at) WHERE state = 'dead';
CREATE UNIQUE INDEX job_dedup ON platform.job (queue, dedup_key) WHERE dedup_key IS NOT NULL;
GRANT SELECT ON platform.job TO souk_admin;

-- Partitions -----------------------------------------------------------------------------------------------------------------
-- What platform.partitions_v1() makes ahead and drops. Days are days of UTC. Each table has a default partition as well:
-- a clock that was moved must not stop the shop.
CREATE TABLE platform.partitioned (
    table_name text PRIMARY KEY,
    width interval NOT NULL,
    ahead interval NOT NULL,
    keep interval NOT NULL
);
INSERT INTO platform.partitioned (table_name, width, ahead, keep) VALUES
    ('platform.outbox', '1 day', '7 days', '30 days'),
    ('platform.idempotency', '1 day', '7 days', '24 hours'),
    ('platform.audit', '1 month', '2 months', '10 years');
CREATE TABLE platform.outbox_default PARTITION OF platform.outbox DEFAULT;
CREATE TABLE platform.idempotency_default PARTITION OF platform.idempotency DEFAULT;
CREATE TABLE platform.audit_default PARTITION OF platform.audit DEFAULT;
RESET ROLE;
