-- The wrapped key of a person. (Run on the database souk_keys.)
-- name: person_key_get :opt
-- in: person person_id
-- out: wrapped bytea
SELECT wrapped FROM keys.person_key WHERE person_id = $1;

-- Stores a key unless the person has one already or was erased. (Run on the database souk_keys.)
-- name: person_key_put :exec
-- in: person person_id, wrapped bytea, now usec
INSERT INTO keys.person_key (person_id, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT (person_id) DO NOTHING;

-- The wrapped keys of many persons; who was erased is missing. (Run on the database souk_keys.)
-- name: person_keys_get :many
-- in: persons person_id[]
-- out: person person_id, wrapped bytea
SELECT k.person_id, k.wrapped FROM keys.person_key k WHERE k.person_id = ANY ($1);

-- Stores the keys of persons who are about to be made. (Run on the database souk_keys.)
-- name: person_keys_put :exec
-- in: persons person_id[], wrapped bytea[], now usec
INSERT INTO keys.person_key (person_id, wrapped, created_at) SELECT u.person, u.wrapped, $3 FROM unnest($1::uuid[], $2::bytea[]) AS u(person, wrapped)
ON CONFLICT (person_id) DO NOTHING;

-- Takes the keys of these persons away, for ever: none of them gets another one. (Run on the database souk_keys.)
-- name: person_keys_erase :exec
-- in: persons person_id[], now usec
WITH listed AS (INSERT INTO keys.erased (person_id, erased_at) SELECT u.person, $2 FROM unnest($1::uuid[]) AS u(person) ON CONFLICT (person_id) DO NOTHING)
DELETE FROM keys.person_key k WHERE k.person_id = ANY ($1);

-- Who was erased, a page at a time. (Run on the database souk_keys.)
-- name: persons_erased :many
-- in: after person_id?, lim int4
-- out: person person_id
SELECT x.person_id FROM keys.erased x WHERE $1::uuid IS NULL OR x.person_id > $1 ORDER BY x.person_id LIMIT $2;
