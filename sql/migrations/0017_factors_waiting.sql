-- phase: expand
-- Apps that were begun and never confirmed are found and removed without looking at the others.
SET LOCAL ROLE own_identity;
CREATE INDEX totp_waiting ON identity.totp (updated_at) WHERE confirmed_at IS NULL;
RESET ROLE;
