-- Challenges, tries, and what registration, sign-in and recovery write.

-- A challenge and the mail that it owes; false: nothing is sent.
-- name: challenge_begin :one :write
-- in: id challenge_id, purpose text, account account_id?, email_hash bytea?, email bytea?, name bytea?, password text?, browser_hash bytea?, data jsonb?, locale text?,
-- in: mail text?, decoy bool, message mail_id, sends int4, expires usec, request_id text?, trace_id text?, now usec
-- out: mailed bool
SELECT identity.challenge_begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- name: challenge_resend :one :write
-- in: id challenge_id, purpose text, browser_hash bytea, message mail_id, sends int4, request_id text?, trace_id text?, now usec
-- out: mailed bool
SELECT identity.challenge_resend_v1($1, $2, $3, $4, $5, $6, $7, $8);

-- Counts a try at a live row. No row: not theirs, over, or too many.
-- name: challenge_try :opt :write
-- in: id challenge_id, purpose text, browser_hash bytea, tries int4, now usec
-- out: sends int4, sent_at usec?, decoy bool
UPDATE identity.challenge AS c SET tries = c.tries + 1, version = c.version + 1, updated_at = $5
WHERE c.id = $1 AND c.purpose = $2 AND c.browser_hash = $3 AND c.used_at IS NULL AND c.expires_at > $5 AND c.tries < $4
RETURNING c.sends, c.sent_at, c.decoy;

-- The same for a row that a link opened.
-- name: challenge_count :opt :write
-- in: id challenge_id, tries int4, now usec
-- out: tries int4
UPDATE identity.challenge AS c SET tries = c.tries + 1, version = c.version + 1, updated_at = $3
WHERE c.id = $1 AND c.used_at IS NULL AND c.expires_at > $3 AND c.tries < $2
RETURNING c.tries;

-- name: challenge_get :opt
-- in: id challenge_id
-- out: purpose text, account account_id?, email_hash bytea?, email bytea?, name bytea?, email_before bytea?, password text?, browser_hash bytea?, data jsonb, locale text?,
-- out: mail text?, decoy bool, tries int4, sends int4, sent_at usec?, expires_at usec, used_at usec?, created_at usec, place text?,
-- out: session_kind text?, method text?, password_at int8?
SELECT c.purpose, c.account_id, c.email_hash, c.email, c.name, c.email_before, c.password, c.browser_hash, c.data, c.locale, c.mail, c.decoy, c.tries, c.sends, c.sent_at,
       c.expires_at, c.used_at, c.created_at, c.data ->> 'place', c.data ->> 'kind', c.data ->> 'method', (c.data ->> 'password_at')::bigint
FROM identity.challenge c WHERE c.id = $1;

-- name: challenge_use :exec
-- in: id challenge_id, now usec
UPDATE identity.challenge AS c SET used_at = $2, version = c.version + 1, updated_at = $2 WHERE c.id = $1 AND c.used_at IS NULL AND c.expires_at > $2 AND NOT c.decoy;

-- Seconds to wait; 0: the try was counted, go on.
-- name: throttle_try :one :write
-- in: keys bytea[], free int4[], refill_s int4[], max_s int4, now usec
-- out: wait_s int4
SELECT identity.throttle_try_v1($1, $2, $3, $4, $5);

-- name: throttle_clear :exec
-- in: key bytea?, network bytea?, now usec
SELECT identity.throttle_clear_v1($1, $2, $3);

-- name: throttle_undo :exec
-- in: keys bytea[], now usec
SELECT identity.throttle_undo_v1($1, $2);

-- One row: the tries of this key are used up and its owner was not told yet (and is now).
-- name: throttle_tell :exec
-- in: key bytea, free int4, now usec
UPDATE identity.throttle AS t SET told_at = $3 WHERE t.key = $1 AND t.failures >= $2 AND t.told_at IS NULL;

-- True: the owner is told now.
-- name: sign_in_failed :one :write
-- in: account account_id?, email_hash bytea, key bytea, free int4, challenge challenge_id, message mail_id, locale text?, place text?, request_id text?, trace_id text?, now usec
-- out: told bool
SELECT identity.sign_in_failed_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- Who signs in with this address.
-- name: account_by_email :opt
-- in: email_hash bytea
-- out: id account_id, status text, password text?, password_at usec?, verified bool
SELECT a.id, a.status, a.password, a.password_changed_at, a.email_verified_at IS NOT NULL FROM identity.account a WHERE a.email_hash = $1;

-- What a password check and the end of a sign-in need.
-- name: account_gate :opt
-- in: id account_id
-- out: status text, password text?, email_hash bytea?, verified bool, staff bool
SELECT a.status, a.password, a.email_hash, a.email_verified_at IS NOT NULL, a.staff FROM identity.account a WHERE a.id = $1;

-- A better hash of the same password: only while the old one stands.
-- name: account_rehash :exec
-- in: id account_id, before text, after text, now usec
UPDATE identity.account AS a SET password = $3, updated_at = $4 WHERE a.id = $1 AND a.password = $2;

-- ok | used | exists | claimed
-- name: account_begin :one :write
-- in: challenge challenge_id?, account account_id, person person_id, email_hash bytea?, email bytea?, name bytea?, phone bytea?, password text?, locale text?, verified bool,
-- in: staff bool, actor text, place text?, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT identity.account_begin_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: claim_guests :one :write
-- in: account account_id, now usec
-- out: persons uuid[]
SELECT identity.claim_guests_v1($1, $2);

-- name: password_set :one :write
-- in: challenge challenge_id?, account account_id, password text, key bytea, message mail_id, locale text?, actor text, place text?, request_id text?, trace_id text?, now usec
-- out: done bool
SELECT identity.password_set_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- ok | used | exists
-- name: email_set :one :write
-- in: challenge challenge_id, account account_id, email_hash bytea, email bytea, email_before bytea?, message mail_id, locale text?, actor text, place text?, request_id text?, trace_id text?,
-- in: now usec
-- out: outcome text
SELECT identity.email_set_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);
