-- Payments: read by the payment pool, moved by functions (each call is one transaction).

-- name: payment_get :opt
-- in: id payment_id, now usec
-- out: id payment_id, order_id order_id, n int4, provider text, method text, amount int8, currency currency, state text, provider_state text,
-- out: provider_ref text?, captured int8, refunded int8, failure_code text?, action_url text?, called bool, running bool, created_at usec,
-- out: order_number text, order_status text, order_created_at usec, payable bool, expires_at usec
SELECT a.id, a.order_id, a.n, a.provider, a.method, a.amount, a.currency, a.state, a.provider_state, a.provider_ref, a.captured, a.refunded,
       a.failure_code, a.action_url, EXISTS (SELECT 1 FROM payment.operation x WHERE x.attempt_id = a.id),
       EXISTS (SELECT 1 FROM payment.operation x WHERE x.attempt_id = a.id AND x.state IN ('started', 'unknown')), a.created_at,
       o.number, o.status, o.created_at, o.status = 'pending_payment' AND o.expires_at > $2 AND o.cancel_requested_at IS NULL, o.expires_at
FROM payment.attempt a JOIN orders.pub_payable o ON o.order_id = a.order_id WHERE a.id = $1;

-- The newest attempt of an order.
-- name: payment_latest :opt
-- in: order_id order_id
-- out: id payment_id
SELECT a.id FROM payment.attempt a WHERE a.order_id = $1 ORDER BY a.n DESC LIMIT 1;

-- Before a provider call; see sql/functions/payment_operation.sql.
-- name: payment_begin :one :write
-- in: attempt payment_id, operation operation_id, kind text, nonce bytea?, return_nonce bytea?, settle_s int4, request_id text?, trace_id text?, real usec, now usec
-- out: outcome text, order_id order_id?, order_number text?, provider text?, method text?, amount int8?, currency text?, state text?, provider_ref text?
SELECT b.outcome, b.order_id, b.order_number, b.provider, b.method, b.amount, b.currency, b.state, b.provider_ref
FROM payment.begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) b;

-- After a provider call. May be repeated.
-- name: payment_finish :one :write
-- in: operation operation_id, outcome text, code text?, ref text?, view text?, amount int8, currency text?, captured int8, refunded int8,
-- in: action_url text?, capture bool, settle_s int4, request_id text?, trace_id text?, real usec, now usec
-- out: state text, order_result text?
SELECT f.state, f.order_result FROM payment.finish_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) f;

-- The provider was asked.
-- name: payment_observe :opt :write
-- in: attempt payment_id, code text?, ref text?, view text?, amount int8, currency text?, captured int8, refunded int8,
-- in: action_url text?, capture bool, request_id text?, trace_id text?, real usec, now usec
-- out: state text, order_result text?
SELECT f.state, f.order_result FROM payment.observe_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) f;

-- ok | busy | state
-- name: payment_fail :one :write
-- in: attempt payment_id, code text, asked_at usec?, request_id text?, trace_id text?, real usec, now usec
-- out: outcome text
SELECT payment.fail_v1($1, $2, $3, $4, $5, $6, $7);

-- ok | open_exists | not_payable
-- name: payment_retry :one :write
-- in: attempt payment_id, order_id order_id, provider text, method text, now usec
-- out: outcome text
SELECT payment.retry_v1($1, $2, $3, $4, $5);

-- stored | known | expected
-- name: payment_event_store :one :write
-- in: id event_id, provider text, provider_event text, type text, ref text?, attempt payment_id?, says text?, real usec
-- out: outcome text
SELECT payment.event_store_v1($1, $2, $3, $4, $5, $6, $7, $8);
