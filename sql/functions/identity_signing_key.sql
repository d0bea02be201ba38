-- Keys that sign access tokens. Times are real times. A key is published as soon as it exists, signs from activates_at on and verifies until retires_at.
SET LOCAL ROLE own_identity;

-- The first key of a shop; false: there is one that will sign. Two workers that start at once make one key.
CREATE OR REPLACE FUNCTION identity.signing_key_first_v1(p_kid text, p_public bytea, p_private bytea, p_real timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(6009413705712010);
    IF EXISTS (SELECT FROM identity.signing_key k WHERE k.retires_at IS NULL) THEN
        RETURN false;
    END IF;
    INSERT INTO identity.signing_key (kid, algorithm, public_key, private_key, activates_at, created_at) VALUES (p_kid, 'ES256', p_public, p_private, p_real, p_real);
    RETURN true;
END
$$;

-- A new key that signs from p_activates on; the others verify until p_retires (the last token that they sign has expired by then).
-- Returns how many keys retire.
CREATE OR REPLACE FUNCTION identity.signing_key_rotate_v1(p_kid text, p_public bytea, p_private bytea, p_activates timestamptz, p_retires timestamptz, p_actor text,
                                                          p_request_id text, p_now timestamptz, p_real timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count int;
BEGIN
    PERFORM pg_advisory_xact_lock(6009413705712010);
    UPDATE identity.signing_key k SET retires_at = p_retires WHERE k.retires_at IS NULL OR k.retires_at > p_retires;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    INSERT INTO identity.signing_key (kid, algorithm, public_key, private_key, activates_at, created_at)
        VALUES (p_kid, 'ES256', p_public, p_private, p_activates, p_real);
    PERFORM platform.audit_v1(p_actor, 'signing_key.rotated', 'signing_key', NULL, jsonb_build_object('kid', p_kid, 'at_once', p_activates <= p_real),
                              p_request_id, NULL, p_now);
    RETURN v_count;
END
$$;

REVOKE ALL ON FUNCTION identity.signing_key_first_v1(text, bytea, bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION identity.signing_key_rotate_v1(text, bytea, bytea, timestamptz, timestamptz, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.signing_key_first_v1(text, bytea, bytea, timestamptz) TO souk_user, souk_admin;
GRANT EXECUTE ON FUNCTION identity.signing_key_rotate_v1(text, bytea, bytea, timestamptz, timestamptz, text, text, timestamptz, timestamptz) TO souk_admin;
