-- name: x :many :gather(ids)
-- in: all product_id[]
-- out: id product_id
SELECT t.id FROM shop.things t WHERE t.id = ANY ($1);
