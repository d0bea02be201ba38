-- Cluster roles. Applied by a superuser (`souk migrate --roles CONNINFO`); safe to apply again at any time.
--
-- own_<schema>   owns the objects of one schema; nobody can log in with it
-- souk_<pool>    what a pool of workers logs in with; owns nothing
-- souk_migrate   runs the migrations; a member of the owners, without inheriting their rights (each file says SET ROLE)
--
-- Limits stand on the role, so that no client can forget them. A CONNECTION LIMIT counts both databases, and a pool that is being
-- replaced briefly has twice its connections: a worker refuses to start when its pool needs more than its role may have
-- (web/worker.c), and this file refuses a server that cannot hold all roles at once.
DO $roles$
DECLARE
    r record;
BEGIN
    -- Two sessions that create the same roles at once: one waits for the other.
    PERFORM pg_advisory_xact_lock(6009413705712001);

    FOR r IN SELECT unnest(ARRAY['identity', 'catalog', 'orders', 'payment', 'inventory', 'notification', 'platform',
                                 'sandbox', 'keys']) AS name
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'own_' || r.name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'own_' || r.name);
        END IF;
        EXECUTE format('ALTER ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', 'own_' || r.name);
    END LOOP;

    FOR r IN SELECT * FROM (VALUES
        -- name             connections  statement  lock   idle in transaction
        ('souk_product',        40,      '5s',      '1s',   '10s'),
        ('souk_user',           32,      '5s',      '2s',   '10s'),
        ('souk_order',          24,      '5s',      '2s',   '10s'),
        ('souk_payment',        28,      '5s',      '2s',   '10s'),
        ('souk_inventory',      20,      '5s',      '1s',   '10s'),
        ('souk_jobs_core',      16,      '30s',     '2s',   '30s'),
        ('souk_jobs_payment',   10,      '30s',     '2s',   '30s'),
        ('souk_sandbox',         10,      '5s',      '2s',   '10s'),
        ('souk_admin',           8,      '10min',   '5s',   '60s'),
        ('souk_migrate',         4,      '30min',   '5s',   '10min')
    ) AS t(name, connections, statement_ms, lock_ms, idle_ms)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r.name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', r.name);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT %s',
                       r.name, r.connections);
        EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', r.name, r.statement_ms);
        EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', r.name, r.lock_ms);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', r.name, r.idle_ms);
        -- Names of the shop are always qualified; the operators of the extensions live in `ext`.
        EXECUTE format('ALTER ROLE %I SET search_path = pg_catalog, ext', r.name);
        EXECUTE format('ALTER ROLE %I SET timezone = %L', r.name, 'UTC');
        -- A pool's queries are short and prepared: planning one again for its values costs more than running it (0.5-1.1 ms
        -- against 0.15 ms for a product), and compiling one never pays. What would want another plan is another query.
        IF r.name NOT IN ('souk_admin', 'souk_migrate') THEN
            EXECUTE format('ALTER ROLE %I SET plan_cache_mode = force_generic_plan', r.name);
            EXECUTE format('ALTER ROLE %I SET jit = off', r.name);
        END IF;
        -- Beside the product pool, whose lists are filtered and sorted, these roles find rows by keys. What a plan that is made
        -- once per connection believes of a table's size is soon wrong: the tables of a shop that opened today were empty when a
        -- worker first asked, and that worker went on reading them whole, for every order (seen as 14 ms of CPU for each). So
        -- these plans do not depend on sizes: an index wherever there is one, and one row's matches at a time.
        IF r.name NOT IN ('souk_admin', 'souk_migrate', 'souk_product') THEN
            EXECUTE format('ALTER ROLE %I SET enable_seqscan = off', r.name);
            EXECUTE format('ALTER ROLE %I SET enable_hashjoin = off', r.name);
            EXECUTE format('ALTER ROLE %I SET enable_mergejoin = off', r.name);
        END IF;
    END LOOP;

    ALTER ROLE souk_migrate NOINHERIT;
    FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'own\_%'
                AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = pg_roles.oid AND m.member = 'souk_migrate'::regrole)
    LOOP
        EXECUTE format('GRANT %I TO souk_migrate', r.rolname);
    END LOOP;

    PERFORM FROM pg_roles WHERE rolname LIKE 'souk\_%' AND rolconnlimit >= 0
        HAVING sum(rolconnlimit) > current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int;
    IF FOUND THEN
        RAISE EXCEPTION 'the roles may open more connections together than the server allows' USING
            HINT = format('max_connections is %s; it must be at least %s', current_setting('max_connections'),
                          (SELECT sum(rolconnlimit) FROM pg_roles WHERE rolname LIKE 'souk\_%') + current_setting('superuser_reserved_connections')::int);
    END IF;
END
$roles$;
