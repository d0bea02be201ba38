-- phase: expand
-- A regular expression counts to 255 at most: the length of an address is checked beside its form.
SET LOCAL ROLE own_identity;
ALTER TABLE identity.provider DROP CONSTRAINT provider_issuer_check, DROP CONSTRAINT provider_jwks_url_check;
ALTER TABLE identity.provider
    ADD CONSTRAINT provider_issuer_check CHECK (issuer ~ '^https?://[^ ?#]+$' AND length(issuer) <= 400),
    ADD CONSTRAINT provider_jwks_url_check CHECK (jwks_url ~ '^https?://[^ #]+$' AND length(jwks_url) <= 400);
-- An account that a token of a user pool made has a person without a key until it first comes to the user pool.
ALTER TABLE identity.external_identity ADD COLUMN keyed boolean NOT NULL DEFAULT true;
RESET ROLE;
