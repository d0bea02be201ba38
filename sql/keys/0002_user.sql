-- phase: expand
-- The user pool makes and reads the keys of the persons behind accounts.
GRANT USAGE ON SCHEMA keys TO souk_user;
GRANT SELECT ON keys.person_key, keys.erased TO souk_user;
GRANT INSERT ON keys.person_key TO souk_user;
GRANT EXECUTE ON FUNCTION keys.refuse_erased() TO souk_user;
