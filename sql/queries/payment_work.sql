-- What `souk-jobs payment` claims and finishes; see sql/functions/payment_work.sql.

-- name: payment_sweep_claim :many :write
-- in: lim int4, settle_s int4, real usec, now usec
-- out: id payment_id, order_id order_id, state text, provider text, method text, amount int8, currency currency, provider_ref text?, checks int4, flagged bool,
-- out: operation operation_id?, operation_kind text?, operation_started usec?, called bool, return_nonce bytea?, order_number text, order_status text, expired bool
SELECT s.attempt_id, s.order_id, s.state, s.provider, s.method, s.amount, s.currency, s.provider_ref, s.checks, s.flagged, s.operation_id, s.operation_kind,
       s.operation_started, s.called, s.return_nonce, s.order_number, s.order_status, s.expired
FROM payment.sweep_claim_v1($1, $2, $3, $4) s;

-- name: payment_flag :exec
-- in: attempt payment_id, flag text, now usec
SELECT payment.flag_v1($1, $2, $3);

-- name: payment_unpaid :many
-- in: lim int4, now usec
-- out: order_id order_id
SELECT u.order_id FROM payment.unpaid_v1($1, $2) u(order_id);

-- ok | not_pending | attempt_open
-- name: payment_cancel_unpaid :one :write
-- in: order_id order_id, reason text, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT orders.cancel_unpaid_v1($1, $2, $3, $4, $5);

-- name: payment_command_claim :many :write
-- in: lim int4, lease_s int4, real usec
-- out: id uuid, attempt payment_id, kind text, reason text, tries int4, state text, provider text, provider_ref text?, order_id order_id, request_id text?, trace_id text?
SELECT c.command_id, c.attempt_id, c.kind, c.reason, c.tries, c.state, c.provider, c.provider_ref, c.order_id, c.request_id, c.trace_id
FROM payment.command_claim_v1($1, $2, $3) c;

-- name: payment_command_finish :exec
-- in: id uuid, state text, note text?, next usec?, now usec
SELECT payment.command_finish_v1($1, $2, $3, $4, $5);

-- name: payment_event_claim :many :write
-- in: lim int4, lease_s int4, real usec
-- out: id uuid, provider text, type text, provider_ref text?, attempt payment_id?, tries int4
SELECT e.event_id, e.provider, e.type, e.provider_ref, e.attempt_id, e.tries FROM payment.event_claim_v1($1, $2, $3) e;

-- name: payment_event_finish :exec
-- in: id uuid, state text, next usec?, real usec
SELECT payment.event_finish_v1($1, $2, $3, $4);
