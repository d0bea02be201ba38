-- phase: expand
-- Sessions are kept by partition, keys of programs, and the roles that every shop has.

SET LOCAL ROLE own_platform;
-- News of revocations carry real time: a moved business clock must not drop them.
ALTER TABLE platform.partitioned ADD COLUMN real_time boolean NOT NULL DEFAULT false;
GRANT SELECT ON platform.partitioned TO own_identity;
INSERT INTO platform.partitioned (table_name, width, ahead, keep, real_time) VALUES
    ('identity.session', '1 month', '2 months', '13 months', false),        -- the longest life of a session is a year
    ('identity.refresh_used', '1 month', '2 months', '13 months', false),
    ('identity.revocation', '1 day', '7 days', '3 days', true);             -- the longest life of an access token is a day

SET LOCAL ROLE own_identity;

-- Keys of programs: sk_ for servers (scoped like a role), pk_ for pages and apps (names who asks, allows nothing by itself). The secret is shown once.
CREATE TABLE identity.api_key (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('secret', 'publishable')),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    secret_hash  bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    hint         text NOT NULL CHECK (length(hint) <= 12),                  -- the last characters, to tell keys apart
    permissions  text[] NOT NULL DEFAULT '{}',
    origins      text[] NOT NULL DEFAULT '{}',                              -- publishable: where its requests may come from; empty: anywhere
    created_by   text NOT NULL,                                             -- actor
    expires_at   timestamptz,
    last_used_at timestamptz,                                               -- written at most once a minute
    revoked_at   timestamptz,
    version      int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK (kind = 'secret' OR permissions = '{}'),
    CHECK (kind = 'publishable' OR origins = '{}')
);
GRANT SELECT, INSERT, UPDATE ON identity.api_key TO souk_user, souk_admin;

-- Roles that every shop has. '*' is every permission, also those that later releases add.
INSERT INTO identity.role (id, name, title, permissions, builtin, created_at, updated_at) VALUES
    ('01900000-0000-7000-8000-000000000501', 'owner', 'Owner', '{*}', true, '2026-01-01', '2026-01-01'),
    ('01900000-0000-7000-8000-000000000502', 'manager', 'Manager',
     '{read_products,write_products,read_stock,write_stock,read_orders,write_orders,read_payments,write_payments,read_customers,write_customers,read_staff,read_keys,read_audit,read_settings,write_settings}',
     true, '2026-01-01', '2026-01-01'),
    ('01900000-0000-7000-8000-000000000503', 'catalogue', 'Catalogue', '{read_products,write_products,read_stock}', true, '2026-01-01', '2026-01-01'),
    ('01900000-0000-7000-8000-000000000504', 'fulfilment', 'Fulfilment', '{read_products,read_stock,write_stock,read_orders,write_orders}', true, '2026-01-01', '2026-01-01'),
    ('01900000-0000-7000-8000-000000000505', 'support', 'Support', '{read_products,read_stock,read_orders,write_orders,read_payments,read_customers}', true, '2026-01-01', '2026-01-01');

RESET ROLE;
