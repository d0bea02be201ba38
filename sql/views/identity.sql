-- Who exists, without any personal data.
SET LOCAL ROLE own_identity;

CREATE OR REPLACE VIEW identity.pub_persons AS
SELECT p.id AS person_id, p.kind, p.erased_at IS NOT NULL AS erased FROM identity.person p;
GRANT SELECT ON identity.pub_persons TO own_orders, souk_admin;

-- The public halves of the keys of access tokens, for every pool that checks one.
CREATE OR REPLACE VIEW identity.pub_signing_keys AS
SELECT k.kid, k.algorithm, k.public_key, k.activates_at, k.retires_at, k.created_at FROM identity.signing_key k;
GRANT SELECT ON identity.pub_signing_keys TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin;
