-- What other domains may know of orders: no personal data.
SET LOCAL ROLE own_orders;

-- What is to be paid.
CREATE OR REPLACE VIEW orders.pub_payable AS
SELECT o.id AS order_id, o.number, o.state AS status, o.total AS amount, o.currency, o.expires_at, o.cancel_requested_at, o.access_hash,
       o.locale, o.created_at
FROM orders.orders o;
GRANT SELECT ON orders.pub_payable TO own_payment, souk_payment, souk_jobs_payment, souk_jobs_core, souk_admin;

CREATE OR REPLACE VIEW orders.pub_orders AS
SELECT o.id AS order_id, o.number, o.version, o.event_seq, o.state, o.cart_id, o.person_id, o.market_id, o.market_code, o.locale, o.currency,
       o.prices_include_tax, o.shipping_name, o.subtotal, o.discount, o.shipping, o.shipping_tax_rate, o.shipping_tax, o.tax, o.total,
       o.calc_version, o.ship_country, o.ship_postal_area, o.expires_at, o.paid_at, o.paid_attempt_id, o.completed_at, o.cancel_requested_at,
       o.canceled_at, o.cancel_reason, o.created_at, o.updated_at
FROM orders.orders o;
GRANT SELECT ON orders.pub_orders TO own_payment, own_notification, souk_order, souk_payment, souk_jobs_core, souk_jobs_payment, souk_admin;

CREATE OR REPLACE VIEW orders.pub_order_lines AS
SELECT l.id AS line_id, l.order_id, l.position, l.variant_id, l.product_id, l.sku, l.product_name, l.product_slug, l.variant_title, l.image_url,
       l.quantity, l.unit_price, l.discount, l.tax_class, l.tax_rate, l.net, l.tax, l.total
FROM orders.order_line l;
GRANT SELECT ON orders.pub_order_lines TO own_payment, own_notification, souk_order, souk_payment, souk_jobs_core, souk_jobs_payment, souk_admin;

-- Ciphertexts, for those who write to the buyer. They open with the person's key; the place of each is
-- "orders.cart.<email|phone|address|note>:<cart_id>".
CREATE OR REPLACE VIEW orders.order_contacts AS
SELECT o.id AS order_id, o.cart_id, o.person_id, o.email_sealed, o.phone_sealed, o.address_sealed, o.note_sealed, o.ship_country
FROM orders.orders o;
GRANT SELECT ON orders.order_contacts TO souk_order, souk_jobs_core;

-- What an account's list of orders shows.
CREATE OR REPLACE VIEW orders.pub_account_orders AS
SELECT o.account_id, o.id AS order_id, o.number, o.state, o.total, o.currency, o.created_at, o.updated_at, l.item_count, l.image_url,
       o.cancel_requested_at IS NOT NULL AS cancel_requested, o.claimed_at IS NOT NULL AS claimed
FROM orders.orders o
CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0)::bigint AS item_count,
                           (array_agg(x.image_url ORDER BY x.position) FILTER (WHERE x.image_url IS NOT NULL))[1] AS image_url
                    FROM orders.order_line x WHERE x.order_id = o.id) l
WHERE o.account_id IS NOT NULL;
GRANT SELECT ON orders.pub_account_orders TO souk_order, souk_user;
