-- Sessions: see sql/functions/identity_session.sql.

-- name: session_open :opt :write
-- in: id session_id, created usec, account account_id, kind text, secret_hash bytea, method text, password_at usec?, second_factor bool, device text,
-- in: place text, expires usec, actor text, request_id text?, trace_id text?, now usec
-- out: staff bool, permissions text
SELECT s.staff, s.permissions FROM identity.session_open_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) s;

-- Every pool's question: what is this session worth? Without a secret: a session whose token was checked already.
-- name: session_use :opt :write
-- in: id session_id, created usec, secret_hash bytea?, place text?, idle_s int4, now usec
-- out: account account_id, kind text, staff bool, permissions text, second_factor bool, fresh_at usec, expires_at usec
SELECT s.account_id, s.kind, s.staff, s.permissions, s.second_factor, s.fresh_at, s.expires_at FROM identity.session_use_v1($1, $2, $3, $4, $5, $6) s;

-- Was this the secret of a live browser's session until a moment ago?
-- name: session_rotated :one
-- in: id session_id, created usec, secret_hash bytea, now usec
-- out: rotated bool
SELECT identity.session_rotated_v1($1, $2, $3, $4);

-- name: session_raise :opt :write
-- in: account account_id, id session_id, created usec, secret_hash bytea, second_factor bool, actor text, place text?, request_id text?, trace_id text?, now usec, real usec
-- out: kind text, staff bool, permissions text, second_factor bool, expires_at usec
SELECT s.kind, s.staff, s.permissions, s.second_factor, s.expires_at FROM identity.session_raise_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) s;

-- One session, or (no id) all of the account but one.
-- name: session_end :one :write
-- in: account account_id, id session_id?, created usec?, spare session_id?, reason text, actor text, place text?, request_id text?, trace_id text?, now usec, real usec
-- out: ended int4, known bool
SELECT s.ended, s.known FROM identity.session_end_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) s;

-- name: session_forget :exec
-- in: account account_id, real usec
SELECT identity.session_forget_v1($1, $2);

-- The live sessions of an account, the one used last first.
-- name: session_list :many
-- in: account account_id, idle_s int4, now usec
-- out: id session_id, kind text, method text, device text, place text, created_at usec, last_used_at usec, second_factor bool
SELECT s.id, s.kind, s.method, s.device, s.place, s.created_at, s.last_used_at, s.second_factor FROM identity.session s
WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > $3 AND s.last_used_at > $3 - $2 * interval '1 second'
ORDER BY s.last_used_at DESC, s.id LIMIT 200;

-- Revocations since a real time.
-- name: session_news :many
-- in: since usec
-- out: account account_id, session session_id?, created_at usec
SELECT n.account_id, n.session_id, n.created_at FROM identity.news_v1($1) n;

-- ok | reused | over | unknown
-- name: session_refresh :one :write
-- in: id session_id, created usec, old bytea, new bytea, place text?, idle_s int4, window_s int4, request_id text?, trace_id text?, now usec, real usec
-- out: outcome text, account account_id?, staff bool?, permissions text?, second_factor bool?, fresh_at usec?, expires_at usec?
SELECT s.outcome, s.account_id, s.staff, s.permissions, s.second_factor, s.fresh_at, s.expires_at
FROM identity.session_refresh_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) s;
