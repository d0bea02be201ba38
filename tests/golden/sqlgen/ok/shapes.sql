-- A comment that stands alone documents nothing.

-- One row, or PROBLEM_NOT_FOUND. A comment with */ in it.
-- name: thing_get :one
-- in: id product_id
-- out: id product_id, name text, note text?, price int8?, stock int4, sold bool, sold_out bool?, data jsonb, raw bytea?,
-- out: created_at usec, seen_at usec?, currency currency, tags text[], amounts int8[]?, other uuid
SELECT t.id, t.name, t.note, t.price, t.stock, t.sold, t.sold_out, t.data, t.raw,   -- the columns of a thing
       t.created_at, t.seen_at, t.currency, t.tags, t.amounts, t.other
FROM shop.things t /* the table /* nested */ itself */
WHERE t.id = $1;

-- name: thing_find :opt
-- in: slug text
-- out: id product_id
SELECT t.id FROM shop.things t WHERE t.slug = $1 AND t.slug <> 'it''s; $9' AND t.kind = E'a\'$8' AND t.x = $tag$ $7; ' $tag$;

-- name: thing_list :many
-- in: category category_id?, ids product_id[], names text?[], flags bool[]?, after usec?, lim int8
-- out: id product_id, total int8
SELECT t.id, count(*) OVER () FROM shop.things t
WHERE ($1::uuid IS NULL OR t.category = $1) AND t.id = ANY ($2) AND t.name = ANY ($3)
  AND ($4::bool[] IS NULL OR t.sold = ANY ($4)) AND t.created_at > $5 AND 3 * 4 = 12
LIMIT $6;

-- name: thing_touch :exec
UPDATE shop.things SET touched = true;

-- name: thing_add :one :write
-- in: name text
-- out: id product_id
INSERT INTO shop.things (name) VALUES ($1) RETURNING id;

-- name: thing_lock :opt
-- in: id product_id
-- out: version int4
SELECT t.version FROM shop.things t WHERE t.id = $1 AND "t"."now" = 1 FOR UPDATE;

-- Asked by many at once: one execution for all.
-- name: thing_gathered :many :gather(ids)
-- in: locale text, ids product_id[], now usec
-- out: id product_id, name text
SELECT t.id, t.name FROM shop.things t WHERE t.locale = $1 AND t.id = ANY ($2) AND t.shown_at <= $3;

-- name: thing_shared :opt :gather
-- in: slug text
-- out: name text
SELECT t.name FROM shop.things t WHERE t.slug = $1;
