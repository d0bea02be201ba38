-- Identities from outside: the user pools of Cognito that are configured, and whose account a token is.
SET LOCAL ROLE own_identity;

-- The configured user pools with their keys, and what each group of theirs may do: two lists of one length, permissions with blanks between.
CREATE OR REPLACE FUNCTION identity.cognito_pools_v1()
    RETURNS TABLE(id uuid, name text, issuer text, allowed_clients text[], second_factor boolean, jwks text, groups text[], permissions text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.id, p.name, p.issuer, p.allowed_clients, p.second_factor, k.jwks, coalesce(g.groups, '{}'), coalesce(g.permissions, '{}')
    FROM identity.provider p
    JOIN identity.provider_keys k ON k.provider_id = p.id AND k.jwks IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT array_agg(r.name ORDER BY r.name) AS groups, array_agg(r.permissions ORDER BY r.name) AS permissions
        FROM (SELECT e.key AS name, coalesce((SELECT string_agg(DISTINCT one, ' ') FROM identity.role o, unnest(o.permissions) one
                                              WHERE e.value ? o.name), '') AS permissions
              FROM jsonb_each(p.group_roles) e WHERE jsonb_typeof(e.value) = 'array') r
    ) g ON true
    WHERE p.kind = 'cognito' AND p.enabled
$$;

-- Whose account a token of a user pool is. Who is new gets an account without address and password; two requests at once make one. No row: the user pool is
-- not (any more) configured. status: active, disabled, erased, or revoked: all of the account's sessions ended after this token was issued (p_issued: real time).
CREATE OR REPLACE FUNCTION identity.cognito_account_v1(p_provider uuid, p_subject text, p_issued timestamptz, p_new_account uuid, p_new_person uuid, p_request_id text,
                                                       p_trace_id text, p_now timestamptz)
    RETURNS TABLE(account_id uuid, person_id uuid, status text, keyed boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_name text;
    v_known identity.external_identity;
BEGIN
    SELECT p.name INTO v_name FROM identity.provider p WHERE p.id = p_provider AND p.kind = 'cognito' AND p.enabled;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT x.* INTO v_known FROM identity.external_identity x WHERE x.provider_id = p_provider AND x.subject = p_subject;
    IF NOT FOUND THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_provider || ':' || p_subject, 0));
        SELECT x.* INTO v_known FROM identity.external_identity x WHERE x.provider_id = p_provider AND x.subject = p_subject;
    END IF;
    IF v_known.account_id IS NULL THEN
        INSERT INTO identity.person (id, kind, account_id, created_at, updated_at) VALUES (p_new_person, 'claimed', p_new_account, p_now, p_now);
        INSERT INTO identity.account (id, person_id, event_seq, created_at, updated_at, last_sign_in_at)
            VALUES (p_new_account, p_new_person, 1, p_now, p_now, p_now);
        INSERT INTO identity.external_identity (provider_id, subject, account_id, how, keyed, last_used_at, created_at, updated_at)
            VALUES (p_provider, p_subject, p_new_account, 'token', false, p_now, p_now, p_now);
        PERFORM platform.emit_v1('customer', p_new_account, 1, 'customer.created', 1, '{}', 'system', p_request_id, p_trace_id, p_now);
        PERFORM platform.audit_v1('system', 'account.created', 'account', p_new_account, jsonb_build_object('by', 'cognito', 'provider', v_name),
                                  p_request_id, p_trace_id, p_now);
        RETURN QUERY SELECT p_new_account, p_new_person, 'active', false;
        RETURN;
    END IF;
    IF v_known.last_used_at < p_now - interval '1 hour' THEN
        UPDATE identity.external_identity x SET last_used_at = p_now, version = x.version + 1, updated_at = p_now
            WHERE x.provider_id = p_provider AND x.subject = p_subject AND x.last_used_at < p_now - interval '1 hour';
    END IF;
    RETURN QUERY SELECT a.id, a.person_id,
                        CASE WHEN a.status = 'active' AND EXISTS (SELECT FROM identity.revocation r WHERE r.account_id = a.id AND r.session_id IS NULL AND r.created_at >= p_issued)
                             THEN 'revoked' ELSE a.status END, v_known.keyed
        FROM identity.account a WHERE a.id = v_known.account_id;
END
$$;

-- Somebody met a key that was not fetched yet. Real time.
CREATE OR REPLACE FUNCTION identity.cognito_wanted_v1(p_real timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE identity.provider_keys k SET wanted_at = p_real
        WHERE k.provider_id IN (SELECT p.id FROM identity.provider p WHERE p.kind = 'cognito' AND p.enabled)
          AND (k.wanted_at IS NULL OR k.wanted_at < p_real - interval '5 seconds')
$$;

REVOKE ALL ON FUNCTION identity.cognito_pools_v1() FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.cognito_account_v1(uuid, text, timestamptz, uuid, uuid, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.cognito_wanted_v1(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.cognito_pools_v1(), identity.cognito_account_v1(uuid, text, timestamptz, uuid, uuid, text, text, timestamptz),
    identity.cognito_wanted_v1(timestamptz)
    TO souk_user, souk_product, souk_order, souk_payment, souk_inventory;
GRANT EXECUTE ON FUNCTION identity.cognito_pools_v1() TO souk_admin;
