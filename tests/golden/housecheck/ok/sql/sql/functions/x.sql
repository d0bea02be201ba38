-- now() in a comment, 'now()' in a string and a column called now
/* current_date */
CREATE FUNCTION catalog.f_v1(p_now timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT t.now, "current_date", 'current_timestamp', current_setting('x'), current_user FROM platform.clock() t
$$;
CREATE FUNCTION catalog.g_v1(a real) RETURNS double precision LANGUAGE sql AS $$ SELECT 1.0 $$;
