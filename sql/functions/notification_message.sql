-- Messages: owed by a consumer of events, claimed with a lease, finished once.
SET LOCAL ROLE own_notification;

-- False when this message was owed before.
CREATE OR REPLACE FUNCTION notification.queue_v1(p_id uuid, p_kind text, p_order uuid, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO notification.message (id, kind, order_id, next_try_at, request_id, trace_id, created_at, updated_at)
    VALUES (p_id, p_kind, p_order, '-infinity', p_request_id, p_trace_id, p_now, p_now) ON CONFLICT (kind, order_id) DO NOTHING;
    RETURN FOUND;
END $$;

-- The same for anything that a message can be about. p_dedup null: each call owes one. Nobody to write to (a decoy): kept as dropped, so that it costs the same.
CREATE OR REPLACE FUNCTION notification.queue_v2(p_id uuid, p_kind text, p_subject_type text, p_subject uuid, p_account uuid, p_dedup text, p_locale text, p_nobody boolean,
                                                 p_request_id text, p_trace_id text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO notification.message (id, kind, order_id, subject_type, subject_id, account_id, dedup, locale, state, last_error, next_try_at, request_id, trace_id,
                                      created_at, updated_at)
    VALUES (p_id, p_kind, CASE WHEN p_subject_type = 'order' THEN p_subject END, CASE WHEN p_subject IS NOT NULL THEN p_subject_type END, p_subject, p_account, p_dedup, p_locale,
            CASE WHEN p_nobody THEN 'dropped' ELSE 'queued' END, CASE WHEN p_nobody THEN 'nobody' END, '-infinity', p_request_id, p_trace_id, p_now, p_now)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

DROP FUNCTION IF EXISTS notification.claim_v1(int, int, timestamptz);
CREATE OR REPLACE FUNCTION notification.claim_v2(p_limit int, p_lease_s int, p_real timestamptz)
RETURNS TABLE(message_id uuid, kind text, order_id uuid, subject_type text, subject_id uuid, account_id uuid, locale text, tries int, created_at timestamptz,
              request_id text, trace_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_due uuid[] := ARRAY(SELECT m.id FROM notification.message m WHERE m.state = 'queued' AND m.next_try_at <= p_real ORDER BY m.next_try_at LIMIT p_limit
                          FOR UPDATE SKIP LOCKED);
BEGIN
    IF cardinality(v_due) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        UPDATE notification.message m SET tries = m.tries + 1, next_try_at = p_real + p_lease_s * interval '1 second' WHERE m.id = ANY (v_due) RETURNING m.*
    )
    SELECT m.id, m.kind, m.order_id, m.subject_type, m.subject_id, m.account_id, m.locale, m.tries, m.created_at, m.request_id, m.trace_id FROM claimed m;
END $$;

-- p_state: sent | failed | dropped (nobody is there any more) | queued (again at p_next). False: somebody else finished it.
CREATE OR REPLACE FUNCTION notification.finish_v1(p_id uuid, p_state text, p_error text, p_next timestamptz, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m notification.message;
BEGIN
    UPDATE notification.message x SET state = p_state, last_error = left(p_error, 300), next_try_at = coalesce(p_next, x.next_try_at),
        sent_at = CASE WHEN p_state = 'sent' THEN p_now END, event_seq = x.event_seq + CASE WHEN p_state IN ('sent', 'failed') THEN 1 ELSE 0 END,
        version = x.version + 1, updated_at = p_now
    WHERE x.id = p_id AND x.state NOT IN ('sent', 'failed', 'dropped') RETURNING * INTO m;         -- as payment.command_finish_v1 says
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_state = 'sent' THEN
        PERFORM platform.emit_v1('message', m.id, m.event_seq, 'notification.sent', 1, jsonb_strip_nulls(jsonb_build_object('kind', m.kind, 'order_id', m.order_id, 'account_id', m.account_id)), 'system',
                                 m.request_id, m.trace_id, p_now);
    ELSIF p_state = 'failed' THEN
        PERFORM platform.emit_v1('message', m.id, m.event_seq, 'notification.failed', 1, jsonb_strip_nulls(jsonb_build_object('kind', m.kind, 'order_id', m.order_id, 'account_id', m.account_id)), 'system',
                                 m.request_id, m.trace_id, p_now);
    END IF;
    RETURN true;
END $$;

-- Forgets what was written long ago, by ids that begin with their time; what was given up waits for a person. Returns how many.
CREATE OR REPLACE FUNCTION notification.retire_v1(p_before uuid, p_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    DELETE FROM notification.message WHERE id IN (SELECT m.id FROM notification.message m WHERE m.id < p_before AND m.state IN ('sent', 'dropped')
                                                  ORDER BY m.id LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

REVOKE ALL ON FUNCTION notification.retire_v1(uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notification.retire_v1(uuid, int) TO souk_jobs_core;
REVOKE ALL ON FUNCTION notification.queue_v1(uuid, text, uuid, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION notification.queue_v2(uuid, text, text, uuid, uuid, text, text, boolean, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION notification.claim_v2(int, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION notification.finish_v1(uuid, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notification.queue_v1(uuid, text, uuid, text, text, timestamptz) TO souk_jobs_core;
GRANT EXECUTE ON FUNCTION notification.finish_v1(uuid, text, text, timestamptz, timestamptz) TO souk_jobs_core;
GRANT EXECUTE ON FUNCTION notification.queue_v2(uuid, text, text, uuid, uuid, text, text, boolean, text, text, timestamptz)
    TO own_identity, souk_user, souk_order, souk_payment, souk_jobs_core, souk_admin;
GRANT EXECUTE ON FUNCTION notification.claim_v2(int, int, timestamptz) TO souk_jobs_core;
