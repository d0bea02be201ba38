-- Once in the database of the person keys, by a superuser (`souk migrate --roles CONNINFO` does it); safe to apply again.
-- This database has backups of at most 30 days: an erased person's key is gone from all of them after that time.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $database$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO souk_user, souk_order, souk_payment, souk_jobs_core, souk_admin, souk_migrate',
                   current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO souk_migrate', current_database());
END
$database$;
