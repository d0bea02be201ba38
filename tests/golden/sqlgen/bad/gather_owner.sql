-- name: x :many :gather(ids)
-- in: ids product_id[]
-- out: name text, id product_id
SELECT t.name, t.id FROM shop.things t WHERE t.id = ANY ($1);
