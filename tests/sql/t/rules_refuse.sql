-- Each rule of lib/rules.sql refuses its bad case.
\set ON_ERROR_STOP 1
BEGIN;
SET search_path = tap, pg_catalog;
SELECT no_plan();
SELECT is_empty('SELECT object, what FROM house.violations', 'before: nothing is wrong');

CREATE FUNCTION pg_temp.refuses(object text, what text) RETURNS text LANGUAGE sql AS $$
    SELECT ok(EXISTS (SELECT FROM house.violations v WHERE v.object LIKE refuses.object AND v.what LIKE refuses.what), 'refuses: ' || refuses.what)
$$;
CREATE FUNCTION pg_temp.accepts(object text, what text) RETURNS text LANGUAGE sql AS $$
    SELECT ok(NOT EXISTS (SELECT FROM house.violations v WHERE v.object LIKE accepts.object), 'accepts: ' || accepts.what)
$$;

-- functions: made by the superuser, nothing revoked
CREATE FUNCTION platform.bad1_v1() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT pg_temp.refuses('platform.bad1_v1()', 'function: the owner must be%');
SELECT pg_temp.refuses('platform.bad1_v1()', 'function: SECURITY DEFINER%');
SELECT pg_temp.refuses('platform.bad1_v1()', 'function: search_path%');
SELECT pg_temp.refuses('platform.bad1_v1()', 'function: PUBLIC%');

SET LOCAL ROLE own_platform;
CREATE FUNCTION platform.bad2_v1() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, platform, pg_temp AS 'SELECT 1';
CREATE FUNCTION platform.bad3_v1() RETURNS timestamptz LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT now()';
CREATE FUNCTION platform.bad4() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION platform.bad4() TO souk_product;
CREATE FUNCTION platform.bad5_v1() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION platform.bad5_v1() TO souk_product WITH GRANT OPTION;
CREATE FUNCTION platform.bad6_v1() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION platform.bad6_v1() TO pg_monitor;
CREATE FUNCTION platform.good_v1(p_now timestamptz) RETURNS timestamptz LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS 'SELECT p_now -- not now()';
GRANT EXECUTE ON FUNCTION platform.good_v1(timestamptz) TO souk_product;
RESET ROLE;
SELECT pg_temp.refuses('platform.bad2_v1()', 'function: search_path%');
SELECT pg_temp.refuses('platform.bad3_v1()', 'function: reads a clock');
SELECT pg_temp.refuses('platform.bad4()', 'function: published without a version%');
SELECT pg_temp.refuses('platform.bad5_v1()', 'function: somebody may pass%');
SELECT pg_temp.refuses('platform.bad6_v1()', 'function: granted to a role that is not%');
SELECT pg_temp.accepts('platform.good_v1%', 'a published function as it should be');

-- tables and views
CREATE TABLE platform.bad_owner (v int);
SELECT pg_temp.refuses('platform.bad_owner', 'relation: the owner must be%');
SET LOCAL ROLE own_platform;
CREATE TABLE platform.bad_columns (a float8, b timestamp, c timestamptz DEFAULT now());
GRANT SELECT ON platform.bad_columns TO PUBLIC;
CREATE VIEW platform.bad_view AS SELECT j.id FROM platform.job j WHERE j.run_at < now();
CREATE VIEW platform.unpublished AS SELECT j.id FROM platform.job j;
GRANT SELECT ON platform.unpublished TO own_orders;
CREATE TABLE platform.referred (id int PRIMARY KEY);
GRANT REFERENCES ON platform.referred TO own_orders;
GRANT USAGE ON SCHEMA platform TO own_orders;
RESET ROLE;
SET LOCAL ROLE own_orders;
CREATE TABLE orders.bad_reference (id int REFERENCES platform.referred ON DELETE CASCADE);
RESET ROLE;
SELECT pg_temp.refuses('platform.bad_columns.a', 'column: type double precision%');
SELECT pg_temp.refuses('platform.bad_columns.b', 'column: type timestamp without%');
SELECT pg_temp.refuses('platform.bad_columns.c', 'column: the default reads a clock');
SELECT pg_temp.refuses('platform.bad_columns', 'relation: PUBLIC has a right');
SELECT pg_temp.refuses('platform.bad_view', 'view: reads a clock');
SELECT pg_temp.refuses('platform.unpublished', 'view: a published view%');
SELECT pg_temp.refuses('orders.bad_reference%', 'foreign key: across schemas%');

SET LOCAL ROLE own_platform;
CREATE FUNCTION platform.bad_trigger() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END';
CREATE CONSTRAINT TRIGGER bad AFTER INSERT ON platform.referred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION platform.bad_trigger();
RESET ROLE;
SELECT pg_temp.refuses('platform.bad_trigger()', 'function: a deferred trigger%');

-- roles and privileges
CREATE ROLE souk_bad LOGIN CREATEDB;
GRANT own_orders TO souk_bad;
ALTER ROLE own_platform LOGIN;
GRANT CREATE ON SCHEMA platform TO souk_product;
ALTER DEFAULT PRIVILEGES FOR ROLE own_catalog GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
SELECT pg_temp.refuses('souk_bad', 'role: no statement_timeout');
SELECT pg_temp.refuses('souk_bad', 'role: no lock_timeout');
SELECT pg_temp.refuses('souk_bad', 'role: no idle_in_transaction%');
SELECT pg_temp.refuses('souk_bad', 'role: no connection limit');
SELECT pg_temp.refuses('souk_bad', 'role: too powerful');
SELECT pg_temp.refuses('souk_bad', 'role: only souk_migrate%');
SELECT pg_temp.refuses('own_platform', 'role: an owner must not log in');
SELECT pg_temp.refuses('platform', 'schema: a login role may create%');
SELECT pg_temp.refuses('default privileges', 'PUBLIC may execute new functions of own_catalog');
SELECT * FROM finish();
ROLLBACK;
