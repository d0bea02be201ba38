-- Challenges, tries and the beginning of accounts. Whatever an outsider may start costs the same for addresses that are known and for others.
SET LOCAL ROLE own_identity;

-- A challenge and the mail that it owes. An address gets p_sends mails an hour for one purpose; a row beyond that is made all the same, but nothing is sent and no code of it
-- counts (sends = 0). True: a mail is owed.
CREATE OR REPLACE FUNCTION identity.challenge_begin_v1(p_id uuid, p_purpose text, p_account uuid, p_email_hash bytea, p_email bytea, p_name bytea, p_password text,
    p_browser_hash bytea, p_data jsonb, p_locale text, p_mail text, p_decoy boolean, p_message uuid, p_sends int, p_expires timestamptz, p_request_id text, p_trace_id text,
    p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_sent bigint := 0;
    v_send boolean;
BEGIN
    IF p_mail IS NOT NULL AND p_email_hash IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_email_hash, 'hex'), 1));     -- requests at once get no more mails than requests in turn
        SELECT coalesce(sum(c.sends), 0) INTO v_sent FROM identity.challenge c
            WHERE c.email_hash = p_email_hash AND c.purpose = p_purpose AND c.created_at > p_now - interval '1 hour';
    END IF;
    v_send := p_mail IS NOT NULL AND v_sent < p_sends;
    INSERT INTO identity.challenge (id, purpose, account_id, email_hash, email, name, password, browser_hash, data, locale, mail, decoy, sends, sent_at, expires_at,
                                    created_at, updated_at)
    VALUES (p_id, p_purpose, p_account, p_email_hash, p_email, p_name, p_password, p_browser_hash, coalesce(p_data, '{}'), p_locale, p_mail, p_decoy,
            CASE WHEN v_send THEN 1 ELSE 0 END, CASE WHEN v_send THEN p_now END, p_expires, p_now, p_now);
    IF v_send THEN
        PERFORM notification.queue_v2(p_message, p_mail, 'challenge', p_id, p_account, p_mail || ':' || p_id || ':1', p_locale, p_email IS NULL AND p_account IS NULL,
                                      p_request_id, p_trace_id, p_now);
    END IF;
    RETURN v_send;
END $$;

-- Once more, with a new code and new tries. False: nothing is sent.
CREATE OR REPLACE FUNCTION identity.challenge_resend_v1(p_id uuid, p_purpose text, p_browser_hash bytea, p_message uuid, p_sends int, p_request_id text, p_trace_id text,
    p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c identity.challenge;
    v_sent bigint;
BEGIN
    SELECT x.* INTO c FROM identity.challenge x
        WHERE x.id = p_id AND x.purpose = p_purpose AND x.browser_hash = p_browser_hash AND x.used_at IS NULL AND x.expires_at > p_now AND x.mail IS NOT NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(c.email_hash, 'hex'), 1));
    SELECT coalesce(sum(x.sends), 0) INTO v_sent FROM identity.challenge x
        WHERE x.email_hash = c.email_hash AND x.purpose = p_purpose AND x.created_at > p_now - interval '1 hour';
    UPDATE identity.challenge x SET sends = x.sends + 1, sent_at = p_now, tries = 0, version = x.version + 1, updated_at = p_now
        WHERE x.id = p_id AND x.used_at IS NULL AND x.sends < p_sends AND v_sent < p_sends RETURNING * INTO c;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    RETURN notification.queue_v2(p_message, c.mail, 'challenge', p_id, c.account_id, c.mail || ':' || p_id || ':' || c.sends, c.locale, c.email IS NULL AND c.account_id IS NULL,
                                 p_request_id, p_trace_id, p_now);
END $$;

-- Counts a try for each key, or says how many seconds to wait: then nothing is counted. Refusing, counting and locking happen under the locks of the rows,
-- taken in the order of the keys. p_free: tries before a key locks; p_refill_s: the time in which a key forgets one try (0: never, but all of them after a day).
CREATE OR REPLACE FUNCTION identity.throttle_try_v1(p_keys bytea[], p_free int[], p_refill_s int[], p_max_s int, p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    k record;
    t identity.throttle;
    v_failures int;
    v_wait int := 0;
BEGIN
    FOR k IN SELECT x.key, x.free, x.refill_s FROM unnest(p_keys, p_free, p_refill_s) x(key, free, refill_s) ORDER BY x.key LOOP
        INSERT INTO identity.throttle AS r (key, failures, updated_at) VALUES (k.key, 0, p_now) ON CONFLICT (key) DO UPDATE SET failures = r.failures RETURNING * INTO t;
        IF t.locked_until > p_now THEN
            v_wait := greatest(v_wait, ceil(extract(epoch FROM t.locked_until - p_now))::int);
        END IF;
    END LOOP;
    IF v_wait > 0 THEN
        RETURN v_wait;
    END IF;
    FOR k IN SELECT x.key, x.free, x.refill_s FROM unnest(p_keys, p_free, p_refill_s) x(key, free, refill_s) ORDER BY x.key LOOP
        SELECT r.* INTO STRICT t FROM identity.throttle r WHERE r.key = k.key;
        v_failures := CASE WHEN t.updated_at < p_now - interval '1 day' THEN 0
                           WHEN k.refill_s > 0 THEN greatest(0, t.failures - (greatest(0, extract(epoch FROM p_now - t.updated_at)) / k.refill_s)::int)
                           ELSE t.failures END + 1;
        UPDATE identity.throttle r SET failures = v_failures, updated_at = p_now,
            told_at = CASE WHEN v_failures > 1 THEN r.told_at END,
            locked_until = CASE WHEN v_failures >= k.free
                                THEN p_now + least(p_max_s, (1::bigint << least(v_failures - k.free, 20))) * interval '1 second' END
            WHERE r.key = k.key;
    END LOOP;
    RETURN 0;
END $$;

-- It was right. The account's key is forgotten, the network's gets the one try back.
CREATE OR REPLACE FUNCTION identity.throttle_clear_v1(p_key bytea, p_network bytea, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM identity.throttle t WHERE t.key IN (p_key, p_network) ORDER BY t.key FOR UPDATE;
    DELETE FROM identity.throttle t WHERE t.key = p_key;
    UPDATE identity.throttle t SET failures = greatest(0, t.failures - 1), locked_until = NULL WHERE t.key = p_network;
END $$;

-- It was never looked at (no thread was free to hash it): the try goes back to each key.
CREATE OR REPLACE FUNCTION identity.throttle_undo_v1(p_keys bytea[], p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_key bytea;
BEGIN
    FOR v_key IN SELECT x.key FROM unnest(p_keys) x(key) ORDER BY x.key LOOP
        UPDATE identity.throttle t SET failures = greatest(0, t.failures - 1), locked_until = NULL WHERE t.key = v_key;
    END LOOP;
END $$;

-- A sign-in that failed: the audit row, and, when the tries are used up, one mail per episode with a link that lifts the lock. p_account null: nobody's address, the same
-- work for nothing.
CREATE OR REPLACE FUNCTION identity.sign_in_failed_v1(p_account uuid, p_email_hash bytea, p_key bytea, p_free int, p_challenge uuid, p_message uuid, p_locale text, p_place text,
    p_request_id text, p_trace_id text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_tell boolean;
BEGIN
    PERFORM platform.audit_v1('guest', 'login.failed', CASE WHEN p_account IS NOT NULL THEN 'account' END, p_account, jsonb_strip_nulls(jsonb_build_object('place', p_place)),
                              p_request_id, p_trace_id, p_now);
    UPDATE identity.throttle t SET told_at = p_now WHERE t.key = p_key AND t.failures >= p_free AND t.told_at IS NULL;
    v_tell := FOUND;
    IF v_tell THEN
        INSERT INTO identity.challenge (id, purpose, account_id, email_hash, data, mail, decoy, sends, sent_at, expires_at, created_at, updated_at)
        VALUES (p_challenge, 'unlock', p_account, p_email_hash, jsonb_strip_nulls(jsonb_build_object('place', p_place)), 'sign_in_locked', p_account IS NULL, 1, p_now,
                p_now + interval '1 day', p_now, p_now);
        PERFORM notification.queue_v2(p_message, 'sign_in_locked', 'challenge', p_challenge, p_account, 'sign_in_locked:' || p_challenge, p_locale, p_account IS NULL,
                                      p_request_id, p_trace_id, p_now);
        PERFORM platform.audit_v1('system', 'login.locked', CASE WHEN p_account IS NOT NULL THEN 'account' END, p_account,
                                  jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    END IF;
    RETURN v_tell;
END $$;

-- An account begins: by a challenge that was met (used up here, once), or, p_challenge null, by whoever vouches for it. p_person exists: an unclaimed person is claimed.
-- ok | used (the challenge) | exists (an account of this address) | claimed (the person belongs to an account by now)
CREATE OR REPLACE FUNCTION identity.account_begin_v2(p_challenge uuid, p_account uuid, p_person uuid, p_email_hash bytea, p_email bytea, p_name bytea, p_phone bytea,
    p_password text, p_locale text, p_verified boolean, p_staff boolean, p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_email_hash IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_email_hash, 'hex'), 2));
        IF EXISTS (SELECT FROM identity.account a WHERE a.email_hash = p_email_hash) THEN
            RETURN 'exists';
        END IF;
    END IF;
    PERFORM 1 FROM identity.person p WHERE p.id = p_person AND p.account_id IS NULL AND p.erased_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'claimed';
    END IF;
    IF p_challenge IS NOT NULL THEN
        UPDATE identity.challenge c SET used_at = p_now, account_id = p_account, password = NULL, email = NULL, name = NULL, version = c.version + 1, updated_at = p_now
            WHERE c.id = p_challenge AND c.used_at IS NULL AND c.expires_at > p_now AND NOT c.decoy;
        IF NOT FOUND THEN
            RETURN 'used';
        END IF;
    END IF;
    INSERT INTO identity.account (id, person_id, email_hash, email, email_verified_at, name, phone, staff, password, password_changed_at, locale, event_seq, created_at, updated_at)
    VALUES (p_account, p_person, p_email_hash, p_email, CASE WHEN p_verified AND p_email_hash IS NOT NULL THEN p_now END, p_name, p_phone, p_staff, p_password,
            CASE WHEN p_password IS NOT NULL THEN p_now END, p_locale, 1, p_now, p_now);
    UPDATE identity.person p SET kind = 'claimed', account_id = p_account, version = p.version + 1, updated_at = p_now WHERE p.id = p_person;
    PERFORM platform.emit_v1('account', p_account, 1, 'customer.created', 1, jsonb_build_object('account_id', p_account), p_actor, p_request_id, p_trace_id, p_now);
    PERFORM platform.audit_v1(p_actor, 'account.created', 'account', p_account,
                              jsonb_strip_nulls(jsonb_build_object('verified', p_verified, 'staff', p_staff, 'place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.account_begin_v1(p_challenge uuid, p_account uuid, p_person uuid, p_email_hash bytea, p_email bytea, p_name bytea,
    p_phone bytea, p_password text, p_locale text, p_verified boolean, p_staff boolean, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.account_begin_v2(p_challenge, p_account, p_person, p_email_hash, p_email, p_name, p_phone, p_password, p_locale, p_verified, p_staff, p_actor,
        NULL, p_request_id, p_trace_id, p_now)
$$;

-- A person of its own for an account without a proven address. Its key is made by the caller, before.
CREATE OR REPLACE FUNCTION identity.person_make_v1(p_id uuid, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO identity.person (id, kind, created_at, updated_at) VALUES (p_id, 'claimed', p_now, p_now);
$$;

-- The guests of a proven address become the account's. All persons of the account.
CREATE OR REPLACE FUNCTION identity.claim_guests_v1(p_account uuid, p_now timestamptz) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE identity.person p SET kind = 'claimed', account_id = p_account, version = p.version + 1, updated_at = p_now
        FROM identity.account a WHERE a.id = p_account AND a.status = 'active' AND a.email_verified_at IS NOT NULL AND p.email_hash = a.email_hash AND p.kind = 'unclaimed';
    RETURN ARRAY(SELECT p.id FROM identity.person p WHERE p.account_id = p_account ORDER BY p.id);
END $$;

-- A new password by a link that was met (used up here) or, p_challenge null, by the account itself. Whatever else was begun for the account is void, locks end, the owner is told.
-- False: the challenge was used or is over, or the account is gone.
CREATE OR REPLACE FUNCTION identity.password_set_v2(p_challenge uuid, p_account uuid, p_password text, p_key bytea, p_message uuid, p_locale text, p_actor text, p_place text,
    p_request_id text, p_trace_id text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c identity.challenge;
BEGIN
    IF p_challenge IS NOT NULL THEN
        UPDATE identity.challenge x SET used_at = p_now, version = x.version + 1, updated_at = p_now
            WHERE x.id = p_challenge AND x.account_id = p_account AND x.used_at IS NULL AND x.expires_at > p_now AND NOT x.decoy RETURNING * INTO c;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END IF;
    UPDATE identity.account a SET password = p_password, password_changed_at = p_now, version = a.version + 1, updated_at = p_now,
        email_verified_at = CASE WHEN c.email_hash = a.email_hash THEN coalesce(a.email_verified_at, p_now) ELSE a.email_verified_at END
        WHERE a.id = p_account AND a.status = 'active';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE identity.challenge x SET used_at = p_now, updated_at = p_now
        WHERE x.account_id = p_account AND x.purpose IN ('reset', 'mfa', 'unlock', 'email') AND x.used_at IS NULL;      -- a change of address that a thief began, too
    DELETE FROM identity.throttle t WHERE t.key = p_key;
    PERFORM notification.queue_v2(p_message, 'password_changed', NULL, NULL, p_account, NULL, p_locale, false, p_request_id, p_trace_id, p_now);
    PERFORM platform.audit_v1(p_actor, CASE WHEN p_challenge IS NULL THEN 'password.changed' ELSE 'password.reset' END, 'account', p_account,
                              jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN true;
END $$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.password_set_v1(p_challenge uuid, p_account uuid, p_password text, p_key bytea, p_message uuid, p_locale text, p_actor text,
    p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.password_set_v2(p_challenge, p_account, p_password, p_key, p_message, p_locale, p_actor, NULL, p_request_id, p_trace_id, p_now)
$$;

-- A new address, by a challenge that was met. Both are told: the new one had the code, the old one gets news. ok | used | exists
CREATE OR REPLACE FUNCTION identity.email_set_v2(p_challenge uuid, p_account uuid, p_email_hash bytea, p_email bytea, p_email_before bytea, p_message uuid, p_locale text,
    p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a identity.account;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_email_hash, 'hex'), 2));
    IF EXISTS (SELECT FROM identity.account x WHERE x.email_hash = p_email_hash AND x.id <> p_account) THEN
        RETURN 'exists';
    END IF;
    UPDATE identity.challenge x SET used_at = p_now, email = NULL, email_before = p_email_before, version = x.version + 1, updated_at = p_now
        WHERE x.id = p_challenge AND x.account_id = p_account AND x.used_at IS NULL AND x.expires_at > p_now AND NOT x.decoy;
    IF NOT FOUND THEN
        RETURN 'used';
    END IF;
    UPDATE identity.account x SET email_hash = p_email_hash, email = p_email, email_verified_at = p_now, version = x.version + 1, event_seq = x.event_seq + 1, updated_at = p_now
        WHERE x.id = p_account AND x.status = 'active' RETURNING * INTO a;
    IF NOT FOUND THEN
        RETURN 'used';
    END IF;
    UPDATE identity.challenge x SET used_at = p_now, updated_at = p_now
        WHERE x.account_id = p_account AND x.purpose IN ('reset', 'email', 'unlock') AND x.used_at IS NULL;      -- links that went to the old address
    PERFORM platform.emit_v1('account', p_account, a.event_seq, 'customer.updated', 1, jsonb_build_object('account_id', p_account, 'changed', 'email'), p_actor, p_request_id,
                             p_trace_id, p_now);
    IF p_email_before IS NOT NULL THEN
        PERFORM notification.queue_v2(p_message, 'email_changed', 'challenge', p_challenge, p_account, 'email_changed:' || p_challenge, p_locale, false, p_request_id, p_trace_id,
                                      p_now);
    END IF;
    PERFORM platform.audit_v1(p_actor, 'email.changed', 'account', p_account, jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.email_set_v1(p_challenge uuid, p_account uuid, p_email_hash bytea, p_email bytea, p_email_before bytea, p_message uuid,
    p_locale text, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.email_set_v2(p_challenge, p_account, p_email_hash, p_email, p_email_before, p_message, p_locale, p_actor, NULL, p_request_id, p_trace_id, p_now)
$$;

-- Rows that nothing can ask for any more.
CREATE OR REPLACE FUNCTION identity.challenge_purge_v1(p_limit int, p_now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_challenges int;
    v_tries int;
    v_devices int;
    v_apps int;
BEGIN
    DELETE FROM identity.challenge c WHERE c.id IN (SELECT x.id FROM identity.challenge x WHERE x.expires_at < p_now - interval '1 day' LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_challenges = ROW_COUNT;
    DELETE FROM identity.throttle t WHERE t.key IN (SELECT x.key FROM identity.throttle x WHERE x.updated_at < p_now - interval '2 days' LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_tries = ROW_COUNT;
    DELETE FROM identity.trusted_device d WHERE d.id IN (SELECT x.id FROM identity.trusted_device x WHERE x.expires_at < p_now LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_devices = ROW_COUNT;
    DELETE FROM identity.totp t
    WHERE t.id IN (SELECT x.id FROM identity.totp x WHERE x.confirmed_at IS NULL AND x.updated_at < p_now - interval '1 day' LIMIT p_limit FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_apps = ROW_COUNT;
    RETURN v_challenges + v_tries + v_devices + v_apps;
END $$;

REVOKE ALL ON FUNCTION identity.challenge_begin_v1(uuid, text, uuid, bytea, bytea, bytea, text, bytea, jsonb, text, text, boolean, uuid, int, timestamptz, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.challenge_resend_v1(uuid, text, bytea, uuid, int, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.throttle_try_v1(bytea[], int[], int[], int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.throttle_clear_v1(bytea, bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.throttle_undo_v1(bytea[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.throttle_undo_v1(bytea[], timestamptz) TO souk_user;
REVOKE ALL ON FUNCTION identity.sign_in_failed_v1(uuid, bytea, bytea, int, uuid, uuid, text, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.account_begin_v1(uuid, uuid, uuid, bytea, bytea, bytea, bytea, text, text, boolean, boolean, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.person_make_v1(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.claim_guests_v1(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.password_set_v1(uuid, uuid, text, bytea, uuid, text, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.email_set_v1(uuid, uuid, bytea, bytea, bytea, uuid, text, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.challenge_purge_v1(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.challenge_begin_v1(uuid, text, uuid, bytea, bytea, bytea, text, bytea, jsonb, text, text, boolean, uuid, int, timestamptz, text, text, timestamptz)
    TO souk_user, souk_admin, souk_jobs_core;
GRANT EXECUTE ON FUNCTION identity.challenge_resend_v1(uuid, text, bytea, uuid, int, text, text, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.throttle_try_v1(bytea[], int[], int[], int, timestamptz) TO souk_user;
GRANT EXECUTE ON FUNCTION identity.throttle_clear_v1(bytea, bytea, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.sign_in_failed_v1(uuid, bytea, bytea, int, uuid, uuid, text, text, text, text, timestamptz) TO souk_user;
GRANT EXECUTE ON FUNCTION identity.account_begin_v1(uuid, uuid, uuid, bytea, bytea, bytea, bytea, text, text, boolean, boolean, text, text, text, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.person_make_v1(uuid, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.claim_guests_v1(uuid, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.password_set_v1(uuid, uuid, text, bytea, uuid, text, text, text, text, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.email_set_v1(uuid, uuid, bytea, bytea, bytea, uuid, text, text, text, text, timestamptz) TO souk_user;
GRANT EXECUTE ON FUNCTION identity.challenge_purge_v1(int, timestamptz) TO souk_jobs_core;
REVOKE ALL ON FUNCTION identity.account_begin_v2(uuid, uuid, uuid, bytea, bytea, bytea, bytea, text, text, boolean, boolean, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.account_begin_v2(uuid, uuid, uuid, bytea, bytea, bytea, bytea, text, text, boolean, boolean, text, text, text, text, timestamptz)
    TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.password_set_v2(uuid, uuid, text, bytea, uuid, text, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.password_set_v2(uuid, uuid, text, bytea, uuid, text, text, text, text, text, timestamptz) TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.email_set_v2(uuid, uuid, bytea, bytea, bytea, uuid, text, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.email_set_v2(uuid, uuid, bytea, bytea, bytea, uuid, text, text, text, text, text, timestamptz) TO souk_user;
