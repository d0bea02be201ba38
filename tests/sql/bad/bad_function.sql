-- name: b6 :exec
-- in: lim int8
SELECT platform.audit_seal_v1($1);
