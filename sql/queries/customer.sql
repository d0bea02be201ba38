-- Accounts as operators see them.

-- One of them, or a page: newest first.
-- name: customer_page :many
-- in: id account_id?, email_hash bytea?, status text?, staff bool, before usec?, before_id account_id?, now usec, lim int4
-- out: id account_id, person person_id, email bytea?, name bytea?, phone bytea?, locale text?, status text, email_verified bool, staff bool, has_password bool, second_factor bool,
-- out: version int4, orders int8, open_orders int8, sessions int8, created_at usec, last_sign_in_at usec?
SELECT a.id, a.person_id, a.email, a.name, a.phone, a.locale, a.status, a.email_verified_at IS NOT NULL, a.staff, a.password IS NOT NULL,
       EXISTS (SELECT FROM identity.totp t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT FROM identity.passkey k WHERE k.account_id = a.id),
       a.version, o.total, o.open,
       (SELECT count(*) FROM identity.session s WHERE s.account_id = a.id AND s.ended_at IS NULL AND s.expires_at > $7), a.created_at, a.last_sign_in_at
FROM identity.account a
CROSS JOIN LATERAL orders.account_orders_v1(a.id, ARRAY(SELECT p.id FROM identity.person p WHERE p.account_id = a.id OR p.id = a.person_id)) o
WHERE ($1::uuid IS NULL OR a.id = $1) AND ($2::bytea IS NULL OR a.email_hash = $2) AND ($3::text IS NULL OR a.status = $3) AND (NOT $4 OR a.staff)
  AND ($5::timestamptz IS NULL OR (a.created_at, a.id) < ($5, $6))
ORDER BY a.created_at DESC, a.id DESC LIMIT $8;

-- ok, same, gone, erased, last_owner.
-- name: customer_enable :one :write
-- in: id account_id, enabled bool, actor text, place text?, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT identity.account_enable_v1($1, $2, $3, $4, $5, $6, $7);
