-- What `souk-jobs core` does beside the relay: mail, reservations, carts, partitions.

-- False when this message was owed before.
-- name: message_queue :one :write
-- in: id mail_id, kind text, order_id uuid, request_id text?, trace_id text?, now usec
-- out: queued bool
SELECT notification.queue_v1($1, $2, $3, $4, $5, $6);

-- False: another worker finished it.
-- name: message_finish :one :write
-- in: id mail_id, state text, error text?, next usec?, now usec
-- out: finished bool
SELECT notification.finish_v1($1, $2, $3, $4, $5);

-- Messages that were written, and providers' news that was worked, before an id of that time.
-- name: messages_retire :one :write
-- in: before uuid, lim int4
-- out: removed int4
SELECT notification.retire_v1($1, $2);

-- name: payment_events_retire :one :write
-- in: before uuid, lim int4
-- out: removed int4
SELECT payment.events_retire_v1($1, $2);

-- What the confirmation says; the ciphertexts open with the person's key.
-- name: mail_order :one
-- in: id order_id
-- out: number text, locale text, currency currency, prices_include_tax bool, subtotal int8, shipping int8, tax int8, total int8, shipping_name text?,
-- out: created_at usec, cart_id cart_id, person_id person_id, email bytea?, address bytea?, ship_country text?
SELECT o.number, o.locale, o.currency, o.prices_include_tax, o.subtotal, o.shipping, o.tax, o.total, o.shipping_name, o.created_at, o.cart_id, c.person_id,
       c.email_sealed, c.address_sealed, c.ship_country
FROM orders.pub_orders o JOIN orders.order_contacts c ON c.order_id = o.order_id WHERE o.order_id = $1;

-- A line as the shopper was shown it, with or without tax: the lines add up to the subtotal.
-- name: mail_order_lines :many
-- in: id order_id
-- out: name text, variant text?, quantity int8, total int8
SELECT l.product_name, l.variant_title, l.quantity::bigint, CASE WHEN o.prices_include_tax THEN l.total ELSE l.net END
FROM orders.pub_order_lines l JOIN orders.pub_orders o ON o.order_id = l.order_id WHERE l.order_id = $1 ORDER BY l.position;

-- name: reservations_expire :one :write
-- in: lim int4, now usec
-- out: expired int4
SELECT inventory.expire_v1($1, $2);

-- name: carts_abandon :one :write
-- in: lim int4, now usec
-- out: abandoned int4
SELECT orders.carts_abandon_v1($1, $2);

-- Listing rows whose prices begin or end by themselves.
-- name: listing_refresh :one :write
-- in: lim int4, now usec
-- out: refreshed int4
SELECT catalog.refresh_due_v1($1, $2);

-- Messages about anything.
-- name: message_claim2 :many :write
-- in: lim int4, lease_s int4, real usec
-- out: id mail_id, kind text, order_id order_id?, subject_type text?, subject_id uuid?, account_id account_id?, locale text?, tries int4, created_at usec, request_id text?,
-- out: trace_id text?
SELECT m.message_id, m.kind, m.order_id, m.subject_type, m.subject_id, m.account_id, m.locale, m.tries, m.created_at, m.request_id, m.trace_id
FROM notification.claim_v2($1, $2, $3) m;

-- Challenges and tries that are over.
-- name: challenge_purge :one :write
-- in: lim int4, now usec
-- out: removed int4
SELECT identity.challenge_purge_v1($1, $2);

-- The session that a message is about.
-- name: message_session :opt
-- in: id uuid
-- out: device text, place text, created_at usec
SELECT s.device, s.place, s.created_at FROM identity.session s WHERE s.id = $1;
