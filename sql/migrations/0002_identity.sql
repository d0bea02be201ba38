-- phase: expand
-- Persons: who bought, without plain personal data. A person is "unclaimed" until an account claims it by verified e-mail.

SET LOCAL ROLE own_identity;

CREATE TABLE identity.person (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL DEFAULT 'unclaimed' CHECK (kind IN ('unclaimed', 'claimed')),
    email_hash  bytea CHECK (octet_length(email_hash) = 32),          -- keyed; null once erased
    version     int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    erased_at   timestamptz,
    CHECK (erased_at IS NULL OR email_hash IS NULL)
);
COMMENT ON TABLE identity.person IS 'Whose data an order holds. The key that opens it is in the database souk_keys.';
-- A guest who comes back with the same address is the same unclaimed person.
CREATE UNIQUE INDEX person_unclaimed_email ON identity.person (email_hash) WHERE kind = 'unclaimed';
CREATE INDEX person_claimed_email ON identity.person (email_hash) WHERE kind = 'claimed';

RESET ROLE;
