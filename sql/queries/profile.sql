-- Profile, address book, consents of an account.

-- What profile_put needs to know; sealed columns as they are.
-- name: profile_get :opt
-- in: account account_id
-- out: person person_id, name bytea?, phone bytea?, locale text?, preferences jsonb, version int4
SELECT a.person_id, a.name, a.phone, a.locale, a.preferences, a.version FROM identity.account a WHERE a.id = $1 AND a.status = 'active';

-- name: profile_put :one :write
-- in: account account_id, version int4, name bytea?, phone bytea?, locale text?, preferences jsonb, actor text, request_id text?, trace_id text?, now usec
-- out: version int4
SELECT identity.profile_put_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: address_list :many
-- in: account account_id, id address_id?
-- out: id address_id, person person_id, version int4, label bytea?, address bytea, phone bytea?, country text, default_shipping bool, default_billing bool, created_at usec, updated_at usec
SELECT x.id, a.person_id, x.version, x.label, x.address, x.phone, x.country, x.default_shipping, x.default_billing, x.created_at, x.updated_at
FROM identity.address x JOIN identity.account a ON a.id = x.account_id
WHERE x.account_id = $1 AND ($2::uuid IS NULL OR x.id = $2)
ORDER BY x.default_shipping DESC, x.default_billing DESC, x.created_at, x.id;

-- name: address_add :one :write
-- in: account account_id, id address_id, label bytea?, address bytea, phone bytea?, country text, area text?, shipping bool, billing bool, most int4, now usec
-- out: outcome text
SELECT identity.address_add_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: address_put :one :write
-- in: account account_id, id address_id, version int4, label bytea?, address bytea, phone bytea?, country text, area text?, shipping bool, billing bool, now usec
-- out: version int4
SELECT identity.address_put_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: address_remove :one :write
-- in: account account_id, id address_id, now usec
-- out: removed bool
SELECT identity.address_remove_v1($1, $2, $3);

-- The last words of an account, newest first within a purpose.
-- name: consent_list :many
-- in: account account_id, purpose text?, most int4
-- out: id consent_id, purpose text, granted bool, text_version int4, source text, at usec
SELECT x.id, x.purpose, x.granted, x.text_version, x.source, x.created_at
FROM identity.consent x
WHERE x.account_id = $1 AND ($2::text IS NULL OR x.purpose = $2)
  AND x.n > (SELECT max(y.n) - $3 FROM identity.consent y WHERE y.account_id = $1 AND y.purpose = x.purpose)
ORDER BY x.purpose, x.n DESC;

-- name: consent_put :one :write
-- in: account account_id, id consent_id, purpose text, granted bool, text_version int4, source text, actor text, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT identity.consent_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
