-- Roles, who has them, keys of programs: see sql/functions/identity_staff.sql.

-- name: role_list :many
-- out: id role_id, name text, title text, permissions text[], builtin bool, members int8, version int4, created_at usec, updated_at usec
SELECT r.id, r.name, r.title, r.permissions, r.builtin, (SELECT count(*) FROM identity.account_role ar WHERE ar.role_id = r.id), r.version, r.created_at, r.updated_at
FROM identity.role r ORDER BY r.builtin DESC, r.created_at, r.name;

-- name: role_get :opt
-- in: id role_id
-- out: id role_id, name text, title text, permissions text[], builtin bool, members int8, version int4, created_at usec, updated_at usec
SELECT r.id, r.name, r.title, r.permissions, r.builtin, (SELECT count(*) FROM identity.account_role ar WHERE ar.role_id = r.id), r.version, r.created_at, r.updated_at
FROM identity.role r WHERE r.id = $1;

-- All permissions that some roles give together.
-- name: role_permissions :one
-- in: roles text[]
-- out: permissions text
SELECT coalesce(string_agg(DISTINCT p.name, ' '), '') FROM identity.role r CROSS JOIN LATERAL unnest(r.permissions) AS p(name) WHERE r.name = ANY ($1);

-- ok | not_found | exists | builtin | changed
-- name: role_put :one :write
-- in: id role_id, version int4?, name text?, title text, permissions text[], actor text, place text?, request_id text?, trace_id text?, now usec, real usec
-- out: outcome text
SELECT identity.role_put_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- ok | not_found | builtin | in_use
-- name: role_delete :one :write
-- in: id role_id, actor text, place text?, request_id text?, trace_id text?, now usec
-- out: outcome text
SELECT identity.role_delete_v2($1, $2, $3, $4, $5, $6);

-- Staff by id; `after` continues a list.
-- name: staff_list :many
-- in: after account_id?, lim int4
-- out: id account_id, person person_id, email bytea?, name bytea?, status text, roles text[], permissions text, second_factor bool, version int4,
-- out: last_sign_in_at usec?, created_at usec
SELECT a.id, a.person_id, a.email, a.name, a.status,
       ARRAY(SELECT r.name FROM identity.account_role ar JOIN identity.role r ON r.id = ar.role_id WHERE ar.account_id = a.id ORDER BY r.name),
       (SELECT coalesce(string_agg(DISTINCT p.name, ' '), '') FROM identity.account_role ar JOIN identity.role r ON r.id = ar.role_id
            CROSS JOIN LATERAL unnest(r.permissions) AS p(name) WHERE ar.account_id = a.id),
       EXISTS (SELECT FROM identity.totp t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT FROM identity.passkey p WHERE p.account_id = a.id), a.version, a.last_sign_in_at, a.created_at
FROM identity.account a WHERE a.staff AND ($1::uuid IS NULL OR a.id > $1) ORDER BY a.id LIMIT $2;

-- name: staff_get :opt
-- in: id account_id
-- out: id account_id, person person_id, email bytea?, name bytea?, status text, roles text[], permissions text, second_factor bool, version int4,
-- out: last_sign_in_at usec?, created_at usec
SELECT a.id, a.person_id, a.email, a.name, a.status,
       ARRAY(SELECT r.name FROM identity.account_role ar JOIN identity.role r ON r.id = ar.role_id WHERE ar.account_id = a.id ORDER BY r.name),
       (SELECT coalesce(string_agg(DISTINCT p.name, ' '), '') FROM identity.account_role ar JOIN identity.role r ON r.id = ar.role_id
            CROSS JOIN LATERAL unnest(r.permissions) AS p(name) WHERE ar.account_id = a.id),
       EXISTS (SELECT FROM identity.totp t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT FROM identity.passkey p WHERE p.account_id = a.id), a.version, a.last_sign_in_at, a.created_at
FROM identity.account a WHERE a.staff AND a.id = $1;

-- ok | not_found | unknown_role | last_owner | changed
-- name: staff_roles :one :write
-- in: account account_id, version int4?, roles text[], actor text, place text?, request_id text?, trace_id text?, now usec, real usec
-- out: outcome text
SELECT identity.staff_roles_v2($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- --- keys of programs ---

-- name: api_key_create :exec
-- in: id api_key_id, kind text, name text, hash bytea, hint text, permissions text[], origins text[], expires usec?, actor text, place text?, request_id text?,
-- in: trace_id text?, now usec
SELECT identity.api_key_create_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- Every pool's question: what is this key worth?
-- name: api_key_use :opt :write
-- in: hash bytea, place text, request_id text?, trace_id text?, now usec
-- out: id api_key_id, kind text, permissions text, origins text
SELECT k.id, k.kind, k.permissions, k.origins FROM identity.api_key_use_v1($1, $2, $3, $4, $5) k;

-- name: api_key_revoke :one :write
-- in: id api_key_id, actor text, place text?, request_id text?, trace_id text?, now usec
-- out: known bool
SELECT identity.api_key_revoke_v2($1, $2, $3, $4, $5, $6);

-- The newest first; `before` continues a list.
-- name: api_key_list :many
-- in: before api_key_id?, lim int4
-- out: id api_key_id, kind text, name text, hint text, permissions text[], origins text[], created_by text, expires_at usec?, last_used_at usec?, revoked_at usec?,
-- out: created_at usec
SELECT k.id, k.kind, k.name, k.hint, k.permissions, k.origins, k.created_by, k.expires_at, k.last_used_at, k.revoked_at, k.created_at
FROM identity.api_key k WHERE $1::uuid IS NULL OR k.id < $1 ORDER BY k.id DESC LIMIT $2;

-- name: api_key_get :opt
-- in: id api_key_id
-- out: id api_key_id, kind text, name text, hint text, permissions text[], origins text[], created_by text, expires_at usec?, last_used_at usec?, revoked_at usec?,
-- out: created_at usec
SELECT k.id, k.kind, k.name, k.hint, k.permissions, k.origins, k.created_by, k.expires_at, k.last_used_at, k.revoked_at, k.created_at
FROM identity.api_key k WHERE k.id = $1;
