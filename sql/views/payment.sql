SET LOCAL ROLE own_payment;

-- Attempts, for other domains: an order's page, the sweeping of unpaid orders.
CREATE OR REPLACE VIEW payment.pub_attempts AS
SELECT a.id AS attempt_id, a.order_id, a.n, a.provider, a.state, a.amount, a.currency, a.captured, a.refunded, a.failure_code,
       a.state IN ('created', 'requires_action') AS open, a.created_at, a.updated_at
FROM payment.attempt a;
GRANT SELECT ON payment.pub_attempts TO own_orders, souk_order, souk_payment, souk_jobs_core, souk_jobs_payment, souk_admin;
