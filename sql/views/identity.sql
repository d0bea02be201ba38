-- Who exists, without any personal data.
SET LOCAL ROLE own_identity;

CREATE OR REPLACE VIEW identity.pub_persons AS
SELECT p.id AS person_id, p.kind, p.erased_at IS NOT NULL AS erased FROM identity.person p;
GRANT SELECT ON identity.pub_persons TO own_orders, souk_admin;

-- The public halves of the keys of access tokens, for every pool that checks one.
CREATE OR REPLACE VIEW identity.pub_signing_keys AS
SELECT k.kid, k.algorithm, k.public_key, k.activates_at, k.retires_at, k.created_at FROM identity.signing_key k;
GRANT SELECT ON identity.pub_signing_keys TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_admin;

-- Accounts without anything personal.
CREATE OR REPLACE VIEW identity.pub_accounts AS
SELECT a.id AS account_id, a.person_id, a.status, a.staff, a.event_seq, a.created_at FROM identity.account a;
GRANT SELECT ON identity.pub_accounts TO souk_admin;

-- What should not be there any more: of an erased account only the empty row, its consents and its requests stay.
CREATE OR REPLACE VIEW identity.pub_erased_leftovers AS
SELECT 'account ' || a.id AS object, 'is erased but still has ' || l.what AS detail
FROM identity.account a CROSS JOIN LATERAL (
    SELECT 'addresses' AS what WHERE EXISTS (SELECT FROM identity.address x WHERE x.account_id = a.id)
    UNION ALL SELECT 'passkeys' WHERE EXISTS (SELECT FROM identity.passkey x WHERE x.account_id = a.id)
    UNION ALL SELECT 'an authenticator app' WHERE EXISTS (SELECT FROM identity.totp x WHERE x.account_id = a.id)
    UNION ALL SELECT 'outside identities' WHERE EXISTS (SELECT FROM identity.external_identity x WHERE x.account_id = a.id)
    UNION ALL SELECT 'challenges' WHERE EXISTS (SELECT FROM identity.challenge x WHERE x.account_id = a.id)
    UNION ALL SELECT 'roles' WHERE EXISTS (SELECT FROM identity.account_role x WHERE x.account_id = a.id)
    UNION ALL SELECT 'sessions' WHERE EXISTS (SELECT FROM identity.session x WHERE x.account_id = a.id AND x.ended_at IS NULL)
    UNION ALL SELECT 'a person who is not erased' WHERE EXISTS (SELECT FROM identity.person p WHERE (p.account_id = a.id OR p.id = a.person_id) AND p.erased_at IS NULL)) l
WHERE a.status = 'erased';
GRANT SELECT ON identity.pub_erased_leftovers TO souk_admin;
