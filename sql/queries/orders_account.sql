-- What the order pool does for accounts.

-- name: shopper :opt
-- in: account account_id
-- out: person person_id, email bytea?, name bytea?, phone bytea?
SELECT x.person_id, x.email, x.name, x.phone FROM identity.shopper_v1($1) x;

-- name: shopper_addresses :many
-- in: account account_id
-- out: id address_id, label bytea?, address bytea, phone bytea?, country text, default_shipping bool
SELECT x.address_id, x.label, x.address, x.phone, x.country, x.default_shipping FROM identity.shopper_addresses_v1($1) x;

-- Orders of an account, newest first, with the picture of their first line. after: the last row of the page before.
-- name: account_orders :many
-- in: account account_id, states text[]?, after_at usec?, after_id order_id?, lim int4
-- out: id order_id, number text, state text, total int8, currency currency, created_at usec, updated_at usec, item_count int8, image_url text?, cancel_requested bool, claimed bool
SELECT o.order_id, o.number, o.state, o.total, o.currency, o.created_at, o.updated_at, o.item_count, o.image_url, o.cancel_requested, o.claimed
FROM orders.pub_account_orders o
WHERE o.account_id = $1 AND ($2::text[] IS NULL OR o.state = ANY ($2)) AND ($3::timestamptz IS NULL OR (o.created_at, o.order_id) < ($3, $4::uuid))
ORDER BY o.created_at DESC, o.order_id DESC
LIMIT $5;
