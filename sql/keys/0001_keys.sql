-- phase: expand
-- The database souk_keys: the wrapped key of each person, apart from the shop's data, with backups of at most 30 days.
-- So a person whose key is deleted here is gone from every backup of the shop after 30 days.

CREATE SCHEMA IF NOT EXISTS keys;

CREATE TABLE keys.person_key (
    person_id   uuid PRIMARY KEY,
    wrapped     bytea NOT NULL,
    created_at  timestamptz NOT NULL
);

-- Applied again after a restore, before anything is served: no key may come back.
CREATE TABLE keys.erased (
    person_id   uuid PRIMARY KEY,
    erased_at   timestamptz NOT NULL
);

-- An erased person gets no second key.
CREATE FUNCTION keys.refuse_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM keys.erased x WHERE x.person_id = NEW.person_id) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_key_erased BEFORE INSERT ON keys.person_key FOR EACH ROW EXECUTE FUNCTION keys.refuse_erased();
GRANT EXECUTE ON FUNCTION keys.refuse_erased() TO souk_order, souk_payment, souk_jobs_core, souk_admin;

GRANT USAGE ON SCHEMA keys TO souk_order, souk_payment, souk_jobs_core, souk_admin;
GRANT SELECT ON keys.person_key, keys.erased TO souk_order, souk_payment, souk_jobs_core, souk_admin;
GRANT INSERT ON keys.person_key TO souk_order, souk_admin;
