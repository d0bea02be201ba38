-- What each login role can do, and that it can do nothing else. The complete lists are functions.expected and
-- rights.expected; here are the sentences that must stay true whatever those lists say.
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
GRANT USAGE ON SCHEMA tap TO PUBLIC;

CREATE FUNCTION pg_temp.as_role(role text, sql text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', role);
    BEGIN
        EXECUTE sql;
    EXCEPTION WHEN OTHERS THEN
        EXECUTE 'RESET SESSION AUTHORIZATION';
        RETURN SQLSTATE;
    END;
    EXECUTE 'RESET SESSION AUTHORIZATION';
    RETURN 'ok';
END
$$;
CREATE FUNCTION pg_temp.may(role text, sql text) RETURNS text LANGUAGE sql AS $$
    SELECT is(pg_temp.as_role(role, sql), 'ok', role || ' may ' || sql)
$$;
CREATE FUNCTION pg_temp.may_not(role text, sql text) RETURNS text LANGUAGE sql AS $$
    SELECT is(pg_temp.as_role(role, sql), '42501', role || ' may not ' || sql)
$$;

-- the product role cannot read order tables, nor anything else of other domains that is not published
SELECT pg_temp.may_not('souk_product', format('SELECT 1 FROM %s', c.oid::regclass))
FROM pg_class c JOIN house.schemas s ON s.oid = c.relnamespace
WHERE s.name IN ('orders', 'payment', 'identity', 'sandbox') AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND c.oid <> 'identity.pub_signing_keys'::regclass;
SELECT pg_temp.may('souk_product', 'SELECT 1 FROM identity.pub_signing_keys');
SELECT pg_temp.may('souk_product', 'SELECT 1 FROM catalog.pub_markets');
SELECT pg_temp.may('souk_product', 'SELECT 1 FROM inventory.pub_availability');
SELECT pg_temp.may_not('souk_product', 'SELECT 1 FROM inventory.levels');
SELECT pg_temp.may('souk_product', 'SELECT platform.clock()');

-- nobody writes the platform's tables but through its functions
SELECT pg_temp.may_not(r.rolname, format('%s %s', v.verb, c.oid::regclass || v.rest))
FROM house.logins r, pg_class c JOIN house.schemas s ON s.oid = c.relnamespace,
     (VALUES ('DELETE FROM', ''), ('TRUNCATE', '')) AS v(verb, rest)
WHERE s.name = 'platform' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND r.rolname <> 'souk_migrate';
SELECT pg_temp.may_not(r.rolname, 'INSERT INTO platform.outbox (id, object_type, object_id, seq, type, schema_version, payload, created_at) '
                                  'VALUES (gen_random_uuid(), ''order'', gen_random_uuid(), 1, ''order.paid'', 1, ''{}'', platform.clock())')
FROM house.logins r WHERE r.rolname <> 'souk_migrate';
SELECT pg_temp.may_not(r.rolname, 'UPDATE platform.clock_offset SET shift = ''1 day''') FROM house.logins r WHERE r.rolname <> 'souk_migrate';

-- money: only the payment side moves it, the sandbox's books are its own
SELECT pg_temp.may_not(r.rolname, 'SELECT 1 FROM payment.attempt') FROM house.logins r
WHERE r.rolname NOT IN ('souk_payment', 'souk_jobs_payment', 'souk_admin', 'souk_migrate');
SELECT pg_temp.may_not(r.rolname, 'SELECT sandbox.tick_v1(platform.clock())') FROM house.logins r WHERE r.rolname NOT IN ('souk_sandbox', 'souk_migrate');
SELECT pg_temp.may_not(r.rolname, 'SELECT inventory.reserve_v1(gen_random_uuid(), ''{}'', ''{}'', platform.clock(), NULL, platform.clock())')
FROM house.logins r;
SELECT pg_temp.may_not(r.rolname, 'SELECT platform.relay_v1(1, platform.clock())') FROM house.logins r
WHERE r.rolname NOT IN ('souk_jobs_core', 'souk_migrate');
SELECT pg_temp.may('souk_jobs_core', 'SELECT platform.relay_v1(1, platform.clock())');
SELECT pg_temp.may('souk_order', 'SELECT platform.idem_begin_v1(''t'', ''k'', ''h'', platform.clock())');

-- souk_migrate owns nothing itself and has to say SET ROLE
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relowner = 'souk_migrate'::regrole$$, 'souk_migrate owns no relation');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.proowner = 'souk_migrate'::regrole$$, 'souk_migrate owns no function');
SELECT pg_temp.may_not('souk_migrate', 'SELECT 1 FROM platform.job');
SELECT pg_temp.may('souk_migrate', 'SELECT 1 FROM migration.applied');

-- nobody makes objects, nobody but the importer's role has temporary tables
SELECT pg_temp.may_not(r.rolname, 'CREATE TABLE public.t (v int)') FROM house.logins r;
SELECT pg_temp.may_not(r.rolname, 'CREATE TEMPORARY TABLE t (v int)') FROM house.logins r WHERE r.rolname <> 'souk_admin';
SELECT pg_temp.may_not(r.rolname, 'CREATE SCHEMA s') FROM house.logins r WHERE r.rolname <> 'souk_migrate';

-- every function: whoever is not named in its grants is refused (has_function_privilege would also see PUBLIC and inheritance)
SELECT is_empty($$
    SELECT r.rolname, p.oid::regprocedure FROM house.logins r, pg_proc p JOIN house.schemas s ON s.oid = p.pronamespace
    WHERE has_function_privilege(r.oid, p.oid, 'EXECUTE')
      AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = r.oid)$$, 'nobody executes what was not granted by name');
SELECT * FROM finish();
ROLLBACK;
