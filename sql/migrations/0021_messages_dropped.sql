-- phase: expand
-- A message that has nobody to go to (any more), or nothing left to say, was not given up: nobody has to look at it.
SET LOCAL ROLE own_notification;
ALTER TABLE notification.message DROP CONSTRAINT message_state_check;
ALTER TABLE notification.message ADD CONSTRAINT message_state_check CHECK (state IN ('queued', 'sent', 'failed', 'dropped'));
UPDATE notification.message SET state = 'dropped' WHERE state = 'failed' AND last_error = 'nobody';
RESET ROLE;
