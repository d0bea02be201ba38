-- The unclaimed person of an e-mail hash, found or made.
-- name: person_for_contact :one :write
-- in: new_id person_id, email_hash bytea, now usec
-- out: id person_id
SELECT identity.person_for_contact_v1($1, $2, $3);

-- A person of its own, claimed from the start.
-- name: person_make :exec
-- in: id person_id, now usec
SELECT identity.person_make_v1($1, $2);
