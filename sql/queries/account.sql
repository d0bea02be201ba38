-- An account as it stands; what is sealed opens with the key of its person.
-- name: account_get :opt
-- in: id account_id
-- out: id account_id, person person_id, email bytea?, name bytea?, phone bytea?, locale text?,
-- out: email_verified bool, staff bool, has_password bool, status text, version int4, created_at usec, last_sign_in_at usec?
SELECT a.id, a.person_id, a.email, a.name, a.phone, a.locale, a.email_verified_at IS NOT NULL, a.staff, a.password IS NOT NULL, a.status, a.version, a.created_at,
       a.last_sign_in_at
FROM identity.account a WHERE a.id = $1;

-- Owes a mail; false: it was owed before. Nobody: a decoy, kept as done.
-- name: account_mail :one :write
-- in: id mail_id, kind text, subject_type text?, subject uuid?, account account_id?, dedup text?, locale text?, request_id text?, trace_id text?, now usec
-- out: queued bool
SELECT notification.queue_v2($1, $2, $3, $4, $5, $6, $7, false, $8, $9, $10);
