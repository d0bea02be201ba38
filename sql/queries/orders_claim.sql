-- What guests did becomes their account's.

-- name: order_claim :one :write
-- in: account account_id, persons person_id[], now usec
-- out: claimed int4
SELECT orders.claim_v1($1, $2, $3);

-- name: cart_claim :one :write
-- in: account account_id, token_hash bytea?, cart cart_id?, quantity_max int4, lines_max int4, expires usec, now usec
-- out: outcome text, cart cart_id?
SELECT x.outcome, x.cart_id FROM orders.cart_claim_v1($1, $2, $3, $4, $5, $6, $7) x;
