-- phase: expand
-- Payments: attempts, operations (each provider call is a row before it is a call), provider events, commands, the ledger.

SET LOCAL ROLE own_payment;

-- One try to pay one order. Outside it is called a payment: pay_… is this id.
CREATE TABLE payment.attempt (
    id             uuid PRIMARY KEY,
    order_id       uuid NOT NULL,                                  -- no foreign key: checkout updates that row; `souk verify` looks instead
    n              int NOT NULL CHECK (n > 0),                     -- 1, 2, … of its order
    provider       text NOT NULL CHECK (provider ~ '^[a-z]{2,20}$'),
    method         text NOT NULL CHECK (length(method) BETWEEN 1 AND 200),     -- the provider's one-time token of the chosen method
    amount         bigint NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    state          text NOT NULL DEFAULT 'created'
                   CHECK (state IN ('created', 'requires_action', 'authorized', 'captured', 'voided', 'failed')),
    provider_ref   text,
    provider_state text NOT NULL DEFAULT '',                       -- what the provider said last
    captured       bigint NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
    refunded       bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND captured),
    failure_code   text,
    action_url     text,                                           -- where the payer must go while requires_action
    return_nonce   bytea,                                          -- of the one return that may still come
    flag           text,                                           -- what a person must look at
    checks         int NOT NULL DEFAULT 0,                         -- how often the sweeper looked
    next_check_at  timestamptz,                                    -- real time; null: nothing was ever asked of the provider
    event_seq      bigint NOT NULL DEFAULT 0,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    UNIQUE (order_id, n)
);
-- At most one attempt of an order is open or has succeeded.
CREATE UNIQUE INDEX attempt_one_alive ON payment.attempt (order_id) WHERE state NOT IN ('voided', 'failed');
CREATE INDEX attempt_open ON payment.attempt (next_check_at) WHERE state IN ('created', 'requires_action');
CREATE INDEX attempt_ref ON payment.attempt (provider, provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX attempt_flagged ON payment.attempt (id) WHERE flag IS NOT NULL;

CREATE TABLE payment.operation (
    id           uuid PRIMARY KEY,                                 -- the provider's idempotency key
    attempt_id   uuid NOT NULL REFERENCES payment.attempt,
    kind         text NOT NULL CHECK (kind IN ('authorize', 'complete', 'capture', 'void', 'refund')),
    n            int NOT NULL CHECK (n > 0),
    amount       bigint NOT NULL CHECK (amount >= 0),
    currency     text NOT NULL,
    state        text NOT NULL DEFAULT 'started' CHECK (state IN ('started', 'unknown', 'done', 'failed')),
    code         text,                                             -- why it failed
    started_at   timestamptz NOT NULL,                             -- real time: providers forget idempotency keys by it
    finished_at  timestamptz,
    request_id   text,
    trace_id     text,
    UNIQUE (attempt_id, kind, n)
);
CREATE UNIQUE INDEX operation_one_running ON payment.operation (attempt_id) WHERE state IN ('started', 'unknown');

-- What other domains and our own jobs want done at a provider. Worked by `souk-jobs payment`.
CREATE TABLE payment.command (
    id           uuid PRIMARY KEY,
    attempt_id   uuid NOT NULL REFERENCES payment.attempt,
    kind         text NOT NULL CHECK (kind IN ('capture', 'release')),   -- release: void, or refund what was captured
    reason       text NOT NULL,
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'flagged')),
    tries        int NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL,                             -- real time
    note         text,
    request_id   text,
    trace_id     text,
    created_at   timestamptz NOT NULL,
    finished_at  timestamptz
);
CREATE UNIQUE INDEX command_one_open ON payment.command (attempt_id, kind) WHERE state = 'open';
CREATE INDEX command_due ON payment.command (next_try_at) WHERE state = 'open';

-- News from providers: verified, stored, answered; worked later by asking the provider how things stand.
CREATE TABLE payment.inbound_event (
    id             uuid PRIMARY KEY,
    provider       text NOT NULL,
    provider_event text NOT NULL,
    type           text NOT NULL,
    provider_ref   text,
    attempt_id     uuid,
    copies         int NOT NULL DEFAULT 1,
    state          text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'ignored', 'flagged')),
    tries          int NOT NULL DEFAULT 0,
    next_try_at    timestamptz NOT NULL,                           -- real time
    received_at    timestamptz NOT NULL,
    finished_at    timestamptz,
    UNIQUE (provider, provider_event)
);
CREATE INDEX inbound_due ON payment.inbound_event (next_try_at) WHERE state = 'open';

-- The ledger: each movement of money is one transaction of entries that sum to 0 per currency. Append-only.
-- Accounts: hold:<provider> / commitment (authorized, not captured); clearing:<provider> / sales (captured, less refunds).
CREATE TABLE payment.ledger_transaction (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('authorize', 'void', 'capture', 'refund')),
    attempt_id   uuid NOT NULL REFERENCES payment.attempt,
    order_id     uuid NOT NULL,
    request_id   text,
    created_at   timestamptz NOT NULL
);
CREATE INDEX ledger_transaction_attempt ON payment.ledger_transaction (attempt_id);
CREATE TABLE payment.ledger_entry (
    transaction_id uuid NOT NULL REFERENCES payment.ledger_transaction,
    n              int NOT NULL CHECK (n > 0),
    account        text NOT NULL CHECK (account ~ '^[a-z_]+(:[a-z]+)?$'),
    amount         bigint NOT NULL CHECK (amount <> 0),
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    PRIMARY KEY (transaction_id, n)
);
CREATE INDEX ledger_entry_account ON payment.ledger_entry (account, currency);

CREATE FUNCTION payment.attempt_edge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.order_id <> OLD.order_id OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency OR NEW.provider <> OLD.provider
       OR NEW.method <> OLD.method OR NEW.captured < OLD.captured OR NEW.refunded < OLD.refunded THEN
        RAISE EXCEPTION 'payment attempt %: order, amount, provider and method never change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
        ('created', 'requires_action'), ('created', 'authorized'), ('created', 'captured'), ('created', 'failed'), ('created', 'voided'),
        ('requires_action', 'authorized'), ('requires_action', 'captured'), ('requires_action', 'failed'), ('requires_action', 'voided'),
        ('authorized', 'captured'), ('authorized', 'voided'), ('authorized', 'failed')) THEN
        RAISE EXCEPTION 'payment attempt %: % to % is not a step', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attempt_edge BEFORE UPDATE ON payment.attempt FOR EACH ROW EXECUTE FUNCTION payment.attempt_edge();

CREATE FUNCTION payment.operation_edge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.attempt_id <> OLD.attempt_id OR NEW.kind <> OLD.kind OR NEW.n <> OLD.n OR NEW.amount <> OLD.amount
       OR (NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
           ('started', 'unknown'), ('started', 'done'), ('started', 'failed'), ('unknown', 'done'), ('unknown', 'failed'))) THEN
        RAISE EXCEPTION 'payment operation %: % to % is not a step', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER operation_edge BEFORE UPDATE ON payment.operation FOR EACH ROW EXECUTE FUNCTION payment.operation_edge();

CREATE FUNCTION payment.append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment.ledger_transaction FOR EACH STATEMENT EXECUTE FUNCTION payment.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION payment.append_only();

CREATE FUNCTION payment.ledger_balanced() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid := CASE WHEN TG_TABLE_NAME = 'ledger_entry' THEN (to_jsonb(NEW) ->> 'transaction_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payment.ledger_entry e WHERE e.transaction_id = v_id)
       OR EXISTS (SELECT 1 FROM payment.ledger_entry e WHERE e.transaction_id = v_id GROUP BY e.currency HAVING sum(e.amount) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', v_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON payment.ledger_transaction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payment.ledger_balanced();
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON payment.ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payment.ledger_balanced();

GRANT SELECT ON payment.attempt, payment.operation, payment.command, payment.inbound_event TO souk_payment, souk_jobs_payment;
GRANT SELECT ON ALL TABLES IN SCHEMA payment TO souk_admin;

RESET ROLE;
SET LOCAL ROLE own_sandbox;

-- The sandbox provider's own books. Only the role souk_sandbox uses them, on a connection of its own: for the shop they are somebody else's.
CREATE TABLE sandbox.intent (
    id            text PRIMARY KEY CHECK (id ~ '^sbx_[0-9a-f]{24}$'),
    idem_key      uuid NOT NULL UNIQUE,
    attempt_id    uuid NOT NULL,                                   -- metadata that the shop sent
    order_number  text NOT NULL,                                   -- metadata that the shop sent
    amount        bigint NOT NULL CHECK (amount > 0),
    currency      text NOT NULL,
    token         text NOT NULL,
    state         text NOT NULL CHECK (state IN ('processing', 'requires_action', 'authorized', 'captured', 'voided', 'failed')),
    captured      bigint NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
    refunded      bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND captured),
    code          text,                                            -- why it was declined
    challenge_key text,                                            -- unguessable part of the bank page's address
    return_url    text,
    late_at       timestamptz,                                     -- when a processing intent decides itself
    late_state    text CHECK (late_state IN ('authorized', 'failed')),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX intent_attempt ON sandbox.intent (attempt_id);
CREATE INDEX intent_late ON sandbox.intent (late_at) WHERE state = 'processing';

CREATE TABLE sandbox.booking (
    id         uuid PRIMARY KEY,                                   -- the idempotency key of the call, or random for the provider's own steps
    intent_id  text NOT NULL REFERENCES sandbox.intent,
    kind       text NOT NULL CHECK (kind IN ('authorize', 'capture', 'void', 'refund')),
    amount     bigint NOT NULL CHECK (amount > 0),
    currency   text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX booking_intent ON sandbox.booking (intent_id);

CREATE TABLE sandbox.event (
    id          uuid PRIMARY KEY,
    intent_id   text NOT NULL REFERENCES sandbox.intent,
    type        text NOT NULL,
    created_at  timestamptz NOT NULL,
    deliver_at  timestamptz NOT NULL,
    copies      int NOT NULL DEFAULT 1,
    delivered   int NOT NULL DEFAULT 0
);
CREATE INDEX event_due ON sandbox.event (deliver_at) WHERE delivered < copies;

-- Requests that "got lost on their way": the network's memory, not the provider's.
CREATE TABLE sandbox.lost_request (
    idem_key   uuid PRIMARY KEY,
    created_at timestamptz NOT NULL
);

GRANT SELECT ON sandbox.intent, sandbox.event, sandbox.booking TO souk_sandbox;
GRANT SELECT ON ALL TABLES IN SCHEMA sandbox TO souk_admin;

RESET ROLE;
