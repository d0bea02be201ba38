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
