CREATE FUNCTION platform.clock() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$;
CREATE FUNCTION platform.x() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$;
