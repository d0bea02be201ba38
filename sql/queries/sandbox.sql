-- The sandbox provider's questions to its own books. Run as souk_sandbox, on its own connection.

-- A repeated idempotency key answers with what the first call made.
-- name: sandbox_authorize :one :write
-- in: id text, idem uuid, attempt uuid, order_number text, amount int8, currency currency, token text, state text, code text?,
-- in: challenge_key text?, return_url text?, late_s int4, late_state text?, copies int4, real usec
-- out: id text, token text, amount int8, currency currency, state text, captured int8, refunded int8, code text?, challenge_key text?, return_url text?
SELECT i.id, i.token, i.amount, i.currency, i.state, i.captured, i.refunded, i.code, i.challenge_key, i.return_url
FROM sandbox.authorize_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) i;

-- void, capture, refund; amount 0 is everything.
-- name: sandbox_change :opt :write
-- in: id text, idem uuid, kind text, amount int8, real usec
-- out: id text, token text, amount int8, currency currency, state text, captured int8, refunded int8, code text?, challenge_key text?, return_url text?
SELECT i.id, i.token, i.amount, i.currency, i.state, i.captured, i.refunded, i.code, i.challenge_key, i.return_url
FROM sandbox.change_v1($1, $2, $3, $4, $5) i;

-- name: sandbox_challenge :opt :write
-- in: id text, key text, approve bool, real usec
-- out: id text, token text, amount int8, currency currency, state text, captured int8, refunded int8, code text?, challenge_key text?, return_url text?
SELECT i.id, i.token, i.amount, i.currency, i.state, i.captured, i.refunded, i.code, i.challenge_key, i.return_url
FROM sandbox.challenge_v1($1, $2, $3, $4) i;

-- name: sandbox_get :opt
-- in: id text
-- out: id text, token text, amount int8, currency currency, state text, captured int8, refunded int8, code text?, challenge_key text?, return_url text?
SELECT i.id, i.token, i.amount, i.currency, i.state, i.captured, i.refunded, i.code, i.challenge_key, i.return_url
FROM sandbox.intent i WHERE i.id = $1;

-- By what the shop sent as metadata; the newest when there are several.
-- name: sandbox_find :opt
-- in: attempt uuid
-- out: id text, token text, amount int8, currency currency, state text, captured int8, refunded int8, code text?, challenge_key text?, return_url text?
SELECT i.id, i.token, i.amount, i.currency, i.state, i.captured, i.refunded, i.code, i.challenge_key, i.return_url
FROM sandbox.intent i WHERE i.attempt_id = $1 ORDER BY i.created_at DESC LIMIT 1;

-- False the first time that it is asked about a key: a request that got lost on its way.
-- name: sandbox_seen :one :write
-- in: idem uuid, real usec
-- out: seen bool
SELECT sandbox.seen_v1($1, $2);

-- Late decisions whose time has come.
-- name: sandbox_tick :one :write
-- in: real usec
-- out: decided int4
SELECT sandbox.tick_v1($1);

-- name: sandbox_events_due :many
-- in: lim int4, real usec
-- out: id uuid, type text, ref text, attempt uuid, created_at usec
SELECT e.event_id, e.type, e.intent_id, e.attempt_id, e.created_at FROM sandbox.events_due_v1($1, $2) e;

-- name: sandbox_events_delivered :exec
-- in: ids uuid[]
SELECT sandbox.events_delivered_v1($1);
