-- name: x :many :gather(names)
-- in: names text[]
-- out: name text
SELECT t.name FROM shop.things t WHERE t.name = ANY ($1);
