-- Requests about one's own data: asked, worked, applied again after a restore.

-- name: data_ask :one :write
-- in: id data_request_id, account account_id, kind text, despite bool, most int4, actor text, place text?, request_id text?, trace_id text?, now usec, real usec
-- out: outcome text, id data_request_id?
SELECT a.outcome, a.id FROM identity.data_ask_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) a;

-- name: data_cancel :one :write
-- in: account account_id, id data_request_id, actor text, place text?, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT identity.data_cancel_v2($1, $2, $3, $4, $5, $6, $7);

-- name: data_list :many
-- in: account account_id?, id data_request_id?, lim int4
-- out: id data_request_id, account account_id, person person_id, kind text, state text, open_orders int4, bytes int8?, expires_at usec?, finished_at usec?, created_at usec
SELECT r.id, r.account_id, a.person_id, r.kind, r.state, r.open_orders, r.bytes, r.expires_at, r.finished_at, r.created_at
FROM identity.data_request r JOIN identity.account a ON a.id = r.account_id
WHERE ($1::uuid IS NULL OR r.account_id = $1) AND ($2::uuid IS NULL OR r.id = $2) AND ($1::uuid IS NOT NULL OR $2::uuid IS NOT NULL)
ORDER BY r.created_at DESC, r.id DESC LIMIT $3;

-- name: data_claim :many :write
-- in: lease_s int4, real usec
-- out: id data_request_id, account account_id, kind text, state text, despite bool, tries int4, actor text, request_id text?, trace_id text?, created_at usec
SELECT c.id, c.account_id, c.kind, c.state, c.despite, c.tries, c.actor, c.request_id, c.trace_id, c.created_at FROM identity.data_claim_v1($1, $2) c;

-- name: data_step :one :write
-- in: id data_request_id, tries int4, state text, open_orders int4, bytes int8?, expires usec?, error text?, next usec?, now usec
-- out: ours bool
SELECT identity.data_step_v1($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: data_expire :many :write
-- in: lim int4, now usec
-- out: id data_request_id
SELECT x.id FROM identity.data_expire_v1($1, $2) x;

-- Which of these exports somebody can still fetch or will be able to.
-- name: data_alive :many
-- in: ids data_request_id[]
-- out: id data_request_id
SELECT r.id FROM identity.data_request r WHERE r.id = ANY ($1) AND r.state IN ('queued', 'running', 'ready');

-- name: account_persons :one
-- in: account account_id
-- out: persons person_id[]
SELECT identity.account_persons_v1($1);

-- name: account_open_orders :one
-- in: account account_id, persons person_id[]
-- out: total int8, open int8
SELECT o.total, o.open FROM orders.account_orders_v1($1, $2) o;

-- name: message_state :one
-- in: dedup text
-- out: state text?
SELECT notification.state_v1($1);

-- name: account_erase :one :write
-- in: account account_id, persons person_id[], request data_request_id?, replay bool, actor text, request_id text?, trace_id text?, now usec, real usec
-- out: erased bool
SELECT identity.account_erase_v1($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: persons_left :many
-- in: persons person_id[]
-- out: person person_id, account account_id?
SELECT l.person_id, l.account_id FROM identity.persons_left_v1($1) l;

-- name: guests_erase :one :write
-- in: persons person_id[], now usec
-- out: erased int4
SELECT identity.guests_erase_v1($1, $2);

-- Sessions of an account that Redis may remember.
-- name: account_sessions :many
-- in: account account_id, since usec
-- out: id session_id
SELECT s.id FROM identity.session s WHERE s.account_id = $1 AND s.expires_at > $2;

-- --- exports: what each domain knows ---

-- name: export_identity :one
-- in: account account_id
-- out: facts jsonb
SELECT identity.export_v1($1);

-- name: export_orders :many
-- in: account account_id, persons person_id[]
-- out: id order_id, cart cart_id, person person_id, email bytea, phone bytea?, address bytea, note bytea?, country text, facts jsonb
SELECT o.order_id, o.cart_id, o.person_id, o.email, o.phone, o.address, o.note, o.country, o.facts FROM orders.export_orders_v1($1, $2) o;

-- name: export_carts :many
-- in: account account_id, persons person_id[]
-- out: id cart_id, person person_id?, email bytea?, phone bytea?, address bytea?, country text?, facts jsonb
SELECT c.cart_id, c.person_id, c.email, c.phone, c.address, c.country, c.facts FROM orders.export_carts_v1($1, $2) c;

-- name: export_payments :one
-- in: orders order_id[]
-- out: facts jsonb
SELECT payment.export_v1($1);

-- name: export_messages :one
-- in: account account_id, orders order_id[]
-- out: facts jsonb
SELECT notification.export_v1($1, $2);
