-- The wrapped key of a person. (Run on the database souk_keys.)
-- name: person_key_get :opt
-- in: person person_id
-- out: wrapped bytea
SELECT wrapped FROM keys.person_key WHERE person_id = $1;

-- Stores a key unless the person has one already or was erased. (Run on the database souk_keys.)
-- name: person_key_put :exec
-- in: person person_id, wrapped bytea, now usec
INSERT INTO keys.person_key (person_id, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT (person_id) DO NOTHING;
