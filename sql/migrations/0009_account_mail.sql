-- phase: expand
-- Messages about accounts and challenges, not only about orders.
SET LOCAL ROLE own_notification;
ALTER TABLE notification.message
    ALTER COLUMN order_id DROP NOT NULL,
    ADD COLUMN subject_type text CHECK (subject_type ~ '^[a-z][a-z_]{0,39}$'),
    ADD COLUMN subject_id uuid,
    ADD COLUMN account_id uuid,                                     -- whose owner is written to; null: the address stands (sealed) in the challenge, or with the order
    ADD COLUMN dedup text CHECK (length(dedup) <= 200),             -- the same news twice owes one message
    ADD COLUMN locale text,                                         -- of who caused it; the account's own goes first
    ADD CHECK (num_nonnulls(order_id, subject_id, account_id) > 0),
    ADD CHECK ((subject_id IS NULL) = (subject_type IS NULL));
CREATE UNIQUE INDEX message_dedup ON notification.message (dedup) WHERE dedup IS NOT NULL;
GRANT USAGE ON SCHEMA notification TO own_identity, souk_user, souk_order, souk_payment, souk_admin;

SET LOCAL ROLE own_identity;
ALTER TABLE identity.challenge
    ADD COLUMN mail text CHECK (mail ~ '^[a-z][a-z_]{0,39}$'),      -- kind of the mail that it owes; null: none
    ADD COLUMN decoy boolean NOT NULL DEFAULT false,                -- looks like the others to its client, can never be met
    ADD COLUMN email_before bytea;                                  -- sealed: who is told that an address changed

RESET ROLE;
