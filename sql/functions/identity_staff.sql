-- Roles, who has them, and keys of programs. Expected refusals are a word that the function returns.
SET LOCAL ROLE own_identity;

-- Is this the only active account that may do everything? Whoever takes an owner away asks first, in the same transaction.
CREATE OR REPLACE FUNCTION identity.last_owner_v1(p_account uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_owner uuid;
BEGIN
    SELECT r.id INTO STRICT v_owner FROM identity.role r WHERE r.name = 'owner' FOR UPDATE;          -- two who take each other away wait for each other
    RETURN EXISTS (SELECT FROM identity.account_role ar WHERE ar.role_id = v_owner AND ar.account_id = p_account)
        AND NOT EXISTS (SELECT FROM identity.account_role ar JOIN identity.account a ON a.id = ar.account_id
                        WHERE ar.role_id = v_owner AND ar.account_id <> p_account AND a.status = 'active' AND a.staff);
END
$$;

-- Gives an account exactly these roles (none: it is staff no more). ok | not_found | unknown_role | last_owner | changed (somebody was faster).
CREATE OR REPLACE FUNCTION identity.staff_roles_v2(p_account uuid, p_version int, p_roles text[], p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz,
                                                   p_real timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_version int;
    v_before text[];
    v_ids uuid[];
    v_staff boolean := cardinality(p_roles) > 0;
BEGIN
    SELECT a.version INTO v_version FROM identity.account a WHERE a.id = p_account AND a.status <> 'erased' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not_found';
    END IF;
    IF p_version IS NOT NULL AND p_version <> v_version THEN
        RETURN 'changed';
    END IF;
    SELECT array_agg(r.id) INTO v_ids FROM identity.role r WHERE r.name = ANY (p_roles);
    IF coalesce(cardinality(v_ids), 0) <> (SELECT count(DISTINCT n.name) FROM unnest(p_roles) AS n(name)) THEN
        RETURN 'unknown_role';
    END IF;
    IF NOT 'owner' = ANY (p_roles) AND identity.last_owner_v1(p_account) THEN
        RETURN 'last_owner';
    END IF;
    SELECT coalesce(array_agg(r.name ORDER BY r.name), '{}') INTO v_before
        FROM identity.account_role ar JOIN identity.role r ON r.id = ar.role_id WHERE ar.account_id = p_account;
    DELETE FROM identity.account_role ar WHERE ar.account_id = p_account AND NOT ar.role_id = ANY (coalesce(v_ids, '{}'));
    INSERT INTO identity.account_role (account_id, role_id, granted_by, created_at)
        SELECT p_account, i.id, p_actor, p_now FROM unnest(v_ids) AS i(id) ON CONFLICT DO NOTHING;
    UPDATE identity.account a SET staff = v_staff, version = a.version + 1, updated_at = p_now WHERE a.id = p_account;
    PERFORM identity.session_forget_v1(p_account, p_real);
    PERFORM platform.audit_v1(p_actor, 'staff.roles_changed', 'account', p_account, jsonb_build_object('before', v_before, 'after', p_roles)
                              || jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.staff_roles_v1(p_account uuid, p_version int, p_roles text[], p_actor text, p_request_id text, p_trace_id text,
    p_now timestamptz, p_real timestamptz)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.staff_roles_v2(p_account, p_version, p_roles, p_actor, NULL, p_request_id, p_trace_id, p_now, p_real)
$$;

-- A role of the shop's own, made (p_version null) or changed. ok | not_found | exists | builtin | changed. Everybody who has it is looked at again.
CREATE OR REPLACE FUNCTION identity.role_put_v2(p_id uuid, p_version int, p_name text, p_title text, p_permissions text[], p_actor text, p_place text, p_request_id text,
                                                p_trace_id text, p_now timestamptz, p_real timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r identity.role;
BEGIN
    IF p_version IS NULL THEN
        INSERT INTO identity.role (id, name, title, permissions, created_at, updated_at) VALUES (p_id, p_name, p_title, p_permissions, p_now, p_now)
            ON CONFLICT (name) DO NOTHING;
        IF NOT FOUND THEN
            RETURN 'exists';
        END IF;
    ELSE
        SELECT x.* INTO r FROM identity.role x WHERE x.id = p_id FOR UPDATE;
        IF NOT FOUND THEN
            RETURN 'not_found';
        ELSIF r.builtin THEN
            RETURN 'builtin';
        ELSIF r.version <> p_version THEN
            RETURN 'changed';
        END IF;
        UPDATE identity.role x SET title = p_title, permissions = p_permissions, version = x.version + 1, updated_at = p_now WHERE x.id = p_id;
        INSERT INTO identity.revocation (account_id, session_id, created_at) SELECT ar.account_id, NULL, p_real FROM identity.account_role ar WHERE ar.role_id = p_id;
    END IF;
    PERFORM platform.audit_v1(p_actor, CASE WHEN p_version IS NULL THEN 'role.created' ELSE 'role.changed' END, 'role', p_id,
                              jsonb_build_object('name', coalesce(r.name, p_name), 'before', r.permissions, 'after', p_permissions)
                              || jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.role_put_v1(p_id uuid, p_version int, p_name text, p_title text, p_permissions text[], p_actor text, p_request_id text,
    p_trace_id text, p_now timestamptz, p_real timestamptz)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.role_put_v2(p_id, p_version, p_name, p_title, p_permissions, p_actor, NULL, p_request_id, p_trace_id, p_now, p_real)
$$;

-- ok | not_found | builtin | in_use
CREATE OR REPLACE FUNCTION identity.role_delete_v2(p_id uuid, p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r identity.role;
BEGIN
    SELECT x.* INTO r FROM identity.role x WHERE x.id = p_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not_found';
    ELSIF r.builtin THEN
        RETURN 'builtin';
    ELSIF EXISTS (SELECT FROM identity.account_role ar WHERE ar.role_id = p_id)
          OR EXISTS (SELECT FROM identity.provider p CROSS JOIN LATERAL jsonb_each(p.group_roles) g WHERE g.value ? r.name) THEN      -- another role of this name would be the group's
        RETURN 'in_use';
    END IF;
    DELETE FROM identity.role x WHERE x.id = p_id;
    PERFORM platform.audit_v1(p_actor, 'role.deleted', 'role', p_id, jsonb_build_object('name', r.name, 'before', r.permissions)
                              || jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
    RETURN 'ok';
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.role_delete_v1(p_id uuid, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.role_delete_v2(p_id, p_actor, NULL, p_request_id, p_trace_id, p_now)
$$;

-- --- keys of programs -------------------------------------------------------------------------------------------------
CREATE OR REPLACE FUNCTION identity.api_key_create_v2(p_id uuid, p_kind text, p_name text, p_hash bytea, p_hint text, p_permissions text[], p_origins text[],
                                                      p_expires timestamptz, p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO identity.api_key (id, kind, name, secret_hash, hint, permissions, origins, created_by, expires_at, created_at, updated_at)
        VALUES (p_id, p_kind, p_name, p_hash, p_hint, p_permissions, p_origins, p_actor, p_expires, p_now, p_now);
    PERFORM platform.audit_v1(p_actor, 'api_key.created', 'api_key', p_id, jsonb_build_object('kind', p_kind, 'name', p_name, 'permissions', p_permissions,
                              'origins', p_origins, 'expires_at', p_expires) || jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.api_key_create_v1(p_id uuid, p_kind text, p_name text, p_hash bytea, p_hint text, p_permissions text[], p_origins text[],
    p_expires timestamptz, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.api_key_create_v2(p_id, p_kind, p_name, p_hash, p_hint, p_permissions, p_origins, p_expires, p_actor, NULL, p_request_id, p_trace_id, p_now)
$$;

-- Somebody still has a key that is over: written down at the first time, then at most once an hour.
CREATE OR REPLACE FUNCTION identity.api_key_refused(p_key identity.api_key, p_place text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE identity.api_key x SET last_used_at = p_now
        WHERE x.id = p_key.id AND (x.last_used_at IS NULL OR x.last_used_at < least(x.revoked_at, x.expires_at) OR x.last_used_at < p_now - interval '1 hour');
    IF FOUND THEN
        PERFORM platform.audit_v1('key', 'api_key.refused', 'api_key', p_key.id,
                                  jsonb_build_object('place', p_place, 'reason', CASE WHEN p_key.revoked_at IS NULL THEN 'expired' ELSE 'revoked' END), p_request_id, p_trace_id, p_now);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION identity.api_key_refused(identity.api_key, text, text, text, timestamptz) FROM PUBLIC;

-- What a key is worth now; no row: nothing. Its last use is written at most once a minute, and told to the audit trail at most once an hour.
CREATE OR REPLACE FUNCTION identity.api_key_use_v1(p_hash bytea, p_place text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS TABLE(id uuid, kind text, permissions text, origins text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    k identity.api_key;
    v_written boolean := false;
BEGIN
    SELECT x.* INTO k FROM identity.api_key x WHERE x.secret_hash = p_hash;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF k.revoked_at IS NOT NULL OR k.expires_at <= p_now THEN
        PERFORM identity.api_key_refused(k, p_place, p_request_id, p_trace_id, p_now);
        RETURN;
    END IF;
    IF k.last_used_at IS NULL OR k.last_used_at < p_now - interval '1 minute' THEN
        UPDATE identity.api_key x SET last_used_at = p_now WHERE x.id = k.id AND x.last_used_at IS NOT DISTINCT FROM k.last_used_at;
        v_written := FOUND;
    END IF;
    IF v_written AND (k.last_used_at IS NULL OR date_trunc('hour', k.last_used_at, 'UTC') < date_trunc('hour', p_now, 'UTC')) THEN
        PERFORM platform.audit_v1('key', 'api_key.used', 'api_key', k.id, jsonb_build_object('place', p_place), p_request_id, p_trace_id, p_now);
    END IF;
    RETURN QUERY SELECT k.id, k.kind, array_to_string(k.permissions, ' '), array_to_string(k.origins, ' ');
END
$$;

-- False: there is no such key. Revoking twice is fine.
CREATE OR REPLACE FUNCTION identity.api_key_revoke_v2(p_id uuid, p_actor text, p_place text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE identity.api_key x SET revoked_at = p_now, version = x.version + 1, updated_at = p_now WHERE x.id = p_id AND x.revoked_at IS NULL;
    IF FOUND THEN
        PERFORM platform.audit_v1(p_actor, 'api_key.revoked', 'api_key', p_id, jsonb_strip_nulls(jsonb_build_object('place', p_place)), p_request_id, p_trace_id, p_now);
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM identity.api_key x WHERE x.id = p_id);
END
$$;

-- For programs of before: no address.
CREATE OR REPLACE FUNCTION identity.api_key_revoke_v1(p_id uuid, p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT identity.api_key_revoke_v2(p_id, p_actor, NULL, p_request_id, p_trace_id, p_now)
$$;

REVOKE ALL ON FUNCTION identity.last_owner_v1(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.staff_roles_v1(uuid, int, text[], text, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.role_put_v1(uuid, int, text, text, text[], text, text, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.role_delete_v1(uuid, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.api_key_create_v1(uuid, text, text, bytea, text, text[], text[], timestamptz, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.api_key_use_v1(bytea, text, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.api_key_revoke_v1(uuid, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.last_owner_v1(uuid) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.staff_roles_v1(uuid, int, text[], text, text, text, timestamptz, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.role_put_v1(uuid, int, text, text, text[], text, text, text, timestamptz, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.role_delete_v1(uuid, text, text, text, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.api_key_create_v1(uuid, text, text, bytea, text, text[], text[], timestamptz, text, text, text, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.api_key_use_v1(bytea, text, text, text, timestamptz)
    TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin;
GRANT EXECUTE ON FUNCTION identity.api_key_revoke_v1(uuid, text, text, text, timestamptz) TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.staff_roles_v2(uuid, int, text[], text, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.staff_roles_v2(uuid, int, text[], text, text, text, text, timestamptz, timestamptz) TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.role_put_v2(uuid, int, text, text, text[], text, text, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.role_put_v2(uuid, int, text, text, text[], text, text, text, text, timestamptz, timestamptz) TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.role_delete_v2(uuid, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.role_delete_v2(uuid, text, text, text, text, timestamptz) TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.api_key_create_v2(uuid, text, text, bytea, text, text[], text[], timestamptz, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.api_key_create_v2(uuid, text, text, bytea, text, text[], text[], timestamptz, text, text, text, text, timestamptz)
    TO souk_user, souk_admin;
REVOKE ALL ON FUNCTION identity.api_key_revoke_v2(uuid, text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.api_key_revoke_v2(uuid, text, text, text, text, timestamptz) TO souk_user, souk_admin;
