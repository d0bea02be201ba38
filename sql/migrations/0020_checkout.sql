-- phase: expand
-- What the way of an order through the shop asked for, once it was measured.

SET LOCAL ROLE own_orders;

-- Every new cart took a share of the lock of the same two rows, its market's and its shipping option's (as 0005 says of orders).
-- Neither is ever deleted: both are archived.
ALTER TABLE orders.cart DROP CONSTRAINT cart_market_id_fkey;
ALTER TABLE orders.cart DROP CONSTRAINT cart_shipping_option_id_fkey;

-- The exclusion constraint's index is for keeping ranges apart; for finding a rate it is ten times as slow.
CREATE INDEX tax_rate_find ON orders.tax_rate (country, tax_class, valid_from);

RESET ROLE;

SET LOCAL ROLE own_catalog;

-- What a line of a cart or of an order says about a variant: a read model like listing and details, kept by the same triggers.
-- Put together anew it takes six tables, and checkout, the cart and its making each ask for it.
CREATE TABLE catalog.variant_lines (
    variant_id    uuid PRIMARY KEY REFERENCES catalog.variants (id),
    product_name  text NOT NULL,
    title         text NOT NULL,                     -- "Red / Small"; empty when the product has no options
    image_url     text
);
GRANT SELECT ON catalog.variant_lines TO souk_admin;

RESET ROLE;

SET LOCAL ROLE own_platform;

-- Events are written by platform.emit_v1 alone, several for each order, and each condition is parsed anew for each row: they
-- were half of the price of an event. What is left is what a caller could get wrong with data.
ALTER TABLE platform.outbox DROP CONSTRAINT outbox_object_type_check;
ALTER TABLE platform.outbox DROP CONSTRAINT outbox_schema_version_check;
ALTER TABLE platform.outbox DROP CONSTRAINT outbox_position_check;

RESET ROLE;

-- Lines are written by the one function that writes what they belong to, in the same statement or behind its lock; asking
-- again for every line cost more than the lines. `souk verify` and ledger_balanced() look for what belongs to nothing.
SET LOCAL ROLE own_orders;
ALTER TABLE orders.order_line DROP CONSTRAINT order_line_order_id_fkey;
RESET ROLE;
SET LOCAL ROLE own_payment;
ALTER TABLE payment.ledger_entry DROP CONSTRAINT ledger_entry_transaction_id_fkey;
RESET ROLE;
