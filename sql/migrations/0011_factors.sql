-- phase: expand
-- Second factors: authenticator apps, recovery codes, trusted devices, passkeys.
--
-- Nothing here signs anybody in when it is read: an app's secret is sealed under a key of the master key, recovery codes stand as a keyed hash
-- (they are short enough to be written down, so a plain hash would not do), a trusted device's secret as SHA-256, of a passkey the public half.
SET LOCAL ROLE own_identity;

CREATE TABLE identity.totp (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL UNIQUE REFERENCES identity.account (id),
    secret       bytea NOT NULL,                                                    -- sealed
    confirmed_at timestamptz,                                                       -- null: shown, but no code was seen yet; counts for nothing
    last_step    bigint NOT NULL DEFAULT 0,                                         -- time step of the last code that was taken: it and older ones are refused
    version      int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

CREATE TABLE identity.recovery_code (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES identity.account (id),
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),                      -- keyed
    used_at    timestamptz,
    version    int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (account_id, hash)
);

CREATE TABLE identity.trusted_device (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES identity.account (id),
    secret_hash  bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    device       text NOT NULL DEFAULT '' CHECK (length(device) <= 80),             -- "Firefox on Linux"
    last_used_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    version      int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX trusted_device_account ON identity.trusted_device (account_id, created_at);
CREATE INDEX trusted_device_expires ON identity.trusted_device (expires_at);

CREATE TABLE identity.passkey (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES identity.account (id),
    credential_id   bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),   -- WebAuthn level 2 section 4
    public_key      bytea NOT NULL,                                                 -- COSE_Key (RFC 9053), as it came
    algorithm       int NOT NULL CHECK (algorithm IN (-7, -257)),                   -- COSE: ES256, RS256
    sign_count      bigint NOT NULL CHECK (sign_count BETWEEN 0 AND 4294967295),
    backup_eligible boolean NOT NULL,
    backed_up       boolean NOT NULL,
    transports      text[] NOT NULL DEFAULT '{}',
    aaguid          uuid NOT NULL,                                                  -- model of the authenticator; zeros: not told
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),            -- what its owner calls it
    last_used_at    timestamptz,
    version         int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX passkey_account ON identity.passkey (account_id, created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.totp, identity.recovery_code, identity.trusted_device, identity.passkey TO souk_user, souk_admin;
GRANT SELECT (id, expires_at), DELETE ON identity.trusted_device TO souk_jobs_core;

RESET ROLE;
