-- phase: expand
-- Profile: the address book, consents with their history, what people ask for about their own data. And the audit trail becomes append-only.
SET LOCAL ROLE own_identity;

-- --- the address book ---------------------------------------------------------------------------------------------------
-- Sealed under the key of the account's person, with the address's own id as the place. Country and postal area stay clear.
CREATE TABLE identity.address (
    id               uuid PRIMARY KEY,
    account_id       uuid NOT NULL REFERENCES identity.account (id),
    label            bytea,                                                         -- sealed: "Grandma"
    address          bytea NOT NULL,                                                -- sealed JSON: name, company, line1, line2, postal_code, city, region
    phone            bytea,                                                         -- sealed
    country          text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    postal_area      text CHECK (length(postal_area) <= 8),
    default_shipping boolean NOT NULL DEFAULT false,
    default_billing  boolean NOT NULL DEFAULT false,
    version          int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL
);
CREATE INDEX address_account ON identity.address (account_id, created_at, id);
CREATE UNIQUE INDEX address_one_shipping ON identity.address (account_id) WHERE default_shipping;
CREATE UNIQUE INDEX address_one_billing ON identity.address (account_id) WHERE default_billing;

-- --- consents -----------------------------------------------------------------------------------------------------------
-- Each word that was given or taken back, for ever; what holds now is the last one of a purpose. Purposes and texts: src/service/consent.def.
CREATE TABLE identity.consent (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES identity.account (id),
    n            int NOT NULL CHECK (n > 0),                                        -- 1, 2, … of its purpose
    purpose      text NOT NULL CHECK (purpose ~ '^[a-z][a-z_]{0,39}$'),
    granted      boolean NOT NULL,
    text_version int NOT NULL CHECK (text_version > 0),                             -- of the text that the person saw
    source       text NOT NULL CHECK (source ~ '^[a-z][a-z_]{0,39}$'),              -- where: account, registration, checkout, import, …
    actor        text NOT NULL,
    request_id   text,
    created_at   timestamptz NOT NULL,
    UNIQUE (account_id, purpose, n)
);

CREATE FUNCTION identity.consent_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was consented to is history: it is added to, never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER consent_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON identity.consent FOR EACH STATEMENT EXECUTE FUNCTION identity.consent_fixed();

-- --- requests about one's own data ----------------------------------------------------------------------------------------
-- Worked by `souk-jobs core`. An export: queued > running > ready > expired. An erasure: queued > (waiting for open orders) > telling > done; it may be
-- taken back until the owner was told.
CREATE TABLE identity.data_request (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES identity.account (id),
    kind         text NOT NULL CHECK (kind IN ('export', 'erase')),
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'waiting', 'running', 'telling', 'ready', 'done', 'canceled', 'expired', 'failed')),
    open_orders  int NOT NULL DEFAULT 0 CHECK (open_orders >= 0),                   -- what an erasure waits for
    despite      boolean NOT NULL DEFAULT false,                                    -- an operator erases in spite of open orders
    actor        text NOT NULL,                                                     -- who asked
    tries        int NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL,                                              -- real time; while running: the end of the lease
    last_error   text,
    bytes        bigint CHECK (bytes > 0),                                          -- of the export
    expires_at   timestamptz,                                                       -- of the export's file and link
    finished_at  timestamptz,
    request_id   text,
    trace_id     text,
    version      int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK ((state IN ('ready', 'expired')) <= (expires_at IS NOT NULL))
);
CREATE INDEX data_request_account ON identity.data_request (account_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX data_request_one_open ON identity.data_request (account_id, kind) WHERE state IN ('queued', 'waiting', 'running', 'telling');
CREATE INDEX data_request_due ON identity.data_request (next_try_at) WHERE state IN ('queued', 'waiting', 'running', 'telling');
CREATE INDEX data_request_expires ON identity.data_request (expires_at) WHERE state = 'ready';

GRANT SELECT ON identity.address, identity.consent, identity.data_request TO souk_user, souk_admin, souk_jobs_core;

-- An account is found by its age in lists of operators.
CREATE INDEX account_created ON identity.account (created_at, id);

-- --- the audit trail -------------------------------------------------------------------------------------------------------
SET LOCAL ROLE own_platform;

-- Ranges of the chain that went with their partition when their time was over, so that what is left can still be checked: the range begins behind
-- `previous` and ends with `hash`. A row named audit.retired says the same inside the chain.
CREATE TABLE platform.audit_retired (
    first_number bigint PRIMARY KEY CHECK (first_number > 0),
    last_number  bigint NOT NULL CHECK (last_number >= first_number),
    previous     bytea NOT NULL,
    hash         bytea NOT NULL,
    partition    text NOT NULL,
    retired_at   timestamptz NOT NULL
);

-- What was written down stays: a row is inserted, and sealed once. Moving rows from the default partition to their own is the one exception, and the
-- chain tells when it was used for something else.
CREATE FUNCTION platform.audit_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('souk.moving_rows', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'audit %: nothing is taken out of the audit trail', OLD.id USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.chain_number IS NOT NULL
       OR (NEW.id, NEW.written, NEW.actor, NEW.action, NEW.object_type, NEW.object_id, NEW.detail, NEW.request_id, NEW.trace_id, NEW.created_at) IS DISTINCT FROM
          (OLD.id, OLD.written, OLD.actor, OLD.action, OLD.object_type, OLD.object_id, OLD.detail, OLD.request_id, OLD.trace_id, OLD.created_at) THEN
        RAISE EXCEPTION 'audit %: what was written down never changes', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_fixed BEFORE UPDATE OR DELETE ON platform.audit FOR EACH ROW EXECUTE FUNCTION platform.audit_fixed();
CREATE FUNCTION platform.audit_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'nothing is taken out of the audit trail' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER audit_kept BEFORE TRUNCATE ON platform.audit FOR EACH STATEMENT EXECUTE FUNCTION platform.audit_kept();
CREATE INDEX audit_actor ON platform.audit (actor, created_at);
CREATE INDEX audit_time ON platform.audit (created_at, written);
GRANT SELECT ON platform.audit, platform.audit_chain, platform.audit_retired TO souk_admin;
GRANT SELECT ON platform.audit TO souk_user;

RESET ROLE;
