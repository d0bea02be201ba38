-- What must hold for every object of the shop, as a view of what does not. Loaded into the throw-away database only;
-- t/rules_refuse.sql proves that each rule refuses its bad case.
CREATE SCHEMA house;
CREATE VIEW house.schemas AS
    SELECT n.oid, n.nspname AS name, n.nspowner AS owner FROM pg_namespace n
    WHERE n.nspname IN ('identity', 'catalog', 'orders', 'payment', 'inventory', 'notification', 'platform', 'sandbox', 'keys');
CREATE VIEW house.logins AS SELECT r.* FROM pg_roles r WHERE r.rolname LIKE 'souk\_%';

-- Business time is an argument: only platform.clock() reads a clock.
CREATE FUNCTION house.reads_clock(source text) RETURNS boolean LANGUAGE sql AS $$
    SELECT regexp_replace(source, '--[^\n]*|/\*.*?\*/', '', 'g') ~*
           '\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|localtime|localtimestamp|current_date|current_time|current_timestamp)\M'
$$;

CREATE VIEW house.violations AS
WITH functions AS (
    SELECT p.oid, s.name AS schema, s.name || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS object,
           p.proname, p.proowner, p.prosecdef, p.proconfig, p.prosrc, p.provolatile, p.prorettype, p.proacl, s.owner AS schema_owner
    FROM pg_proc p JOIN house.schemas s ON s.oid = p.pronamespace
), grants AS (
    SELECT f.*, a.grantee, a.is_grantable FROM functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
), relations AS (
    SELECT c.oid, s.name AS schema, s.name || '.' || c.relname AS object, c.relowner, c.relkind, c.relacl, s.owner AS schema_owner
    FROM pg_class c JOIN house.schemas s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
)
SELECT s.name AS object, 'schema: the owner must be own_' || s.name AS what FROM house.schemas s WHERE s.owner::regrole::text <> 'own_' || s.name
UNION ALL SELECT object, 'function: the owner must be own_' || schema FROM functions WHERE proowner::regrole::text <> 'own_' || schema
UNION ALL SELECT object, 'function: SECURITY DEFINER is missing' FROM functions
    WHERE NOT prosecdef AND provolatile <> 'i' AND prorettype <> 'trigger'::regtype
      -- makes and drops tables with the rights of the owner whose own definer function calls it
      AND schema || '.' || proname <> 'platform.partitions_of'
UNION ALL SELECT DISTINCT f.object, 'function: a deferred trigger runs as the role that commits: SECURITY DEFINER is missing' FROM functions f
    JOIN pg_trigger t ON t.tgfoid = f.oid WHERE t.tgdeferrable AND NOT f.prosecdef
UNION ALL SELECT object, 'function: search_path must be pg_catalog, pg_temp' FROM functions
    WHERE NOT coalesce(proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']
UNION ALL SELECT object, 'function: PUBLIC may execute it' FROM grants WHERE grantee = 0
UNION ALL SELECT object, 'function: granted to a role that is not of the shop: ' || pg_get_userbyid(grantee) FROM grants
    WHERE grantee <> 0 AND pg_get_userbyid(grantee) !~ '^(own|souk)_'
UNION ALL SELECT object, 'function: somebody may pass the right on' FROM grants WHERE is_grantable AND grantee <> proowner
UNION ALL SELECT object, 'function: reads a clock' FROM functions WHERE house.reads_clock(prosrc) AND object <> 'platform.clock()'
UNION ALL SELECT DISTINCT object, 'function: published without a version in its name (_v1)' FROM grants
    WHERE grantee <> proowner AND proname !~ '_v[0-9]+$' AND object <> 'platform.clock()' AND provolatile <> 'i'
      AND schema || '.' || proname <> 'platform.partitions_of'
UNION ALL SELECT object, 'relation: the owner must be own_' || schema FROM relations WHERE relowner::regrole::text <> 'own_' || schema
UNION ALL SELECT object, 'relation: PUBLIC has a right' FROM relations, aclexplode(relacl) a WHERE a.grantee = 0
UNION ALL SELECT r.object || '.' || a.attname, 'column: type ' || format_type(a.atttypid, a.atttypmod) || ' is refused' FROM relations r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE r.relkind IN ('r', 'p', 'v', 'm')
      AND a.atttypid IN ('float4'::regtype, 'float8'::regtype, 'money'::regtype, 'timestamp'::regtype, 'timetz'::regtype, 'json'::regtype)
UNION ALL SELECT r.object || '.' || a.attname, 'column: the default reads a clock' FROM relations r
    JOIN pg_attrdef d ON d.adrelid = r.oid JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.adnum
    WHERE house.reads_clock(pg_get_expr(d.adbin, d.adrelid))
UNION ALL SELECT r.object, 'view: reads a clock' FROM relations r WHERE r.relkind IN ('v', 'm') AND house.reads_clock(pg_get_viewdef(r.oid))
UNION ALL SELECT r.object, 'view: a published view is named pub_*' FROM relations r
    WHERE r.relkind = 'v' AND r.object !~ '\.pub_' AND EXISTS (SELECT FROM aclexplode((SELECT relacl FROM pg_class WHERE oid = r.oid)) a
                                                              WHERE a.grantee <> r.relowner AND pg_get_userbyid(a.grantee) LIKE 'own\_%')
UNION ALL SELECT f.object || ' ' || c.conname, 'foreign key: across schemas only ON DELETE NO ACTION' FROM pg_constraint c
    JOIN relations f ON f.oid = c.conrelid JOIN relations t ON t.oid = c.confrelid
    WHERE c.contype = 'f' AND f.schema <> t.schema AND (c.confdeltype <> 'a' OR c.confupdtype <> 'a')
UNION ALL SELECT 'default privileges', 'PUBLIC may execute new functions of own_' || s.name FROM house.schemas s
    WHERE NOT EXISTS (SELECT FROM pg_default_acl d WHERE d.defaclrole = s.owner AND d.defaclnamespace = 0 AND d.defaclobjtype = 'f'
                        AND NOT EXISTS (SELECT FROM aclexplode(d.defaclacl) a WHERE a.grantee = 0))
UNION ALL SELECT r.rolname, 'role: no ' || t.setting FROM house.logins r,
    (VALUES ('statement_timeout'), ('lock_timeout'), ('idle_in_transaction_session_timeout'), ('search_path')) AS t(setting)
    WHERE NOT EXISTS (SELECT FROM unnest(r.rolconfig) c WHERE c LIKE t.setting || '=%' AND c <> t.setting || '=0')
UNION ALL SELECT r.rolname, 'role: no connection limit' FROM house.logins r WHERE r.rolconnlimit < 1
UNION ALL SELECT r.rolname, 'role: too powerful' FROM pg_roles r
    WHERE r.rolname ~ '^(souk|own)_' AND (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls)
UNION ALL SELECT r.rolname, 'role: an owner must not log in' FROM pg_roles r WHERE r.rolname LIKE 'own\_%' AND r.rolcanlogin
UNION ALL SELECT m.member::regrole::text, 'role: only souk_migrate is a member of owners' FROM pg_auth_members m
    WHERE m.roleid::regrole::text LIKE 'own\_%' AND m.member::regrole::text <> 'souk_migrate'
UNION ALL SELECT n.nspname, 'schema: a login role may create objects' FROM pg_namespace n, house.logins r
    WHERE n.nspname NOT LIKE 'pg\_%' AND has_schema_privilege(r.oid, n.oid, 'CREATE') AND r.rolname <> 'souk_migrate';

-- Snapshots for review: every published right in one line each. Partitions follow their parent.
CREATE VIEW house.function_list AS
    SELECT format('%s.%s(%s) owner=%s %s %s: %s', s.name, p.proname, pg_get_function_identity_arguments(p.oid), p.proowner::regrole,
                  CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END,
                  coalesce((SELECT string_agg(c, ' ' ORDER BY c) FROM unnest(p.proconfig) c), 'search_path=?'),
                  coalesce((SELECT string_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, ' '
                                              ORDER BY pg_get_userbyid(a.grantee))
                            FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner), '-')) AS line
    FROM pg_proc p JOIN house.schemas s ON s.oid = p.pronamespace;
CREATE VIEW house.right_list AS
    SELECT format('%s %s: %s', r.rolname, t.name, string_agg(p.right, ' ' ORDER BY p.ord)) AS line
    FROM house.logins r,
         (SELECT c.oid, s.name || '.' || c.relname AS name, c.relkind FROM pg_class c JOIN house.schemas s ON s.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition) t,
         (VALUES ('SELECT', 1), ('INSERT', 2), ('UPDATE', 3), ('DELETE', 4), ('TRUNCATE', 5), ('REFERENCES', 6), ('TRIGGER', 7)) AS p("right", ord)
    WHERE CASE WHEN p.right IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege(r.oid, t.oid, p.right)
               ELSE has_any_column_privilege(r.oid, t.oid, p.right) END
    GROUP BY r.rolname, t.name;
