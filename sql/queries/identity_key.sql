-- Keys that sign access tokens, and keys of programs.

-- What changes whenever a key comes or retires earlier: cheap to ask each second.
-- name: signing_keys_mark :one
-- out: count int8, newest usec?, retiring usec?
SELECT count(*), max(k.created_at), min(k.retires_at) FROM identity.pub_signing_keys k;

-- Keys that verify at this (real) time.
-- name: signing_keys :many
-- in: real usec
-- out: kid text, public_key bytea, activates_at usec, retires_at usec?, created_at usec
SELECT k.kid, k.public_key, k.activates_at, k.retires_at, k.created_at FROM identity.pub_signing_keys k
WHERE k.retires_at IS NULL OR k.retires_at > $1 ORDER BY k.activates_at DESC, k.kid;

-- The key that signs at this (real) time, sealed.
-- name: signing_key_present :opt
-- in: real usec
-- out: kid text, private_key bytea
SELECT k.kid, k.private_key FROM identity.signing_key k
WHERE k.activates_at <= $1 AND (k.retires_at IS NULL OR k.retires_at > $1) ORDER BY k.activates_at DESC, k.kid LIMIT 1;

-- False: there is one already.
-- name: signing_key_first :one :write
-- in: kid text, public bytea, private bytea, real usec
-- out: made bool
SELECT identity.signing_key_first_v1($1, $2, $3, $4);

-- name: signing_key_rotate :one :write
-- in: kid text, public bytea, private bytea, activates usec, retires usec, actor text, request_id text?, now usec, real usec
-- out: retiring int4
SELECT identity.signing_key_rotate_v1($1, $2, $3, $4, $5, $6, $7, $8, $9);
