-- Accounts by the thousand: imports.
SET LOCAL ROLE own_identity;

-- What is personal arrives sealed, under keys that are stored already. An address that has an account is passed over.
CREATE OR REPLACE FUNCTION identity.users_import_v2(p_ids uuid[], p_persons uuid[], p_hashes bytea[], p_emails bytea[], p_names bytea[], p_phones bytea[],
                                                    p_verified boolean[], p_disabled boolean[], p_passwords text[], p_locales text[], p_created timestamptz[], p_actor text,
                                                    p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS TABLE (id uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR i IN 1 .. cardinality(p_ids) LOOP
        CONTINUE WHEN EXISTS (SELECT FROM identity.account a WHERE a.email_hash = p_hashes[i]);
        INSERT INTO identity.person (id, kind, email_hash, account_id, created_at, updated_at) VALUES (p_persons[i], 'claimed', p_hashes[i], p_ids[i], p_now, p_now);
        INSERT INTO identity.account (id, person_id, email_hash, email, email_verified_at, name, phone, status, password, password_changed_at, locale, event_seq, created_at, updated_at)
            VALUES (p_ids[i], p_persons[i], p_hashes[i], p_emails[i], CASE WHEN p_verified[i] THEN p_now END, p_names[i], p_phones[i],
                    CASE WHEN p_disabled[i] THEN 'disabled' ELSE 'active' END, p_passwords[i],
                    CASE WHEN p_passwords[i] IS NOT NULL THEN p_now END, p_locales[i], 1, p_created[i], p_now)
            ON CONFLICT (email_hash) DO NOTHING;
        IF NOT FOUND THEN                                        -- somebody registered it this moment
            DELETE FROM identity.person p WHERE p.id = p_persons[i];
            CONTINUE;
        END IF;
        PERFORM platform.emit_v1('account', p_ids[i], 1, 'customer.created', 1, jsonb_build_object('account_id', p_ids[i], 'by', 'import'), p_actor, p_request_id, p_trace_id, p_now);
        id := p_ids[i];
        RETURN NEXT;
    END LOOP;
END $$;

-- For programs that know nothing of disabled accounts.
CREATE OR REPLACE FUNCTION identity.users_import_v1(p_ids uuid[], p_persons uuid[], p_hashes bytea[], p_emails bytea[], p_names bytea[], p_phones bytea[],
                                                    p_verified boolean[], p_passwords text[], p_locales text[], p_created timestamptz[], p_actor text,
                                                    p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS TABLE (id uuid) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.id FROM identity.users_import_v2(p_ids, p_persons, p_hashes, p_emails, p_names, p_phones, p_verified, array_fill(false, ARRAY[cardinality(p_ids)]), p_passwords,
                                              p_locales, p_created, p_actor, p_request_id, p_trace_id, p_now) u;
$$;
REVOKE ALL ON FUNCTION identity.users_import_v1(uuid[], uuid[], bytea[], bytea[], bytea[], bytea[], boolean[], text[], text[], timestamptz[], text, text, text, timestamptz)
    FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.users_import_v2(uuid[], uuid[], bytea[], bytea[], bytea[], bytea[], boolean[], boolean[], text[], text[], timestamptz[], text, text, text, timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.users_import_v1(uuid[], uuid[], bytea[], bytea[], bytea[], bytea[], boolean[], text[], text[], timestamptz[], text, text, text, timestamptz)
    TO souk_admin;
GRANT EXECUTE ON FUNCTION identity.users_import_v2(uuid[], uuid[], bytea[], bytea[], bytea[], bytea[], boolean[], boolean[], text[], text[], timestamptz[], text, text, text, timestamptz)
    TO souk_admin;

-- ok, same (it is so already), gone, erased, last_owner.
CREATE OR REPLACE FUNCTION identity.account_enable_v1(p_account uuid, p_enabled boolean, p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_status text;
    v_want text := CASE WHEN p_enabled THEN 'active' ELSE 'disabled' END;
BEGIN
    SELECT a.status INTO v_status FROM identity.account a WHERE a.id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    IF v_status = 'erased' THEN
        RETURN 'erased';
    END IF;
    IF v_status = v_want THEN
        RETURN 'same';
    END IF;
    IF NOT p_enabled AND identity.last_owner_v1(p_account) THEN
        RETURN 'last_owner';
    END IF;
    UPDATE identity.account a SET status = v_want, version = a.version + 1, updated_at = p_now WHERE a.id = p_account;
    PERFORM identity.customer_event_v1(p_account, 'customer.updated', jsonb_build_object('status', v_want), p_actor, p_request_id, p_trace_id, p_now);
    PERFORM platform.audit_v1(p_actor, CASE WHEN p_enabled THEN 'account.enabled' ELSE 'account.disabled' END, 'account', p_account,
                              jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION identity.account_enable_v1(uuid, boolean, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.account_enable_v1(uuid, boolean, text, text, text, text, timestamptz) TO souk_user, souk_admin;
