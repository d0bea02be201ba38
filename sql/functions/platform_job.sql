-- Jobs: claimed with SKIP LOCKED and a lease, finished by the attempt that claimed them.
-- p_real is real time (leases must not jump with the shop's clock), p_now is business time.
SET LOCAL ROLE own_platform;

-- False when a job with this dedup key was ever put into this queue (finished ones count until they are purged).
CREATE OR REPLACE FUNCTION platform.job_enqueue_v1(p_id uuid, p_queue text, p_kind text, p_dedup_key text, p_payload jsonb,
                                                   p_run_at timestamptz, p_max_attempts int, p_request_id text,
                                                   p_trace_id text, p_now timestamptz)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO platform.job (id, queue, kind, dedup_key, payload, run_at, max_attempts, request_id, trace_id, created_at, updated_at)
        VALUES (p_id, p_queue, p_kind, p_dedup_key, coalesce(p_payload, '{}'), coalesce(p_run_at, p_now), p_max_attempts,
                p_request_id, p_trace_id, p_now, p_now)
        ON CONFLICT (queue, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING;
    RETURN FOUND;
END
$$;

-- Takes up to p_limit jobs of a queue: those that are due, and those whose worker let its lease run out. A job whose
-- last attempt was lost that way is dead.
CREATE OR REPLACE FUNCTION platform.job_claim_v1(p_queue text, p_worker text, p_limit int, p_lease_ms int,
                                                 p_now timestamptz, p_real timestamptz)
    RETURNS TABLE(id uuid, kind text, payload jsonb, attempt int, max_attempts int, request_id text, trace_id text, created_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    UPDATE platform.job j SET state = 'dead', lease_owner = NULL, lease_until = NULL, last_error = 'the last worker was lost',
            version = j.version + 1, updated_at = p_now
        WHERE j.id IN (SELECT d.id FROM platform.job d
                       WHERE d.queue = p_queue AND d.state = 'running' AND d.lease_until <= p_real AND d.attempts >= d.max_attempts
                       ORDER BY d.lease_until LIMIT 100 FOR UPDATE SKIP LOCKED);
    RETURN QUERY
    WITH due AS (
        SELECT r.id FROM platform.job r WHERE r.queue = p_queue AND r.state = 'ready' AND r.run_at <= p_now
        ORDER BY r.run_at, r.id LIMIT p_limit FOR UPDATE SKIP LOCKED
    ), lost AS (
        SELECT l.id FROM platform.job l
        WHERE l.queue = p_queue AND l.state = 'running' AND l.lease_until <= p_real AND l.attempts < l.max_attempts
        ORDER BY l.lease_until LIMIT p_limit FOR UPDATE SKIP LOCKED
    ), taken AS (
        SELECT a.id FROM (SELECT lost.id, 0 AS rank FROM lost UNION ALL SELECT due.id, 1 FROM due) a ORDER BY a.rank LIMIT p_limit
    )
    UPDATE platform.job j SET state = 'running', attempts = j.attempts + 1, lease_owner = p_worker,
            lease_until = p_real + p_lease_ms * interval '1 millisecond', version = j.version + 1, updated_at = p_now
        FROM taken t WHERE j.id = t.id
        RETURNING j.id, j.kind, j.payload, j.attempts, j.max_attempts, j.request_id, j.trace_id, j.created_at;
END
$$;

-- True while the caller still holds the job; false: another worker has it, stop.
CREATE OR REPLACE FUNCTION platform.job_extend_v1(p_id uuid, p_attempt int, p_lease_ms int, p_real timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE platform.job SET lease_until = p_real + p_lease_ms * interval '1 millisecond'
        WHERE id = p_id AND state = 'running' AND attempts = p_attempt;
    RETURN FOUND;
END
$$;

-- In the transaction that did the job's work. False: the lease was lost and another worker has the job: roll back.
CREATE OR REPLACE FUNCTION platform.job_finish_v1(p_id uuid, p_attempt int, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE platform.job SET state = 'done', lease_owner = NULL, lease_until = NULL, last_error = NULL, version = version + 1, updated_at = p_now
        WHERE id = p_id AND state = 'running' AND attempts = p_attempt;
    RETURN FOUND;
END
$$;

-- retry (again at p_retry_at), dead (that was the last attempt, or p_retry_at is null), lost (not the caller's any more).
CREATE OR REPLACE FUNCTION platform.job_fail_v1(p_id uuid, p_attempt int, p_error text, p_retry_at timestamptz, p_now timestamptz)
    RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_state text;
BEGIN
    UPDATE platform.job SET
            state = CASE WHEN attempts >= max_attempts OR p_retry_at IS NULL THEN 'dead' ELSE 'ready' END,
            run_at = coalesce(p_retry_at, run_at), lease_owner = NULL, lease_until = NULL, last_error = left(p_error, 500),
            version = version + 1, updated_at = p_now
        WHERE id = p_id AND state = 'running' AND attempts = p_attempt
        RETURNING state INTO v_state;
    RETURN CASE v_state WHEN 'ready' THEN 'retry' WHEN 'dead' THEN 'dead' ELSE 'lost' END;
END
$$;

-- Removes jobs that were finished before p_before, p_limit at a time.
CREATE OR REPLACE FUNCTION platform.job_purge_v1(p_before timestamptz, p_limit int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count int;
BEGIN
    DELETE FROM platform.job WHERE id IN (SELECT j.id FROM platform.job j WHERE j.state = 'done' AND j.updated_at < p_before
                                          ORDER BY j.updated_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;

REVOKE ALL ON FUNCTION platform.job_enqueue_v1(uuid, text, text, text, jsonb, timestamptz, int, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.job_claim_v1(text, text, int, int, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.job_extend_v1(uuid, int, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.job_finish_v1(uuid, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.job_fail_v1(uuid, int, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION platform.job_purge_v1(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.job_enqueue_v1(uuid, text, text, text, jsonb, timestamptz, int, text, text, timestamptz)
    TO own_identity, own_catalog, own_orders, own_payment, own_inventory, own_notification,
       souk_user, souk_order, souk_payment, souk_jobs_core, souk_jobs_payment, souk_admin;
GRANT EXECUTE ON FUNCTION platform.job_claim_v1(text, text, int, int, timestamptz, timestamptz) TO souk_jobs_core, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION platform.job_extend_v1(uuid, int, int, timestamptz) TO souk_jobs_core, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION platform.job_finish_v1(uuid, int, timestamptz) TO souk_jobs_core, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION platform.job_fail_v1(uuid, int, text, timestamptz, timestamptz) TO souk_jobs_core, souk_jobs_payment;
GRANT EXECUTE ON FUNCTION platform.job_purge_v1(timestamptz, int) TO souk_jobs_core;
