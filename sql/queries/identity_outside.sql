-- Providers whose buttons are shown.
-- name: provider_buttons :many
-- out: name text, label text, issuer text, client_id text?, scopes text
SELECT p.name, p.label, p.issuer, p.client_id, p.scopes FROM identity.provider p WHERE p.enabled AND p.kind = 'oidc' ORDER BY p.label, p.name;

-- One provider with what was fetched from it.
-- name: provider_get :opt
-- in: name text
-- out: id uuid, kind text, label text, issuer text, client_id text?, client_secret bytea?, scopes text, jwks_url text?,
-- out: allowed_clients text[], app_redirects text[], second_factor bool, enabled bool, discovery text?, jwks text?, fetched_at usec?, tried_at usec?
SELECT p.id, p.kind, p.label, p.issuer, p.client_id, p.client_secret, p.scopes, p.jwks_url, p.allowed_clients, p.app_redirects, p.second_factor, p.enabled,
       k.discovery, k.jwks, k.fetched_at, nullif(k.tried_at, '-infinity')
FROM identity.provider p LEFT JOIN identity.provider_keys k ON k.provider_id = p.id WHERE p.name = $1;

-- Every provider, for operators.
-- name: provider_all :many
-- out: name text, kind text, label text, issuer text, client_id text?, scopes text, jwks_url text?, allowed_clients text[], app_redirects text[], group_roles jsonb,
-- out: has_secret bool, second_factor bool, enabled bool, fetched_at usec?, last_error text?
SELECT p.name, p.kind, p.label, p.issuer, p.client_id, p.scopes, p.jwks_url, p.allowed_clients, p.app_redirects, p.group_roles, p.client_secret IS NOT NULL,
       p.second_factor, p.enabled, k.fetched_at, k.last_error
FROM identity.provider p LEFT JOIN identity.provider_keys k ON k.provider_id = p.id ORDER BY p.name;

-- name: provider_insert :exec
-- in: id uuid, name text, kind text, label text, issuer text, client_id text?, client_secret bytea?, scopes text, jwks_url text?, allowed_clients text[],
-- in: app_redirects text[], group_roles jsonb, second_factor bool, enabled bool, now usec
INSERT INTO identity.provider (id, name, kind, label, issuer, client_id, client_secret, scopes, jwks_url, allowed_clients, app_redirects, group_roles, second_factor, enabled,
                               created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15);

-- name: provider_update :exec
-- in: id uuid, label text, issuer text, client_id text?, client_secret bytea?, scopes text, jwks_url text?, allowed_clients text[],
-- in: app_redirects text[], group_roles jsonb, second_factor bool, enabled bool, now usec
UPDATE identity.provider SET label = $2, issuer = $3, client_id = $4, client_secret = $5, scopes = $6, jwks_url = $7, allowed_clients = $8, app_redirects = $9,
       group_roles = $10, second_factor = $11, enabled = $12, updated_at = $13, version = version + 1
WHERE id = $1;

-- What is stored of a provider and is not part of provider_get.
-- name: provider_groups :opt
-- in: id uuid
-- out: group_roles jsonb
SELECT p.group_roles FROM identity.provider p WHERE p.id = $1;

-- Names that are roles.
-- name: provider_roles_known :many
-- in: names text[]
-- out: name text
SELECT r.name FROM identity.role r WHERE r.name = ANY ($1::text[]);

-- Takes the turn to fetch: false when somebody did less than p_pause ago. Real time.
-- name: provider_keys_turn :exec
-- in: provider uuid, real usec, pause_s int4
INSERT INTO identity.provider_keys AS k (provider_id, tried_at) VALUES ($1, $2)
ON CONFLICT (provider_id) DO UPDATE SET tried_at = excluded.tried_at WHERE k.tried_at <= $2 - $3 * interval '1 second';

-- name: provider_keys_store :exec
-- in: provider uuid, discovery text?, jwks text, real usec
INSERT INTO identity.provider_keys AS k (provider_id, discovery, jwks, fetched_at, tried_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (provider_id) DO UPDATE SET discovery = excluded.discovery, jwks = excluded.jwks, fetched_at = excluded.fetched_at, tried_at = excluded.tried_at,
       wanted_at = NULL, last_error = NULL;

-- name: provider_keys_failed :exec
-- in: provider uuid, error text, real usec
INSERT INTO identity.provider_keys AS k (provider_id, tried_at, last_error) VALUES ($1, $3, $2)
ON CONFLICT (provider_id) DO UPDATE SET tried_at = excluded.tried_at, last_error = excluded.last_error;

-- Providers whose keys are old, or were missed, or were never fetched. Real time.
-- name: provider_keys_due :many
-- in: real usec, old usec, recent usec
-- out: id uuid, name text, kind text, issuer text, jwks_url text?
SELECT p.id, p.name, p.kind, p.issuer, p.jwks_url FROM identity.provider p LEFT JOIN identity.provider_keys k ON k.provider_id = p.id
WHERE p.enabled AND (k.provider_id IS NULL OR (k.tried_at <= $3 AND (k.fetched_at IS NULL OR k.fetched_at <= $2 OR (k.wanted_at IS NOT NULL AND k.wanted_at <= $1))))
ORDER BY p.name LIMIT 20;

-- name: oidc_challenge_new :exec
-- in: id challenge_id, account account_id?, browser_hash bytea, data jsonb, expires usec, now usec
INSERT INTO identity.challenge (id, purpose, account_id, browser_hash, data, expires_at, created_at, updated_at)
VALUES ($1, 'oidc', $2, $3, $4, $5, $6, $6);

-- Uses it up, in the browser that began it; nothing happens in another one.
-- name: oidc_challenge_use :opt :write
-- in: id challenge_id, browser_hash bytea, now usec
-- out: account account_id?, data jsonb
UPDATE identity.challenge SET used_at = $3, updated_at = $3, version = version + 1
WHERE id = $1 AND purpose = 'oidc' AND used_at IS NULL AND expires_at > $3 AND browser_hash = $2
RETURNING account_id, data;

-- name: external_identity_find :opt
-- in: provider uuid, subject text
-- out: account account_id
SELECT x.account_id FROM identity.external_identity x WHERE x.provider_id = $1 AND x.subject = $2;

-- affected = 0: the subject, or the account's place for this provider, is taken.
-- name: external_identity_add :exec
-- in: provider uuid, subject text, account account_id, how text, now usec
INSERT INTO identity.external_identity (provider_id, subject, account_id, how, last_used_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5, $5)
ON CONFLICT DO NOTHING;

-- name: external_identity_used :exec
-- in: provider uuid, subject text, now usec
UPDATE identity.external_identity SET last_used_at = $3, updated_at = $3, version = version + 1 WHERE provider_id = $1 AND subject = $2;

-- What an account has; `others`: further ways into it. A password is one together with an address only.
-- name: external_identity_list :many
-- in: account account_id
-- out: provider_id uuid, name text, label text, kind text, created_at usec, last_used_at usec, others bool
SELECT p.id, p.name, p.label, p.kind, x.created_at, x.last_used_at,
       (a.password IS NOT NULL AND a.email_hash IS NOT NULL) OR EXISTS (SELECT FROM identity.passkey k WHERE k.account_id = a.id)
         OR EXISTS (SELECT FROM identity.external_identity y JOIN identity.provider q ON q.id = y.provider_id
                    WHERE y.account_id = a.id AND y.provider_id <> x.provider_id AND q.enabled AND q.kind = 'oidc')
FROM identity.external_identity x JOIN identity.provider p ON p.id = x.provider_id JOIN identity.account a ON a.id = x.account_id
WHERE x.account_id = $1 ORDER BY p.label, p.name;

-- The account's row is locked, so that two removals at once cannot take both ways in.
-- name: external_identity_lock :exec
-- in: account account_id
UPDATE identity.account SET updated_at = updated_at WHERE id = $1;

-- name: external_identity_remove :exec
-- in: account account_id, provider uuid
DELETE FROM identity.external_identity WHERE account_id = $1 AND provider_id = $2;

-- name: cognito_pools :many
-- out: id uuid, name text, issuer text, allowed_clients text[], second_factor bool, jwks text, groups text[], permissions text[]
SELECT r.id, r.name, r.issuer, r.allowed_clients, r.second_factor, r.jwks, r.groups, r.permissions FROM identity.cognito_pools_v1() r;

-- name: cognito_account :opt :write
-- in: provider uuid, subject text, issued usec, new_account account_id, new_person person_id, request_id text?, trace_id text?, now usec
-- out: account account_id, person person_id, status text, keyed bool
SELECT r.account_id, r.person_id, r.status, r.keyed FROM identity.cognito_account_v1($1, $2, $3, $4, $5, $6, $7, $8) r;

-- The person behind it has a key now.
-- name: external_identity_keyed :exec
-- in: provider uuid, subject text, now usec
UPDATE identity.external_identity SET keyed = true, updated_at = $3, version = version + 1 WHERE provider_id = $1 AND subject = $2;

-- name: cognito_wanted :exec
-- in: real usec
SELECT identity.cognito_wanted_v1($1);
