-- phase: expand
-- Carts and orders of accounts.
--
-- * A cart of an account is opened by its account only: whoever held its token before (in another browser, or planted it there) sees nothing of it.
-- * An account has one open cart in each market, on all its devices.
-- * No foreign key to identity.account: signing in writes that row, and a cart is never to wait for it.
SET LOCAL ROLE own_orders;
ALTER TABLE orders.cart
    ADD COLUMN account_id   uuid,
    ADD COLUMN merged_into  uuid REFERENCES orders.cart (id),               -- this cart was put into that one
    ADD COLUMN merge_notice jsonb CHECK (jsonb_typeof(merge_notice) = 'array');      -- what a merge changed; told until the shopper changes a line
CREATE UNIQUE INDEX cart_account_open ON orders.cart (account_id, market_id) WHERE account_id IS NOT NULL AND state = 'open';
CREATE INDEX cart_account ON orders.cart (account_id, market_id, created_at) WHERE account_id IS NOT NULL;

ALTER TABLE orders.orders
    ADD COLUMN account_id uuid,
    ADD COLUMN claimed_at timestamptz,                                      -- bought as a guest; the account came later
    ADD CONSTRAINT orders_claimed_by_account CHECK (claimed_at IS NULL OR account_id IS NOT NULL);
CREATE INDEX orders_account ON orders.orders (account_id, created_at DESC, id DESC) WHERE account_id IS NOT NULL;
RESET ROLE;
