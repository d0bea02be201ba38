-- Messages of an account: for its export, and when it is erased.
SET LOCAL ROLE own_notification;

CREATE OR REPLACE FUNCTION notification.export_v1(p_account uuid, p_orders uuid[]) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', m.kind, 'channel', m.channel, 'status', m.state, 'written_at', m.created_at, 'sent_at', m.sent_at))
                              ORDER BY m.created_at), '[]')
    FROM notification.message m WHERE m.account_id = p_account OR m.order_id = ANY (p_orders)
$$;
-- What was still to be sent to the account's owner has no address any more.
CREATE OR REPLACE FUNCTION notification.forget_v1(p_account uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM notification.message m WHERE m.account_id = p_account AND m.state = 'queued'
$$;
-- queued, sent, failed, dropped; null: no such message.
CREATE OR REPLACE FUNCTION notification.state_v1(p_dedup text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.state FROM notification.message m WHERE m.dedup = p_dedup
$$;
REVOKE ALL ON FUNCTION notification.export_v1(uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION notification.forget_v1(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION notification.state_v1(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notification.export_v1(uuid, uuid[]), notification.state_v1(text) TO souk_jobs_core;
GRANT EXECUTE ON FUNCTION notification.forget_v1(uuid) TO own_identity;
