-- name: b5 :one
-- in: lim int4
-- out: n int4
SELECT platform.audit_seal_v1($1);
