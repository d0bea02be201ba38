-- Who exists, without any personal data.
SET LOCAL ROLE own_identity;

CREATE OR REPLACE VIEW identity.pub_persons AS
SELECT p.id AS person_id, p.kind, p.erased_at IS NOT NULL AS erased FROM identity.person p;
GRANT SELECT ON identity.pub_persons TO own_orders, souk_admin;
