SET LOCAL ROLE own_identity;

-- Finds the unclaimed person of an e-mail hash or makes one with the id given. Never waits for more than one other insert of the same address.
CREATE OR REPLACE FUNCTION identity.person_for_contact_v1(p_new_id uuid, p_email_hash bytea, p_now timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid;
BEGIN
    SELECT p.id INTO v_id FROM identity.person p WHERE p.email_hash = p_email_hash AND p.kind = 'unclaimed';
    IF FOUND THEN
        RETURN v_id;
    END IF;
    INSERT INTO identity.person (id, email_hash, created_at, updated_at) VALUES (p_new_id, p_email_hash, p_now, p_now)
    ON CONFLICT (email_hash) WHERE kind = 'unclaimed' DO NOTHING RETURNING id INTO v_id;
    IF v_id IS NULL THEN
        SELECT p.id INTO v_id FROM identity.person p WHERE p.email_hash = p_email_hash AND p.kind = 'unclaimed';
    END IF;
    RETURN v_id;
END $$;
REVOKE ALL ON FUNCTION identity.person_for_contact_v1(uuid, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.person_for_contact_v1(uuid, bytea, timestamptz) TO souk_user, souk_order, souk_admin;
