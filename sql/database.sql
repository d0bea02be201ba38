-- Once in the shop's own database, by a superuser (`souk migrate --roles CONNINFO` does it); safe to apply again.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $database$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_jobs_core, '
                   'souk_jobs_payment, souk_sandbox, souk_admin, souk_migrate', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO souk_migrate', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO souk_admin', current_database());   -- the importer's staging tables
END
$database$;

-- Extensions have a schema of their own: functions write ext.similarity(...) and OPERATOR(ext.%), queries need not.
CREATE SCHEMA IF NOT EXISTS ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA ext;
