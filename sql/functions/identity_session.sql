-- Sessions: opened and ended by the user pool, used by every pool. p_created is the time in the session's id: it finds the partition.
-- p_now is business time, p_real real time (what programs remember is compared with the revocations' real time).
SET LOCAL ROLE own_identity;

-- Names of all permissions that an account's roles give, separated by blanks; '' for none.
CREATE OR REPLACE FUNCTION identity.permissions_of(p_account uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(string_agg(DISTINCT p.name, ' '), '')
    FROM identity.account_role ar JOIN identity.role r ON r.id = ar.role_id CROSS JOIN LATERAL unnest(r.permissions) AS p(name)
    WHERE ar.account_id = p_account
$$;
REVOKE ALL ON FUNCTION identity.permissions_of(uuid) FROM PUBLIC;

-- No row: the account does not exist or is not active, or (p_password_at: when the password was chosen that was looked at) has another password by now: the sessions that the old one
-- opened were ended when it changed, and none may follow.
CREATE OR REPLACE FUNCTION identity.session_open_v2(p_id uuid, p_created timestamptz, p_account uuid, p_kind text, p_secret_hash bytea, p_method text, p_password_at timestamptz,
                                                    p_second_factor boolean, p_device text, p_place text, p_expires timestamptz, p_actor text,
                                                    p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS TABLE(staff boolean, permissions text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_staff boolean;
BEGIN
    UPDATE identity.account a SET last_sign_in_at = p_now
        WHERE a.id = p_account AND a.status = 'active' AND (p_password_at IS NULL OR a.password_changed_at = p_password_at) RETURNING a.staff INTO v_staff;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO identity.session (id, account_id, kind, secret_hash, rotated_at, method, second_factor, fresh_at, device, place, last_used_at, expires_at,
                                  created_at, updated_at)
        VALUES (p_id, p_account, p_kind, p_secret_hash, p_now, p_method, p_second_factor, p_now, p_device, p_place, p_now, p_expires, p_created, p_now);
    PERFORM platform.audit_v1(p_actor, 'session.opened', 'session', p_id,
                              jsonb_build_object('kind', p_kind, 'method', p_method, 'second_factor', p_second_factor, 'device', p_device, 'place', p_place),
                              p_request_id, p_trace_id, p_now);
    RETURN QUERY SELECT v_staff, CASE WHEN v_staff THEN identity.permissions_of(p_account) ELSE '' END;
END
$$;

-- For programs of before: no password is compared.
CREATE OR REPLACE FUNCTION identity.session_open_v1(p_id uuid, p_created timestamptz, p_account uuid, p_kind text, p_secret_hash bytea, p_method text,
    p_second_factor boolean, p_device text, p_place text, p_expires timestamptz, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS TABLE(staff boolean, permissions text) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.staff, r.permissions FROM identity.session_open_v2(p_id, p_created, p_account, p_kind, p_secret_hash, p_method, NULL, p_second_factor, p_device, p_place, p_expires,
        p_actor, p_request_id, p_trace_id, p_now) r
$$;

-- What a session is worth now; no row: it is over, or was never one. A null secret asks for a session whose token was checked already. Its last use is written
-- at most once a minute.
CREATE OR REPLACE FUNCTION identity.session_use_v1(p_id uuid, p_created timestamptz, p_secret_hash bytea, p_place text, p_idle_s int, p_now timestamptz)
    RETURNS TABLE(account_id uuid, kind text, staff boolean, permissions text, second_factor boolean, fresh_at timestamptz, expires_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    s identity.session;
    v_staff boolean;
BEGIN
    SELECT x.* INTO s FROM identity.session x
        WHERE x.id = p_id AND x.created_at = p_created AND x.ended_at IS NULL AND x.expires_at > p_now
          AND x.last_used_at > p_now - p_idle_s * interval '1 second' AND (p_secret_hash IS NULL OR x.secret_hash = p_secret_hash);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT a.staff INTO v_staff FROM identity.account a WHERE a.id = s.account_id AND a.status = 'active';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF s.last_used_at < p_now - interval '1 minute' THEN
        UPDATE identity.session x SET last_used_at = p_now, place = coalesce(p_place, x.place)
            WHERE x.id = p_id AND x.created_at = p_created AND x.last_used_at < p_now - interval '1 minute';
    END IF;
    RETURN QUERY SELECT s.account_id, s.kind, v_staff, CASE WHEN v_staff THEN identity.permissions_of(s.account_id) ELSE '' END, s.second_factor, s.fresh_at,
                        s.expires_at;
END
$$;

-- A new secret, and what was proved. No row: not this account's, or over.
CREATE OR REPLACE FUNCTION identity.session_raise_v2(p_account uuid, p_id uuid, p_created timestamptz, p_secret_hash bytea, p_second_factor boolean, p_actor text, p_place text,
                                                     p_request_id text, p_trace_id text, p_now timestamptz, p_real timestamptz)
    RETURNS TABLE(kind text, staff boolean, permissions text, second_factor boolean, expires_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    s identity.session;
    v_staff boolean;
BEGIN
    UPDATE identity.session x SET secret_hash = CASE WHEN x.kind = 'browser' THEN p_secret_hash ELSE x.secret_hash END,
            previous_hash = CASE WHEN x.kind = 'browser' THEN x.secret_hash ELSE x.previous_hash END,
            rotated_at = CASE WHEN x.kind = 'browser' THEN p_now ELSE x.rotated_at END,
            second_factor = x.second_factor OR p_second_factor, fresh_at = p_now, last_used_at = p_now, version = x.version + 1, updated_at = p_now
        WHERE x.id = p_id AND x.created_at = p_created AND x.account_id = p_account AND x.ended_at IS NULL AND x.expires_at > p_now
        RETURNING x.* INTO s;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT a.staff INTO v_staff FROM identity.account a WHERE a.id = p_account AND a.status = 'active';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO identity.revocation (account_id, session_id, created_at) VALUES (p_account, p_id, p_real);
    PERFORM platform.audit_v1(p_actor, 'session.raised', 'session', p_id, jsonb_build_object('second_factor', p_second_factor)
                              || jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN QUERY SELECT s.kind, v_staff, CASE WHEN v_staff THEN identity.permissions_of(p_account) ELSE '' END, s.second_factor, s.expires_at;
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.session_raise_v1(p_account uuid, p_id uuid, p_created timestamptz, p_secret_hash bytea, p_second_factor boolean, p_actor text,
    p_request_id text, p_trace_id text, p_now timestamptz, p_real timestamptz)
    RETURNS TABLE(kind text, staff boolean, permissions text, second_factor boolean, expires_at timestamptz) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.kind, r.staff, r.permissions, r.second_factor, r.expires_at FROM identity.session_raise_v2(p_account, p_id, p_created, p_secret_hash, p_second_factor,
        p_actor, NULL, p_request_id, p_trace_id, p_now, p_real) r
$$;

-- Was this the secret of a browser's session until a moment ago? It opens nothing any more, but its browser has a new one, or gets it with an answer that is on its way.
CREATE OR REPLACE FUNCTION identity.session_rotated_v1(p_id uuid, p_created timestamptz, p_secret_hash bytea, p_now timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM identity.session x
                   WHERE x.id = p_id AND x.created_at = p_created AND x.kind = 'browser' AND x.previous_hash = p_secret_hash AND x.ended_at IS NULL AND x.expires_at > p_now
                     AND x.rotated_at > p_now - interval '1 minute')
$$;

-- Ends one session (p_id), or all of an account but p_spare. Says how many ended now, and whether p_id is one of the account's at all.
CREATE OR REPLACE FUNCTION identity.session_end_v2(p_account uuid, p_id uuid, p_created timestamptz, p_spare uuid, p_reason text, p_actor text, p_place text,
                                                   p_request_id text, p_trace_id text, p_now timestamptz, p_real timestamptz, OUT ended int, OUT known boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ids uuid[];
    v_id uuid;
    v_seq bigint;
BEGIN
    IF p_id IS NULL THEN
        WITH gone AS (
            UPDATE identity.session x SET ended_at = p_now, end_reason = p_reason, version = x.version + 1, updated_at = p_now
                WHERE x.account_id = p_account AND x.ended_at IS NULL AND x.id IS DISTINCT FROM p_spare RETURNING x.id
        ) SELECT array_agg(g.id) INTO v_ids FROM gone g;
        PERFORM identity.session_forget_v1(p_account, p_real);           -- tokens of a user pool have no row here: this voids them, too
        known := true;
    ELSE
        UPDATE identity.session x SET ended_at = p_now, end_reason = p_reason, version = x.version + 1, updated_at = p_now
            WHERE x.id = p_id AND x.created_at = p_created AND x.account_id = p_account AND x.ended_at IS NULL RETURNING ARRAY[x.id] INTO v_ids;
        known := v_ids IS NOT NULL OR EXISTS (SELECT FROM identity.session x WHERE x.id = p_id AND x.created_at = p_created AND x.account_id = p_account);
    END IF;
    ended := coalesce(cardinality(v_ids), 0);
    IF ended = 0 THEN
        RETURN;
    END IF;
    UPDATE identity.account a SET event_seq = a.event_seq + ended WHERE a.id = p_account RETURNING a.event_seq INTO v_seq;
    FOREACH v_id IN ARRAY v_ids LOOP
        INSERT INTO identity.revocation (account_id, session_id, created_at) VALUES (p_account, v_id, p_real);
        PERFORM platform.audit_v1(p_actor, 'session.ended', 'session', v_id, jsonb_build_object('reason', p_reason)
                                  || jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
        v_seq := v_seq - 1;
    END LOOP;
    FOREACH v_id IN ARRAY v_ids LOOP
        v_seq := v_seq + 1;
        PERFORM platform.emit_v1('account', p_account, v_seq, 'session.revoked', 1,
                                 jsonb_build_object('account_id', p_account, 'session_id', v_id, 'reason', p_reason), p_actor, p_request_id, p_trace_id, p_now);
    END LOOP;
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.session_end_v1(p_account uuid, p_id uuid, p_created timestamptz, p_spare uuid, p_reason text, p_actor text, p_request_id text,
    p_trace_id text, p_now timestamptz, p_real timestamptz, OUT ended int, OUT known boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.ended, r.known FROM identity.session_end_v2(p_account, p_id, p_created, p_spare, p_reason, p_actor, NULL, p_request_id, p_trace_id, p_now, p_real) r
$$;

-- What programs remember of the account's sessions is to be asked for again.
CREATE OR REPLACE FUNCTION identity.session_forget_v1(p_account uuid, p_real timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO identity.revocation (account_id, session_id, created_at) VALUES (p_account, NULL, p_real)
$$;

-- Revocations from p_since on (real time).
CREATE OR REPLACE FUNCTION identity.news_v1(p_since timestamptz) RETURNS TABLE(account_id uuid, session_id uuid, created_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.account_id, r.session_id, r.created_at FROM identity.revocation r WHERE r.created_at >= p_since
$$;

REVOKE ALL ON FUNCTION identity.session_open_v1(uuid, timestamptz, uuid, text, bytea, text, boolean, text, text, timestamptz, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.session_use_v1(uuid, timestamptz, bytea, text, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.session_raise_v1(uuid, uuid, timestamptz, bytea, boolean, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.session_rotated_v1(uuid, timestamptz, bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.session_end_v1(uuid, uuid, timestamptz, uuid, text, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.session_forget_v1(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.news_v1(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.session_open_v1(uuid, timestamptz, uuid, text, bytea, text, boolean, text, text, timestamptz, text, text, text, timestamptz)
    TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.session_raise_v1(uuid, uuid, timestamptz, bytea, boolean, text, text, text, timestamptz, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.session_end_v1(uuid, uuid, timestamptz, uuid, text, text, text, text, timestamptz, timestamptz) TO souk_user, souk_admin, souk_jobs_core;
GRANT EXECUTE ON FUNCTION identity.session_forget_v1(uuid, timestamptz) TO souk_user, souk_admin, souk_jobs_core;
GRANT EXECUTE ON FUNCTION identity.session_use_v1(uuid, timestamptz, bytea, text, int, timestamptz)
    TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin;
GRANT EXECUTE ON FUNCTION identity.session_rotated_v1(uuid, timestamptz, bytea, timestamptz)
    TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin;
GRANT EXECUTE ON FUNCTION identity.news_v1(timestamptz) TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin;

-- Exchanges a refresh token for its successor. ok: this is the session's token, or was until a moment ago (tabs race; the successor is the same); reused: it was
-- exchanged before, so somebody copied it: the session is over now and its owner is told; over: no such session, or ended; unknown: a secret that never was one.
CREATE OR REPLACE FUNCTION identity.session_refresh_v1(p_id uuid, p_created timestamptz, p_old bytea, p_new bytea, p_place text, p_idle_s int, p_window_s int,
                                                       p_request_id text, p_trace_id text, p_now timestamptz, p_real timestamptz)
    RETURNS TABLE(outcome text, account_id uuid, staff boolean, permissions text, second_factor boolean, fresh_at timestamptz, expires_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    s identity.session;
    v_staff boolean;
    v_used timestamptz;
BEGIN
    SELECT x.* INTO s FROM identity.session x
        WHERE x.id = p_id AND x.created_at = p_created AND x.kind = 'app' AND x.ended_at IS NULL AND x.expires_at > p_now
          AND x.last_used_at > p_now - p_idle_s * interval '1 second' FOR UPDATE;
    IF FOUND THEN
        SELECT a.staff INTO v_staff FROM identity.account a WHERE a.id = s.account_id AND a.status = 'active';
    END IF;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'over', NULL::uuid, NULL::boolean, NULL::text, NULL::boolean, NULL::timestamptz, NULL::timestamptz;
        RETURN;
    END IF;
    IF s.secret_hash = p_old THEN
        UPDATE identity.session x SET secret_hash = p_new, previous_hash = p_old, rotated_at = p_now, last_used_at = p_now, place = coalesce(p_place, x.place),
                version = x.version + 1, updated_at = p_now WHERE x.id = p_id AND x.created_at = p_created;
        INSERT INTO identity.refresh_used (token_hash, session_id, created_at) VALUES (p_old, p_id, p_now);
    ELSE
        SELECT max(u.created_at) INTO v_used FROM identity.refresh_used u WHERE u.token_hash = p_old AND u.session_id = p_id;
        IF v_used IS NULL THEN
            RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::boolean, NULL::text, NULL::boolean, NULL::timestamptz, NULL::timestamptz;
            RETURN;
        ELSIF v_used < p_now - p_window_s * interval '1 second' THEN
            PERFORM identity.session_end_v2(s.account_id, p_id, p_created, NULL, 'token_reused', 'system', p_place, p_request_id, p_trace_id, p_now, p_real);
            PERFORM notification.queue_v2(gen_random_uuid(), 'token_reused', 'subject', p_id, s.account_id, 'token_reused:' || p_id, NULL, false, p_request_id, p_trace_id, p_now);
            RETURN QUERY SELECT 'reused', s.account_id, v_staff, '', s.second_factor, s.fresh_at, s.expires_at;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT 'ok', s.account_id, v_staff, CASE WHEN v_staff THEN identity.permissions_of(s.account_id) ELSE '' END, s.second_factor, s.fresh_at, s.expires_at;
END
$$;
REVOKE ALL ON FUNCTION identity.session_refresh_v1(uuid, timestamptz, bytea, bytea, text, int, int, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.session_refresh_v1(uuid, timestamptz, bytea, bytea, text, int, int, text, text, timestamptz, timestamptz) TO souk_user;
REVOKE ALL ON FUNCTION identity.session_raise_v2(uuid, uuid, timestamptz, bytea, boolean, text, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.session_raise_v2(uuid, uuid, timestamptz, bytea, boolean, text, text, text, text, timestamptz, timestamptz)
    TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.session_end_v2(uuid, uuid, timestamptz, uuid, text, text, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.session_end_v2(uuid, uuid, timestamptz, uuid, text, text, text, text, text, timestamptz, timestamptz)
    TO souk_user, souk_admin, souk_jobs_core;
REVOKE ALL ON FUNCTION identity.session_open_v2(uuid, timestamptz, uuid, text, bytea, text, timestamptz, boolean, text, text, timestamptz, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.session_open_v2(uuid, timestamptz, uuid, text, bytea, text, timestamptz, boolean, text, text, timestamptz, text, text, text, timestamptz)
    TO souk_user, souk_admin;
