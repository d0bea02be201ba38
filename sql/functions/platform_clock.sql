-- The business clock. The only place in sql/ that reads a clock.
SET LOCAL ROLE own_platform;

CREATE OR REPLACE FUNCTION platform.clock() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT clock_timestamp() + o.shift FROM platform.clock_offset o
$$;
REVOKE ALL ON FUNCTION platform.clock() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.clock() TO own_identity, own_catalog, own_orders, own_payment, own_inventory,
    own_notification, souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_jobs_core, souk_jobs_payment,
    souk_sandbox, souk_admin;

-- Moves the whole shop (sandbox only; the caller refuses in production). Up to ten years either way.
CREATE OR REPLACE FUNCTION platform.clock_set_v1(p_offset_us bigint, p_actor text, p_request_id text, p_now timestamptz)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_offset_us IS NULL OR abs(p_offset_us) > 315360000000000 THEN
        RAISE EXCEPTION 'clock offset out of range' USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    UPDATE platform.clock_offset SET shift = make_interval(secs => 0) + p_offset_us * interval '1 microsecond',
        version = version + 1, updated_at = p_now;
    PERFORM platform.audit_v1(p_actor, 'clock.set', NULL, NULL, jsonb_build_object('offset_us', p_offset_us), p_request_id, NULL, p_now);
END
$$;
REVOKE ALL ON FUNCTION platform.clock_set_v1(bigint, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.clock_set_v1(bigint, text, text, timestamptz) TO souk_admin;
