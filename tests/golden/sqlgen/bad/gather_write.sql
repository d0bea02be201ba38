-- name: x :one :gather
-- in: id product_id
-- out: name text
UPDATE shop.things SET touched = true WHERE id = $1 RETURNING name;
