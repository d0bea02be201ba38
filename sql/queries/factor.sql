-- Second factors: authenticator apps, recovery codes, trusted devices, passkeys.

-- What an account has for a second step.
-- name: factor_state :opt
-- in: account account_id
-- out: staff bool, totp_since usec?, passkeys int8, recovery_left int8
SELECT a.staff, (SELECT t.confirmed_at FROM identity.totp t WHERE t.account_id = a.id),
       (SELECT count(p.id) FROM identity.passkey p WHERE p.account_id = a.id),
       (SELECT count(r.id) FROM identity.recovery_code r WHERE r.account_id = a.id AND r.used_at IS NULL)
FROM identity.account a WHERE a.id = $1;

-- --- authenticator apps ---

-- name: totp_get :opt
-- in: account account_id
-- out: id uuid, secret bytea, confirmed_at usec?, last_step int8, updated_at usec
SELECT t.id, t.secret, t.confirmed_at, t.last_step, t.updated_at FROM identity.totp t WHERE t.account_id = $1;

-- A secret that waits for its first code; takes the place of another that waits. No row: an app is set up already.
-- name: totp_put :opt :write
-- in: id uuid, account account_id, secret bytea, now usec
-- out: id uuid
INSERT INTO identity.totp AS t (id, account_id, secret, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (account_id) DO UPDATE SET id = excluded.id, secret = excluded.secret, version = t.version + 1, updated_at = excluded.updated_at
    WHERE t.confirmed_at IS NULL
RETURNING t.id;

-- name: totp_confirm :exec
-- in: id uuid, step int8, now usec
UPDATE identity.totp t SET confirmed_at = $3, last_step = $2, version = t.version + 1, updated_at = $3
WHERE t.id = $1 AND t.confirmed_at IS NULL;

-- A code is taken once: no row when its step, or a later one, was taken before.
-- name: totp_take :exec
-- in: id uuid, step int8, now usec
UPDATE identity.totp t SET last_step = $2, version = t.version + 1, updated_at = $3
WHERE t.id = $1 AND t.confirmed_at IS NOT NULL AND t.last_step < $2;

-- Holds the account's app, so that two who make recovery codes do it in turn. No row: no app is set up.
-- name: totp_hold :exec
-- in: account account_id, now usec
UPDATE identity.totp t SET version = t.version + 1, updated_at = $2 WHERE t.account_id = $1 AND t.confirmed_at IS NOT NULL;

-- name: totp_delete :opt :write
-- in: account account_id
-- out: confirmed bool
DELETE FROM identity.totp t WHERE t.account_id = $1 RETURNING t.confirmed_at IS NOT NULL;

-- --- recovery codes ---

-- name: recovery_delete :exec
-- in: account account_id
DELETE FROM identity.recovery_code r WHERE r.account_id = $1;

-- name: recovery_add :exec
-- in: account account_id, ids uuid[], hashes bytea[], now usec
INSERT INTO identity.recovery_code (id, account_id, hash, created_at, updated_at)
SELECT n.id, $1, n.hash, $4, $4 FROM unnest($2::uuid[], $3::bytea[]) AS n (id, hash);

-- Single use, however many try at once.
-- name: recovery_use :opt :write
-- in: account account_id, hash bytea, now usec
-- out: id uuid
UPDATE identity.recovery_code r SET used_at = $3, version = r.version + 1, updated_at = $3
WHERE r.account_id = $1 AND r.hash = $2 AND r.used_at IS NULL
RETURNING r.id;

-- --- trusted devices ---

-- name: trusted_add :exec
-- in: id trusted_device_id, account account_id, secret_hash bytea, device text, expires_at usec, now usec
INSERT INTO identity.trusted_device (id, account_id, secret_hash, device, last_used_at, expires_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $6, $5, $6, $6);

-- What is over, and the oldest beyond the number that is kept.
-- name: trusted_trim :exec
-- in: account account_id, keep int8, now usec
DELETE FROM identity.trusted_device d
WHERE d.account_id = $1 AND (d.expires_at <= $3 OR d.id NOT IN (SELECT k.id FROM identity.trusted_device k WHERE k.account_id = $1 ORDER BY k.created_at DESC, k.id DESC LIMIT $2));

-- name: trusted_get :opt
-- in: id trusted_device_id, account account_id, now usec
-- out: secret_hash bytea, last_used_at usec
SELECT d.secret_hash, d.last_used_at FROM identity.trusted_device d WHERE d.id = $1 AND d.account_id = $2 AND d.expires_at > $3;

-- name: trusted_seen :exec
-- in: id trusted_device_id, now usec
UPDATE identity.trusted_device d SET last_used_at = $2, version = d.version + 1, updated_at = $2 WHERE d.id = $1;

-- name: trusted_list :many
-- in: account account_id, now usec
-- out: id trusted_device_id, device text, created_at usec, last_used_at usec, expires_at usec
SELECT d.id, d.device, d.created_at, d.last_used_at, d.expires_at FROM identity.trusted_device d
WHERE d.account_id = $1 AND d.expires_at > $2 ORDER BY d.created_at DESC, d.id DESC;

-- name: trusted_delete :exec
-- in: id trusted_device_id, account account_id
DELETE FROM identity.trusted_device d WHERE d.id = $1 AND d.account_id = $2;

-- name: trusted_delete_all :exec
-- in: account account_id
DELETE FROM identity.trusted_device d WHERE d.account_id = $1;

-- --- passkeys ---

-- The challenge of a passkey is written down when it is used: no row when it was used before.
-- name: passkey_challenge_use :exec
-- in: id challenge_id, purpose text, account account_id?, expires_at usec, now usec
INSERT INTO identity.challenge (id, purpose, account_id, expires_at, used_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $5, $5) ON CONFLICT (id) DO NOTHING;

-- name: passkey_add :exec
-- in: id passkey_id, account account_id, credential_id bytea, public_key bytea, algorithm int4, sign_count int8, backup_eligible bool, backed_up bool, transports text[], aaguid uuid, name text, now usec
INSERT INTO identity.passkey (id, account_id, credential_id, public_key, algorithm, sign_count, backup_eligible, backed_up, transports, aaguid, name, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) ON CONFLICT (credential_id) DO NOTHING;

-- name: passkey_by_credential :opt
-- in: credential_id bytea
-- out: id passkey_id, account account_id, public_key bytea, sign_count int8
SELECT p.id, p.account_id, p.public_key, p.sign_count FROM identity.passkey p WHERE p.credential_id = $1;

-- A counter only ever rises; a key that has none says 0 for ever. No row: it went back.
-- name: passkey_used :exec
-- in: id passkey_id, sign_count int8, backed_up bool, now usec
UPDATE identity.passkey p SET sign_count = $2, backed_up = $3, last_used_at = $4, version = p.version + 1, updated_at = $4
WHERE p.id = $1 AND (p.sign_count < $2 OR (p.sign_count = 0 AND $2 = 0));

-- name: passkey_list :many
-- in: account account_id
-- out: id passkey_id, credential_id bytea, transports text[], name text, backed_up bool, created_at usec, last_used_at usec?, version int4
SELECT p.id, p.credential_id, p.transports, p.name, p.backed_up, p.created_at, p.last_used_at, p.version
FROM identity.passkey p WHERE p.account_id = $1 ORDER BY p.created_at, p.id;

-- name: passkey_name :opt :write
-- in: id passkey_id, account account_id, name text, now usec
-- out: name text, backed_up bool, created_at usec, last_used_at usec?, version int4
UPDATE identity.passkey p SET name = $3, version = p.version + 1, updated_at = $4 WHERE p.id = $1 AND p.account_id = $2
RETURNING p.name, p.backed_up, p.created_at, p.last_used_at, p.version;

-- Whether its account can be entered without this passkey: with a password and its address, by a mail to an address that it proved, with another passkey, from outside.
-- name: passkey_spare :opt
-- in: id passkey_id, account account_id
-- out: spare bool
SELECT (a.password IS NOT NULL AND a.email_hash IS NOT NULL) OR a.email_verified_at IS NOT NULL
         OR EXISTS (SELECT FROM identity.passkey p WHERE p.account_id = a.id AND p.id <> $1)
         OR EXISTS (SELECT FROM identity.external_identity x JOIN identity.provider v ON v.id = x.provider_id WHERE x.account_id = a.id AND v.enabled)
FROM identity.passkey k JOIN identity.account a ON a.id = k.account_id WHERE k.id = $1 AND a.id = $2;

-- name: passkey_delete :exec
-- in: id passkey_id, account account_id
DELETE FROM identity.passkey p WHERE p.id = $1 AND p.account_id = $2;

-- name: passkey_delete_all :exec
-- in: account account_id
DELETE FROM identity.passkey p WHERE p.account_id = $1;
