-- Requests about one's own data, the export of what this schema knows, and erasure.
SET LOCAL ROLE own_identity;

-- ok, open (there is one already: its id), limit (too many exports today), last_owner, gone.
CREATE OR REPLACE FUNCTION identity.data_ask_v1(p_id uuid, p_account uuid, p_kind text, p_despite boolean, p_most_a_day int, p_actor text, p_place text, p_request_id text,
                                                p_trace_id text, p_now timestamptz, p_real timestamptz, OUT outcome text, OUT id uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM identity.account a WHERE a.id = p_account AND a.status <> 'erased' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'gone';
        RETURN;
    END IF;
    SELECT r.id INTO id FROM identity.data_request r
        WHERE r.account_id = p_account AND r.kind = p_kind AND r.state IN ('queued', 'waiting', 'running', 'telling');
    IF FOUND THEN
        UPDATE identity.data_request r SET despite = true, next_try_at = p_real, version = r.version + 1, updated_at = p_now
            WHERE r.id = data_ask_v1.id AND p_despite AND NOT r.despite AND r.state IN ('queued', 'waiting');
        outcome := 'open';
        RETURN;
    END IF;
    IF p_kind = 'erase' AND identity.last_owner_v1(p_account) THEN
        outcome := 'last_owner';
        RETURN;
    END IF;
    IF p_kind = 'export' AND (SELECT count(*) FROM identity.data_request r WHERE r.account_id = p_account AND r.kind = 'export' AND r.created_at > p_now - interval '1 day')
                             >= p_most_a_day THEN
        outcome := 'limit';
        RETURN;
    END IF;
    INSERT INTO identity.data_request (id, account_id, kind, despite, actor, next_try_at, request_id, trace_id, created_at, updated_at)
        VALUES (p_id, p_account, p_kind, p_despite, p_actor, p_real, p_request_id, p_trace_id, p_now, p_now);
    PERFORM platform.audit_v1(p_actor, 'data.' || p_kind || '_asked', 'account', p_account, jsonb_strip_nulls(jsonb_build_object('request', p_id, 'place', p_place)),
                              p_request_id, p_trace_id, p_now);
    outcome := 'ok';
    id := p_id;
END $$;

-- ok, gone (no such request of the account), late.
CREATE OR REPLACE FUNCTION identity.data_cancel_v2(p_account uuid, p_id uuid, p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_row identity.data_request;
BEGIN
    SELECT * INTO v_row FROM identity.data_request r WHERE r.id = p_id AND r.account_id = p_account FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    IF v_row.state = 'canceled' THEN
        RETURN 'ok';
    END IF;
    IF v_row.state NOT IN ('queued', 'waiting') THEN
        RETURN 'late';
    END IF;
    UPDATE identity.data_request r SET state = 'canceled', finished_at = p_now, version = r.version + 1, updated_at = p_now WHERE r.id = p_id;
    PERFORM platform.audit_v1(p_actor, 'data.' || v_row.kind || '_canceled', 'account', p_account, jsonb_strip_nulls(jsonb_build_object('request', p_id, 'place', p_place)),
                              p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.data_cancel_v1(p_account uuid, p_id uuid, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.data_cancel_v2(p_account, p_id, p_actor, NULL, p_request_id, p_trace_id, p_now)
$$;

-- One request whose time has come; a lease keeps the others away. `tries` is the fencing token.
CREATE OR REPLACE FUNCTION identity.data_claim_v1(p_lease_s int, p_real timestamptz)
    RETURNS TABLE(id uuid, account_id uuid, kind text, state text, despite boolean, tries int, actor text, request_id text, trace_id text, created_at timestamptz)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE identity.data_request r SET tries = r.tries + 1, next_try_at = p_real + make_interval(secs => p_lease_s)
    WHERE r.id = (SELECT x.id FROM identity.data_request x WHERE x.state IN ('queued', 'waiting', 'running', 'telling') AND x.next_try_at <= p_real
                  ORDER BY x.next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING r.id, r.account_id, r.kind, r.state, r.despite, r.tries, r.actor, r.request_id, r.trace_id, r.created_at
$$;

-- Where a claimed request stands now. False: it is not ours any more (canceled, or the lease ended).
CREATE OR REPLACE FUNCTION identity.data_step_v1(p_id uuid, p_tries int, p_state text, p_open_orders int, p_bytes bigint, p_expires timestamptz, p_error text,
                                                 p_next timestamptz, p_now timestamptz)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE identity.data_request r SET state = p_state, open_orders = p_open_orders, bytes = coalesce(p_bytes, r.bytes), expires_at = coalesce(p_expires, r.expires_at),
           last_error = p_error, next_try_at = coalesce(p_next, r.next_try_at),
           finished_at = CASE WHEN p_state IN ('ready', 'done', 'failed', 'expired') THEN p_now END, version = r.version + 1, updated_at = p_now
        WHERE r.id = p_id AND r.tries = p_tries AND r.state IN ('queued', 'waiting', 'running', 'telling');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_state = 'telling' THEN                                  -- nothing new begins with an account that is about to go
        UPDATE identity.account a SET status = 'disabled', version = a.version + 1, updated_at = p_now
            WHERE a.id = (SELECT r.account_id FROM identity.data_request r WHERE r.id = p_id) AND a.status = 'active';
    END IF;
    RETURN true;
END $$;

-- Exports whose time is over: their files go.
CREATE OR REPLACE FUNCTION identity.data_expire_v1(p_limit int, p_now timestamptz) RETURNS TABLE(id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE identity.data_request r SET state = 'expired', version = r.version + 1, updated_at = p_now
    WHERE r.id IN (SELECT x.id FROM identity.data_request x WHERE x.state = 'ready' AND x.expires_at <= p_now ORDER BY x.id LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING r.id
$$;

-- Everybody that this account is or was as a guest, also guests of its verified address that it did not claim yet.
CREATE OR REPLACE FUNCTION identity.account_persons_v1(p_account uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT p.id ORDER BY p.id), '{}')
    FROM identity.account a
    JOIN identity.person p ON p.id = a.person_id OR p.account_id = a.id OR (a.email_verified_at IS NOT NULL AND p.email_hash = a.email_hash AND p.account_id IS NULL)
    WHERE a.id = p_account
$$;

-- What this schema knows of an account in clear; what is sealed is read by those who have the keys.
CREATE OR REPLACE FUNCTION identity.export_v1(p_account uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', s.kind, 'signed_in_with', s.method, 'second_factor', s.second_factor, 'device', s.device,
                        'place', s.place, 'began_at', s.created_at, 'last_used_at', s.last_used_at, 'ended_at', s.ended_at, 'end_reason', s.end_reason)) ORDER BY s.created_at), '[]')
                     FROM identity.session s WHERE s.account_id = p_account),
        'outside_identities', (SELECT coalesce(jsonb_agg(jsonb_build_object('provider', v.label, 'subject', x.subject, 'joined_at', x.created_at, 'last_used_at', x.last_used_at)
                                               ORDER BY x.created_at), '[]')
                               FROM identity.external_identity x JOIN identity.provider v ON v.id = x.provider_id WHERE x.account_id = p_account),
        'passkeys', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', k.name, 'made_at', k.created_at, 'last_used_at', k.last_used_at)) ORDER BY k.created_at), '[]')
                     FROM identity.passkey k WHERE k.account_id = p_account),
        'authenticator_app_since', (SELECT t.confirmed_at FROM identity.totp t WHERE t.account_id = p_account),
        'recovery_codes_left', (SELECT count(*) FROM identity.recovery_code r WHERE r.account_id = p_account AND r.used_at IS NULL),
        'trusted_devices', (SELECT coalesce(jsonb_agg(jsonb_build_object('device', d.device, 'trusted_at', d.created_at, 'last_used_at', d.last_used_at) ORDER BY d.created_at), '[]')
                            FROM identity.trusted_device d WHERE d.account_id = p_account),
        'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('purpose', n.purpose, 'granted', n.granted, 'text_version', n.text_version, 'source', n.source, 'at', n.created_at)
                                     ORDER BY n.purpose, n.n), '[]')
                     FROM identity.consent n WHERE n.account_id = p_account),
        'data_requests', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', q.kind, 'status', q.state, 'asked_at', q.created_at) ORDER BY q.created_at), '[]')
                          FROM identity.data_request q WHERE q.account_id = p_account),
        'roles', (SELECT coalesce(jsonb_agg(o.title ORDER BY o.title), '[]') FROM identity.account_role h JOIN identity.role o ON o.id = h.role_id WHERE h.account_id = p_account),
        'security_events', platform.audit_of_v1('account', p_account))
$$;

-- Empties an account: what it can sign in with, what it knows, where it was. Keys of its persons went before (souk_keys). Repeating it changes nothing.
-- erased: false when it was empty already.
CREATE OR REPLACE FUNCTION identity.account_erase_v1(p_account uuid, p_persons uuid[], p_request uuid, p_replay boolean, p_actor text, p_request_id text, p_trace_id text,
                                                     p_now timestamptz, p_real timestamptz)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_account identity.account;
    v_done record;
BEGIN
    SELECT * INTO v_account FROM identity.account a WHERE a.id = p_account FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM identity.session_end_v2(p_account, NULL, NULL, NULL, 'erased', p_actor, NULL, p_request_id, p_trace_id, p_now, p_real);
    PERFORM identity.session_forget_v1(p_account, p_real);
    UPDATE identity.session s SET device = '', place = '' WHERE s.account_id = p_account AND (s.device <> '' OR s.place <> '');
    DELETE FROM identity.address x WHERE x.account_id = p_account;
    DELETE FROM identity.totp x WHERE x.account_id = p_account;
    DELETE FROM identity.recovery_code x WHERE x.account_id = p_account;
    DELETE FROM identity.trusted_device x WHERE x.account_id = p_account;
    DELETE FROM identity.passkey x WHERE x.account_id = p_account;
    DELETE FROM identity.external_identity x WHERE x.account_id = p_account;
    DELETE FROM identity.account_role x WHERE x.account_id = p_account;
    DELETE FROM identity.challenge x WHERE x.account_id = p_account OR (v_account.email_hash IS NOT NULL AND x.email_hash = v_account.email_hash);
    PERFORM notification.forget_v1(p_account);
    SELECT * INTO v_done FROM orders.erase_v1(p_account, p_persons, p_now);
    UPDATE identity.person p SET kind = 'claimed', account_id = p_account, email_hash = NULL, erased_at = p_now, version = p.version + 1, updated_at = p_now
        WHERE p.id = ANY (p_persons) AND p.erased_at IS NULL;
    UPDATE identity.data_request r SET state = CASE r.state WHEN 'ready' THEN 'expired' ELSE 'canceled' END, finished_at = p_now, version = r.version + 1, updated_at = p_now
        WHERE r.account_id = p_account AND r.id IS DISTINCT FROM p_request AND r.state IN ('queued', 'waiting', 'running', 'telling', 'ready');
    IF v_account.status = 'erased' THEN
        RETURN false;
    END IF;
    UPDATE identity.account a SET status = 'erased', staff = false, email_hash = NULL, email = NULL, email_verified_at = NULL, name = NULL, phone = NULL, password = NULL,
           password_changed_at = NULL, locale = NULL, preferences = '{}', last_sign_in_at = NULL, version = a.version + 1, updated_at = p_now
        WHERE a.id = p_account;
    PERFORM identity.customer_event_v1(p_account, 'customer.erased', jsonb_build_object('replay', p_replay), p_actor, p_request_id, p_trace_id, p_now);
    PERFORM platform.audit_v1(p_actor, 'account.erased', 'account', p_account,
                              jsonb_build_object('replay', p_replay, 'orders', v_done.orders_emptied, 'carts', v_done.carts_emptied), p_request_id, p_trace_id, p_now);
    RETURN true;
END $$;

-- Of persons whose keys are gone: those who are still here, with their account.
CREATE OR REPLACE FUNCTION identity.persons_left_v1(p_persons uuid[]) RETURNS TABLE(person_id uuid, account_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id, coalesce(p.account_id, (SELECT a.id FROM identity.account a WHERE a.person_id = p.id))
    FROM identity.person p WHERE p.id = ANY (p_persons) AND p.erased_at IS NULL
$$;

-- Guests who belong to no account (in this state of the database).
CREATE OR REPLACE FUNCTION identity.guests_erase_v1(p_persons uuid[], p_now timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    PERFORM orders.erase_v1(NULL, p_persons, p_now);
    UPDATE identity.person p SET email_hash = NULL, erased_at = p_now, version = p.version + 1, updated_at = p_now WHERE p.id = ANY (p_persons) AND p.erased_at IS NULL;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

REVOKE ALL ON FUNCTION identity.data_ask_v1(uuid, uuid, text, boolean, int, text, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.data_cancel_v1(uuid, uuid, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.data_claim_v1(int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.data_step_v1(uuid, int, text, int, bigint, timestamptz, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.data_expire_v1(int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.account_persons_v1(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.export_v1(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.account_erase_v1(uuid, uuid[], uuid, boolean, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.persons_left_v1(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.guests_erase_v1(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.data_ask_v1(uuid, uuid, text, boolean, int, text, text, text, text, timestamptz, timestamptz),
    identity.data_cancel_v1(uuid, uuid, text, text, text, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.data_claim_v1(int, timestamptz), identity.data_step_v1(uuid, int, text, int, bigint, timestamptz, text, timestamptz, timestamptz),
    identity.data_expire_v1(int, timestamptz), identity.export_v1(uuid) TO souk_jobs_core;
GRANT EXECUTE ON FUNCTION identity.account_persons_v1(uuid) TO souk_user, souk_admin, souk_jobs_core;
GRANT EXECUTE ON FUNCTION identity.account_erase_v1(uuid, uuid[], uuid, boolean, text, text, text, timestamptz, timestamptz), identity.persons_left_v1(uuid[]),
    identity.guests_erase_v1(uuid[], timestamptz) TO souk_jobs_core, souk_admin;
REVOKE ALL ON FUNCTION identity.data_cancel_v2(uuid, uuid, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.data_cancel_v2(uuid, uuid, text, text, text, text, timestamptz) TO souk_user, souk_admin;
