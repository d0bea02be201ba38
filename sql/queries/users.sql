-- Accounts by the thousand.

-- Which of these addresses have an account.
-- name: users_present :many
-- in: hashes bytea[]
-- out: email_hash bytea
SELECT a.email_hash FROM identity.account a WHERE a.email_hash = ANY ($1);

-- Makes accounts with their persons; answers with those that were made (the others' address has one already).
-- name: users_import :many :write
-- in: ids account_id[], persons person_id[], hashes bytea[], emails bytea[], names bytea?[], phones bytea?[], verified bool[], disabled bool[], passwords text?[],
-- in: locales text?[], created usec[], actor text, request_id text?, trace_id text?, now usec
-- out: id account_id
SELECT u.id FROM identity.users_import_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) u;

-- name: users_page :many
-- in: after account_id?, lim int4
-- out: id account_id, person person_id, email bytea?, email_verified bool, name bytea?, phone bytea?, locale text?, status text, staff bool, password text?, created_at usec, last_sign_in_at usec?
SELECT a.id, a.person_id, a.email, a.email_verified_at IS NOT NULL, a.name, a.phone, a.locale, a.status, a.staff, a.password, a.created_at, a.last_sign_in_at
FROM identity.account a WHERE a.status <> 'erased' AND ($1::uuid IS NULL OR a.id > $1) ORDER BY a.id LIMIT $2;
