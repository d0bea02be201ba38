-- One row of the audit trail; the place joins the detail.
-- name: audit_write :exec
-- in: actor text, action text, object_type text?, object uuid?, detail jsonb, place text?, request_id text?, trace_id text?, now usec
SELECT platform.audit_v1($1, $2, $3, $4, $5::jsonb || CASE WHEN $6::text IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('place', $6::text) END, $7, $8, $9);
