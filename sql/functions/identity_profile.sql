-- The profile, the address book and consents of an account. What is personal arrives sealed.
SET LOCAL ROLE own_identity;

-- An event of an account, counted on its own row: customer.{created,updated,erased}.
CREATE OR REPLACE FUNCTION identity.customer_event_v1(p_account uuid, p_type text, p_payload jsonb, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_seq bigint;
BEGIN
    UPDATE identity.account SET event_seq = event_seq + 1 WHERE id = p_account RETURNING event_seq INTO STRICT v_seq;
    PERFORM platform.emit_v1('account', p_account, v_seq, p_type, 1, jsonb_build_object('account_id', p_account) || p_payload, p_actor, p_request_id, p_trace_id, p_now);
END $$;
REVOKE ALL ON FUNCTION identity.customer_event_v1(uuid, text, jsonb, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.customer_event_v1(uuid, text, jsonb, text, text, text, timestamptz) TO souk_user, souk_admin;

-- The version that the account has now; 0: there is no such active account; -1: it has another version than p_version.
CREATE OR REPLACE FUNCTION identity.profile_put_v1(p_account uuid, p_version int, p_name bytea, p_phone bytea, p_locale text, p_preferences jsonb, p_actor text,
                                                   p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_version int;
BEGIN
    SELECT a.version INTO v_version FROM identity.account a WHERE a.id = p_account AND a.status = 'active' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF v_version <> p_version THEN
        RETURN -1;
    END IF;
    UPDATE identity.account SET name = p_name, phone = p_phone, locale = p_locale, preferences = p_preferences, version = version + 1, updated_at = p_now
        WHERE id = p_account RETURNING version INTO v_version;
    PERFORM identity.customer_event_v1(p_account, 'customer.updated', jsonb_build_object('version', v_version), p_actor, p_request_id, p_trace_id, p_now);
    RETURN v_version;
END $$;
REVOKE ALL ON FUNCTION identity.profile_put_v1(uuid, int, bytea, bytea, text, jsonb, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.profile_put_v1(uuid, int, bytea, bytea, text, jsonb, text, text, text, timestamptz) TO souk_user, souk_admin;

-- --- the address book -------------------------------------------------------------------------------------------------------
-- Who becomes a default takes it from the one before. The account's row is the lock of its book.
CREATE OR REPLACE FUNCTION identity.address_free_default(p_account uuid, p_shipping boolean, p_billing boolean, p_now timestamptz)
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE identity.address SET default_shipping = default_shipping AND NOT p_shipping, default_billing = default_billing AND NOT p_billing, version = version + 1,
           updated_at = p_now
        WHERE account_id = p_account AND ((default_shipping AND p_shipping) OR (default_billing AND p_billing));
$$;
REVOKE ALL ON FUNCTION identity.address_free_default(uuid, boolean, boolean, timestamptz) FROM PUBLIC;

-- ok, full, gone (no such active account).
CREATE OR REPLACE FUNCTION identity.address_add_v1(p_account uuid, p_id uuid, p_label bytea, p_address bytea, p_phone bytea, p_country text, p_area text,
                                                   p_shipping boolean, p_billing boolean, p_most int, p_now timestamptz)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_count int;
BEGIN
    PERFORM 1 FROM identity.account a WHERE a.id = p_account AND a.status = 'active' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    SELECT count(*) INTO v_count FROM identity.address x WHERE x.account_id = p_account;
    IF v_count >= p_most THEN
        RETURN 'full';
    END IF;
    PERFORM identity.address_free_default(p_account, p_shipping, p_billing, p_now);
    INSERT INTO identity.address (id, account_id, label, address, phone, country, postal_area, default_shipping, default_billing, created_at, updated_at)
        VALUES (p_id, p_account, p_label, p_address, p_phone, p_country, p_area, p_shipping OR v_count = 0, p_billing OR v_count = 0, p_now, p_now);
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION identity.address_add_v1(uuid, uuid, bytea, bytea, bytea, text, text, boolean, boolean, int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.address_add_v1(uuid, uuid, bytea, bytea, bytea, text, text, boolean, boolean, int, timestamptz) TO souk_user;

-- The version that the address has now; 0: the account has no such address; -1: it has another version than p_version. A default is given, never taken.
CREATE OR REPLACE FUNCTION identity.address_put_v1(p_account uuid, p_id uuid, p_version int, p_label bytea, p_address bytea, p_phone bytea, p_country text, p_area text,
                                                   p_shipping boolean, p_billing boolean, p_now timestamptz)
    RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_row identity.address;
BEGIN
    PERFORM 1 FROM identity.account a WHERE a.id = p_account AND a.status = 'active' FOR NO KEY UPDATE;
    SELECT * INTO v_row FROM identity.address x WHERE x.id = p_id AND x.account_id = p_account;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF v_row.version <> p_version THEN
        RETURN -1;
    END IF;
    PERFORM identity.address_free_default(p_account, p_shipping AND NOT v_row.default_shipping, p_billing AND NOT v_row.default_billing, p_now);
    UPDATE identity.address SET label = p_label, address = p_address, phone = p_phone, country = p_country, postal_area = p_area,
           default_shipping = default_shipping OR p_shipping, default_billing = default_billing OR p_billing, version = p_version + 1, updated_at = p_now
        WHERE id = p_id;
    RETURN p_version + 1;
END $$;
REVOKE ALL ON FUNCTION identity.address_put_v1(uuid, uuid, int, bytea, bytea, bytea, text, text, boolean, boolean, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.address_put_v1(uuid, uuid, int, bytea, bytea, bytea, text, text, boolean, boolean, timestamptz) TO souk_user;

-- False: the account has no such address. The oldest one left inherits a default.
CREATE OR REPLACE FUNCTION identity.address_remove_v1(p_account uuid, p_id uuid, p_now timestamptz)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_row identity.address;
BEGIN
    PERFORM 1 FROM identity.account a WHERE a.id = p_account FOR NO KEY UPDATE;
    DELETE FROM identity.address x WHERE x.id = p_id AND x.account_id = p_account RETURNING * INTO v_row;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF v_row.default_shipping OR v_row.default_billing THEN
        UPDATE identity.address SET default_shipping = default_shipping OR v_row.default_shipping, default_billing = default_billing OR v_row.default_billing,
               version = version + 1, updated_at = p_now
            WHERE id = (SELECT x.id FROM identity.address x WHERE x.account_id = p_account ORDER BY x.created_at, x.id LIMIT 1);
    END IF;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION identity.address_remove_v1(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.address_remove_v1(uuid, uuid, timestamptz) TO souk_user;

-- --- consents -----------------------------------------------------------------------------------------------------------------
-- Adds a word unless the last one of this purpose says the same of the same text. ok, same, gone.
CREATE OR REPLACE FUNCTION identity.consent_v1(p_account uuid, p_id uuid, p_purpose text, p_granted boolean, p_text_version int, p_source text, p_actor text,
                                               p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_last identity.consent;
BEGIN
    PERFORM 1 FROM identity.account a WHERE a.id = p_account AND a.status = 'active' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    SELECT * INTO v_last FROM identity.consent x WHERE x.account_id = p_account AND x.purpose = p_purpose ORDER BY x.n DESC LIMIT 1;
    IF FOUND AND v_last.granted = p_granted AND (v_last.text_version = p_text_version OR NOT p_granted) THEN
        RETURN 'same';
    END IF;
    IF v_last.id IS NULL AND NOT p_granted THEN
        RETURN 'same';
    END IF;
    INSERT INTO identity.consent (id, account_id, n, purpose, granted, text_version, source, actor, request_id, created_at)
        VALUES (p_id, p_account, coalesce(v_last.n, 0) + 1, p_purpose, p_granted, p_text_version, p_source, p_actor, p_request_id, p_now);
    PERFORM identity.customer_event_v1(p_account, 'customer.updated', jsonb_build_object('consent', p_purpose, 'granted', p_granted), p_actor, p_request_id,
                                       p_trace_id, p_now);
    RETURN 'ok';
END $$;
REVOKE ALL ON FUNCTION identity.consent_v1(uuid, uuid, text, boolean, int, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.consent_v1(uuid, uuid, text, boolean, int, text, text, text, text, timestamptz) TO souk_user, souk_admin;
