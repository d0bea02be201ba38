-- One row of the audit trail; the place joins the detail.
-- name: audit_write :exec
-- in: actor text, action text, object_type text?, object uuid?, detail jsonb, place text?, request_id text?, trace_id text?, now usec
SELECT platform.audit_v1($1, $2, $3, $4, $5::jsonb || CASE WHEN $6::text IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('place', $6::text) END, $7, $8, $9);

-- Rows of the trail, newest first.
-- name: audit_page :many
-- in: actor text?, action text?, starts text?, object uuid?, since usec?, until usec?, before usec?, before_id uuid?, lim int4
-- out: id uuid, number int8?, actor text, action text, object_type text?, object uuid?, detail jsonb, request_id text?, trace_id text?, created_at usec
SELECT a.id, a.chain_number, a.actor, a.action, a.object_type, a.object_id, a.detail, a.request_id, a.trace_id, a.created_at
FROM platform.audit a
WHERE ($1::text IS NULL OR a.actor = $1) AND ($2::text IS NULL OR a.action = $2) AND ($3::text IS NULL OR starts_with(a.action, $3)) AND ($4::uuid IS NULL OR a.object_id = $4)
  AND ($5::timestamptz IS NULL OR a.created_at >= $5) AND ($6::timestamptz IS NULL OR a.created_at < $6)
  AND ($7::timestamptz IS NULL OR (a.created_at, a.id) < ($7, $8))
ORDER BY a.created_at DESC, a.id DESC LIMIT $9;

-- name: audit_check :many
-- in: before usec, lim int4
-- out: number int8, id uuid?, problem text, detail text
SELECT x.number, x.id, x.problem, x.detail FROM platform.audit_check_v1($1, $2) x;

-- name: audit_state :one
-- out: rows int8, last_number int8, last_hash text, unsealed int8, retired int8
SELECT s.rows, s.last_number, s.last_hash, s.unsealed, s.retired FROM platform.audit_state_v1() s;

-- name: audit_hash :opt
-- in: number int8
-- out: hash bytea
SELECT a.chain_hash FROM platform.audit a WHERE a.chain_number = $1
UNION ALL SELECT g.hash FROM platform.audit_retired g WHERE g.last_number = $1;
