-- phase: expand
-- Messages to people. A row says that one is owed; what it says is read when it is sent. No address and no name stands here.
SET LOCAL ROLE own_notification;

CREATE TABLE notification.message (
    id           uuid PRIMARY KEY,                                  -- also the Message-ID and the name of the file in the spool
    kind         text NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,39}$'),
    channel      text NOT NULL DEFAULT 'mail' CHECK (channel IN ('mail')),
    order_id     uuid NOT NULL,
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
    tries        int NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL,                              -- real time
    last_error   text,
    event_seq    bigint NOT NULL DEFAULT 0,
    version      int NOT NULL DEFAULT 1,
    request_id   text,
    trace_id     text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    sent_at      timestamptz,
    UNIQUE (kind, order_id),                                        -- the same news twice owes one message
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX message_due ON notification.message (next_try_at) WHERE state = 'queued';
GRANT SELECT ON notification.message TO souk_jobs_core, souk_admin;

RESET ROLE;
