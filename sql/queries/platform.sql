-- What every process asks of the platform schema.

-- How far the business clock was moved (sandbox only); 0 in production.
-- name: clock_offset :one
-- out: offset_us int8
SELECT (extract(epoch FROM shift) * 1000000)::bigint FROM platform.clock_offset;

-- Moves the business clock of the whole shop.
-- name: clock_set :exec
-- in: offset_us int8, actor text, request_id text?, now usec
SELECT platform.clock_set_v1($1, $2, $3, $4);

-- First statement of a transaction under an idempotency key; see sql/functions/platform_idempotency.sql.
-- name: idem_begin :one :write
-- in: scope text, key text, body_hash text, now usec
-- out: outcome text, status int4?, result jsonb?
SELECT i.outcome, i.status, i.result FROM platform.idem_begin_v1($1, $2, $3, $4) i;

-- Transaction 1 around a provider call.
-- name: idem_start :exec
-- in: scope text, key text, body_hash text, result jsonb, now usec
SELECT platform.idem_start_v1($1, $2, $3, $4, $5);

-- Last statement of a transaction under an idempotency key.
-- name: idem_finish :exec
-- in: scope text, key text, body_hash text, status int4, result jsonb?, now usec
SELECT platform.idem_finish_v1($1, $2, $3, $4, $5, $6);

-- Gives positions to committed events; -1 when another relay is at work.
-- name: relay :one :write
-- in: lim int4, now usec
-- out: relayed int4
SELECT platform.relay_v1($1, $2);

-- The next events for one reader, whose row stays locked until the transaction ends.
-- name: consumer_read :many :write
-- in: name text, lim int4, now usec
-- out: position int8, id event_id, object_type text, object_id uuid, seq int8, type text, schema_version int4, payload jsonb,
-- out: actor text?, request_id text?, trace_id text?, created_at usec
SELECT r.position, r.id, r.object_type, r.object_id, r.seq, r.type, r.schema_version, r.payload, r.actor, r.request_id, r.trace_id, r.created_at
FROM platform.consumer_read_v1($1, $2, $3) r;

-- In the transaction that did the reader's work.
-- name: consumer_advance :exec
-- in: name text, position int8, now usec
SELECT platform.consumer_advance_v1($1, $2, $3);

-- False when a job with this dedup key was put into this queue before.
-- name: job_enqueue :one :write
-- in: id job_id, queue text, kind text, dedup_key text?, payload jsonb, run_at usec?, max_attempts int4, request_id text?,
-- in: trace_id text?, now usec
-- out: queued bool
SELECT platform.job_enqueue_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- Takes due jobs and jobs whose lease ran out. `real` is real time, `now` business time.
-- name: job_claim :many :write
-- in: queue text, worker text, lim int4, lease_ms int4, now usec, real usec
-- out: id job_id, kind text, payload jsonb, attempt int4, max_attempts int4, request_id text?, trace_id text?, created_at usec
SELECT j.id, j.kind, j.payload, j.attempt, j.max_attempts, j.request_id, j.trace_id, j.created_at
FROM platform.job_claim_v1($1, $2, $3, $4, $5, $6) j;

-- False when another worker has the job by now.
-- name: job_extend :one :write
-- in: id job_id, attempt int4, lease_ms int4, real usec
-- out: held bool
SELECT platform.job_extend_v1($1, $2, $3, $4);

-- In the transaction that did the work; false: roll back, another worker has the job.
-- name: job_finish :one :write
-- in: id job_id, attempt int4, now usec
-- out: held bool
SELECT platform.job_finish_v1($1, $2, $3);

-- retry | dead | lost
-- name: job_fail :one :write
-- in: id job_id, attempt int4, error text, retry_at usec?, now usec
-- out: outcome text
SELECT platform.job_fail_v1($1, $2, $3, $4, $5);

-- Removes finished jobs.
-- name: job_purge :one :write
-- in: before usec, lim int4
-- out: removed int4
SELECT platform.job_purge_v1($1, $2);

-- Chains audit rows; -1 when another sealer is at work.
-- name: audit_seal :one :write
-- in: lim int4
-- out: sealed int4
SELECT platform.audit_seal_v1($1);

-- One audit row, unchained; `detail` holds no personal data.
-- name: audit_add :exec
-- in: actor text, action text, object_type text?, object_id uuid?, detail jsonb?, request_id text?, trace_id text?, now usec
SELECT platform.audit_v1($1, $2, $3, $4, $5, $6, $7, $8);

-- The first broken number of the audit chain behind `after`.
-- name: audit_broken :one
-- in: after int8
-- out: number int8?
SELECT platform.audit_broken_v1($1);

-- Makes partitions ahead and drops those whose time is over.
-- name: partitions :one :write
-- in: now usec
-- out: made int4, dropped int4
SELECT p.made, p.dropped FROM platform.partitions_v1($1) p;

-- The same for the schema identity. `real` is real time.
-- name: identity_partitions :one :write
-- in: now usec, real usec
-- out: made int4, dropped int4
SELECT p.made, p.dropped FROM identity.partitions_v1($1, $2) p;

-- The feed's end and what waits for the relay.
-- name: relay_state :one
-- out: last_position int8, waiting int8
SELECT r.last_position, r.waiting FROM platform.pub_relay r;
