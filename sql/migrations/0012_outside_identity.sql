-- phase: expand
-- Identities from outside: providers that vouch for somebody (OpenID Connect), and Cognito user pools whose access tokens the shop accepts.
SET LOCAL ROLE own_identity;

-- A provider is data: `souk providers set` makes one.
CREATE TABLE identity.provider (
    id              uuid PRIMARY KEY,
    name            text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9-]{0,39}$'),  -- in addresses: /v1/auth/oidc/{name}
    kind            text NOT NULL CHECK (kind IN ('oidc', 'cognito')),
    label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 60),           -- what the button says
    issuer          text NOT NULL CHECK (issuer ~ '^https?://[^ ?#]{1,400}$'),      -- exactly as in `iss`
    client_id       text CHECK (length(client_id) BETWEEN 1 AND 200),
    client_secret   bytea,                                                          -- sealed; null: a public client
    scopes          text NOT NULL DEFAULT 'openid email profile',
    jwks_url        text CHECK (jwks_url ~ '^https?://[^ #]{1,400}$'),              -- null: what the discovery document says
    allowed_clients text[] NOT NULL DEFAULT '{}',                                   -- cognito: whose access tokens are accepted
    app_redirects   text[] NOT NULL DEFAULT '{}',                                   -- oidc: where an app may have its code sent to
    group_roles     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(group_roles) = 'object'),   -- cognito: {"admins": ["owner"]}
    second_factor   boolean NOT NULL DEFAULT false,                                 -- the provider asks everybody for a second factor
    enabled         boolean NOT NULL DEFAULT true,
    version         int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (kind <> 'oidc' OR client_id IS NOT NULL),
    CHECK (kind <> 'cognito' OR cardinality(allowed_clients) > 0)
);
CREATE UNIQUE INDEX provider_cognito_issuer ON identity.provider (issuer) WHERE kind = 'cognito';
COMMENT ON TABLE identity.provider IS 'Who outside may vouch for somebody.';

-- What was fetched from a provider. Real time.
CREATE TABLE identity.provider_keys (
    provider_id uuid PRIMARY KEY REFERENCES identity.provider (id),
    discovery   text CHECK (length(discovery) <= 65536),
    jwks        text CHECK (length(jwks) <= 262144),
    fetched_at  timestamptz,                                                        -- of the last success
    tried_at    timestamptz NOT NULL DEFAULT '-infinity',
    wanted_at   timestamptz,                                                        -- somebody met a key that is not among them
    last_error  text CHECK (length(last_error) <= 300)
);

-- Who is who: the provider's subject and our account. One account has at most one identity of each provider.
CREATE TABLE identity.external_identity (
    provider_id  uuid NOT NULL REFERENCES identity.provider (id),
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    account_id   uuid NOT NULL REFERENCES identity.account (id),
    how          text NOT NULL CHECK (how IN ('new', 'email', 'linked', 'token')),  -- made the account, joined by a verified address, by its owner, at first sight of a token
    last_used_at timestamptz NOT NULL,
    version      int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (provider_id, subject),
    UNIQUE (account_id, provider_id)
);

GRANT SELECT ON identity.provider, identity.provider_keys TO souk_user;
GRANT INSERT, UPDATE ON identity.provider_keys TO souk_user, souk_admin, souk_jobs_core;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.external_identity TO souk_user, souk_admin;
GRANT SELECT, INSERT, UPDATE ON identity.provider TO souk_admin;
GRANT SELECT ON identity.provider_keys TO souk_admin, souk_jobs_core;
GRANT SELECT (id, name, kind, issuer, jwks_url, enabled) ON identity.provider TO souk_jobs_core;
GRANT SELECT ON identity.external_identity TO souk_jobs_core;

RESET ROLE;
