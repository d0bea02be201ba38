-- What the order pool may know of the signed-in shopper: whose key seals her data, and the sealed data that fills the checkout.
SET LOCAL ROLE own_identity;

CREATE OR REPLACE FUNCTION identity.shopper_v1(p_account uuid)
RETURNS TABLE (person_id uuid, email bytea, name bytea, phone bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.person_id, a.email, a.name, a.phone FROM identity.account a WHERE a.id = p_account AND a.status = 'active'
$$;
REVOKE ALL ON FUNCTION identity.shopper_v1(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.shopper_v1(uuid) TO souk_order;

-- Defaults for deliveries first, then oldest first.
CREATE OR REPLACE FUNCTION identity.shopper_addresses_v1(p_account uuid)
RETURNS TABLE (address_id uuid, label bytea, address bytea, phone bytea, country text, default_shipping boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT x.id, x.label, x.address, x.phone, x.country, x.default_shipping FROM identity.address x WHERE x.account_id = p_account
    ORDER BY x.default_shipping DESC, x.created_at, x.id
$$;
REVOKE ALL ON FUNCTION identity.shopper_addresses_v1(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.shopper_addresses_v1(uuid) TO souk_order;
