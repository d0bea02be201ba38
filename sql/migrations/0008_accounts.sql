-- phase: expand
-- Accounts, sessions, roles: who may sign in, and what was promised to whom.
--
-- Rules of this schema:
-- * E-mail, name and phone of an account are ciphertext under the key of its person; look-up goes by the keyed hash.
-- * Secrets are never stored: session secrets, refresh tokens, API keys and recovery codes as SHA-256 (they are random, 128 bits and more),
--   passwords as their encoded hash. Codes and links of mails are derived from the challenge's id under a key that is not in the database.
-- * An account exists only once its first e-mail address was verified, an operator made it, or an outside identity vouches for it.
-- * Nothing here is deleted by a cascade from another schema; an erased account stays as an empty row, because books refer to it.

-- The user pool joins the house.
SET LOCAL ROLE own_platform;
GRANT USAGE ON SCHEMA platform TO souk_user;
GRANT SELECT ON platform.clock_offset TO souk_user;
SET LOCAL ROLE own_catalog;
GRANT USAGE ON SCHEMA catalog TO souk_user;
SET LOCAL ROLE own_orders;
GRANT USAGE ON SCHEMA orders TO souk_user;
SET LOCAL ROLE own_notification;
GRANT USAGE ON SCHEMA notification TO souk_user;
SET LOCAL ROLE own_identity;
GRANT USAGE ON SCHEMA identity TO souk_user, souk_product, souk_order, souk_payment, souk_inventory, souk_jobs_core, souk_admin;

CREATE TABLE identity.account (
    id                  uuid PRIMARY KEY,
    person_id           uuid NOT NULL UNIQUE REFERENCES identity.person (id),       -- whose key opens email, name and phone
    email_hash          bytea CHECK (octet_length(email_hash) = 32),                -- keyed; null: none, or erased
    email               bytea,                                                      -- sealed
    email_verified_at   timestamptz,                                                -- null: imported or from outside without a proof
    name                bytea,                                                      -- sealed
    phone               bytea,                                                      -- sealed
    status              text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'erased')),
    staff               boolean NOT NULL DEFAULT false,
    password            text CHECK (length(password) <= 1000),                      -- encoded hash, ours or an imported one; null: none
    password_changed_at timestamptz,
    locale              text,                                                       -- BCP 47; null: the market's
    preferences         jsonb NOT NULL DEFAULT '{}',
    event_seq           bigint NOT NULL DEFAULT 0,
    version             int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    last_sign_in_at     timestamptz,
    CHECK ((email IS NULL) = (email_hash IS NULL)),
    CHECK (email_verified_at IS NULL OR email_hash IS NOT NULL),
    CHECK (status <> 'erased' OR num_nonnulls(email_hash, email, name, phone, password) = 0)
);
CREATE UNIQUE INDEX account_email ON identity.account (email_hash);
CREATE INDEX account_staff ON identity.account (id) WHERE staff;
COMMENT ON TABLE identity.account IS 'Who can sign in.';

-- Every person of an account: its own, and the guests that it was before (claimed by a verified address).
ALTER TABLE identity.person ADD COLUMN account_id uuid REFERENCES identity.account (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX person_account ON identity.person (account_id) WHERE account_id IS NOT NULL;

-- --- roles ------------------------------------------------------------------------------------------------------------
CREATE TABLE identity.role (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
    title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
    permissions text[] NOT NULL,
    builtin     boolean NOT NULL DEFAULT false,                                     -- cannot be changed or removed
    version     int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE TABLE identity.account_role (
    account_id uuid NOT NULL REFERENCES identity.account (id),
    role_id    uuid NOT NULL REFERENCES identity.role (id),
    granted_by text NOT NULL,                                                       -- actor
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, role_id)
);
CREATE INDEX account_role_role ON identity.account_role (role_id);

-- --- sessions ---------------------------------------------------------------------------------------------------------
-- One row for each browser or app that is signed in. created_at is the time in the id (milliseconds), so that an id finds its partition.
CREATE TABLE identity.session (
    id             uuid NOT NULL,
    account_id     uuid NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('browser', 'app')),
    secret_hash    bytea NOT NULL CHECK (octet_length(secret_hash) = 32),           -- of the cookie's secret, or of the present refresh token
    previous_hash  bytea CHECK (octet_length(previous_hash) = 32),                  -- of the one before
    rotated_at     timestamptz NOT NULL,
    method         text NOT NULL CHECK (method IN ('password', 'passkey', 'oidc', 'cognito', 'link')),
    second_factor  boolean NOT NULL DEFAULT false,
    fresh_at       timestamptz NOT NULL,                                            -- when the person last proved to be there
    device         text NOT NULL DEFAULT '' CHECK (length(device) <= 80),           -- "Firefox on Linux"
    place          text NOT NULL DEFAULT '' CHECK (length(place) <= 60),            -- truncated address of the last use
    last_used_at   timestamptz NOT NULL,                                            -- written at most once a minute
    expires_at     timestamptz NOT NULL,                                            -- absolute
    ended_at       timestamptz,
    end_reason     text CHECK (end_reason ~ '^[a-z_]{1,40}$'),
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (id, created_at),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) PARTITION BY RANGE (created_at);
CREATE INDEX session_account ON identity.session (account_id, last_used_at DESC) WHERE ended_at IS NULL;
CREATE TABLE identity.session_default PARTITION OF identity.session DEFAULT;

-- Refresh tokens that were exchanged: one of them seen again, later than two tabs may race, means that it was stolen.
CREATE TABLE identity.refresh_used (
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (token_hash, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE identity.refresh_used_default PARTITION OF identity.refresh_used DEFAULT;

-- "What you remember of this account or session from before this moment is void." Every worker reads the news each second, so the end of a session
-- reaches sessions kept in Redis and tokens that are checked without the database. Real time.
CREATE TABLE identity.revocation (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    account_id uuid NOT NULL,
    session_id uuid,                                                                -- null: all sessions of the account
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX revocation_time ON identity.revocation (created_at);
CREATE TABLE identity.revocation_default PARTITION OF identity.revocation DEFAULT;

-- --- keys that sign access tokens --------------------------------------------------------------------------------------
CREATE TABLE identity.signing_key (
    kid          text PRIMARY KEY CHECK (kid ~ '^[A-Za-z0-9_-]{8,64}$'),
    algorithm    text NOT NULL CHECK (algorithm IN ('ES256')),
    public_key   bytea NOT NULL,                                                    -- SubjectPublicKeyInfo, DER
    private_key  bytea NOT NULL,                                                    -- sealed under a key of the master key
    activates_at timestamptz NOT NULL,                                              -- signs from here on; published before. Real time
    retires_at   timestamptz,                                                       -- verifies until here; null: until the next rotation
    created_at   timestamptz NOT NULL
);

-- --- challenges: what a mail, a code or a second step still has to prove -------------------------------------------------
CREATE TABLE identity.challenge (
    id           uuid PRIMARY KEY,
    purpose      text NOT NULL CHECK (purpose ~ '^[a-z][a-z_]{0,39}$'),
    account_id   uuid,                                                              -- null: nobody yet, or nobody at all (and no answer says so)
    email_hash   bytea CHECK (octet_length(email_hash) = 32),
    email        bytea,                                                             -- sealed under a key of the shop: such a row lives a day
    name         bytea,                                                             -- sealed likewise
    password     text,
    browser_hash bytea CHECK (octet_length(browser_hash) = 32),                     -- of the secret that the asking client holds
    data         jsonb NOT NULL DEFAULT '{}',                                       -- no secret, no personal data
    locale       text,
    tries        int NOT NULL DEFAULT 0,
    sends        int NOT NULL DEFAULT 0,
    sent_at      timestamptz,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX challenge_expires ON identity.challenge (expires_at);
CREATE INDEX challenge_account ON identity.challenge (account_id, purpose) WHERE used_at IS NULL;
CREATE INDEX challenge_email ON identity.challenge (email_hash, purpose, created_at) WHERE email_hash IS NOT NULL;

-- --- tries ------------------------------------------------------------------------------------------------------------
-- One row for each account and each network that guesses. A try is counted before it is looked at, so tries at once get no more than tries in turn.
CREATE TABLE identity.throttle (
    key          bytea PRIMARY KEY CHECK (octet_length(key) = 32),                  -- keyed hash of what is counted
    failures     int NOT NULL CHECK (failures >= 0),
    locked_until timestamptz,
    told_at      timestamptz,                                                       -- when the owner was told last
    updated_at   timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX throttle_updated ON identity.throttle (updated_at);

-- The pool works with its own domain's tables; other pools see what functions and views publish.
GRANT SELECT, INSERT, UPDATE ON identity.account, identity.role, identity.session, identity.signing_key, identity.challenge, identity.throttle TO souk_user, souk_admin;
GRANT SELECT, INSERT, DELETE ON identity.account_role TO souk_user, souk_admin;
GRANT DELETE ON identity.role, identity.throttle TO souk_user, souk_admin;
GRANT SELECT, INSERT ON identity.refresh_used, identity.revocation TO souk_user, souk_admin;
GRANT SELECT ON identity.person TO souk_user, souk_admin, souk_jobs_core;
GRANT SELECT ON identity.account, identity.challenge, identity.session TO souk_jobs_core;
GRANT DELETE ON identity.challenge, identity.throttle TO souk_jobs_core;

RESET ROLE;
