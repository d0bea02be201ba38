-- What must be true of any database of the shop (`souk verify`). Each query answers with what is WRONG; none is right.
-- `real` is real time: what has been under way for less than the grace is not judged yet.

-- name: verify_order_attempt :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, 'has no payment attempt'
FROM orders.pub_orders o WHERE NOT EXISTS (SELECT 1 FROM payment.attempt a WHERE a.order_id = o.order_id) ORDER BY o.number LIMIT $1;

-- A cart becomes one order, and only a cart that did so is closed by it.
-- name: verify_order_cart :many
-- in: lim int4
-- out: object text, detail text
SELECT 'cart ' || c.id, CASE WHEN o.order_id IS NULL THEN 'was ordered, but there is no such order' ELSE format('is %s, but it became the order %s', c.state, o.number) END
FROM orders.cart c FULL JOIN orders.pub_orders o ON o.cart_id = c.id
WHERE (c.state = 'ordered') IS DISTINCT FROM (o.order_id IS NOT NULL) ORDER BY 1 LIMIT $1;

-- name: verify_order_paid :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, CASE WHEN a.id IS NULL THEN 'is ' || o.state || ' but names no attempt'
       ELSE format('is %s, total %s %s, but its attempt is %s over %s %s, refunded %s', o.state, o.total, o.currency, a.state, a.amount, a.currency, a.refunded) END
FROM orders.pub_orders o LEFT JOIN payment.attempt a ON a.id = o.paid_attempt_id
WHERE o.state IN ('paid', 'fulfilling', 'completed')
  AND (a.id IS NULL OR a.order_id <> o.order_id OR a.state NOT IN ('authorized', 'captured') OR a.amount <> o.total OR a.currency <> o.currency
       OR (a.state = 'captured' AND a.captured <> o.total))
ORDER BY 1 LIMIT $1;

-- name: verify_order_unpaid_money :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, format('is %s, but attempt %s holds money and nobody was told to give it back', o.state, a.id)
FROM orders.pub_orders o JOIN payment.attempt a ON a.order_id = o.order_id
WHERE o.state IN ('pending_payment', 'canceled') AND (a.state = 'authorized' OR a.captured > a.refunded)
  AND NOT EXISTS (SELECT 1 FROM payment.command c WHERE c.attempt_id = a.id AND c.kind = 'release' AND c.state = 'open') ORDER BY 1 LIMIT $1;

-- name: verify_attempt_order :many
-- in: lim int4
-- out: object text, detail text
SELECT 'attempt ' || a.id, 'pays an order that does not exist' FROM payment.attempt a
WHERE NOT EXISTS (SELECT 1 FROM orders.pub_orders o WHERE o.order_id = a.order_id) ORDER BY a.id LIMIT $1;

-- name: verify_order_sums :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, format('total %s is not what its lines and shipping add up to (%s), or its tax %s is not (%s)', o.total, s.total, o.tax, s.tax)
FROM orders.pub_orders o CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.total), 0) + o.shipping + CASE WHEN o.prices_include_tax THEN 0 ELSE o.shipping_tax END AS total, coalesce(sum(l.tax), 0) + o.shipping_tax AS tax,
           coalesce(sum(l.unit_price * l.quantity), 0) AS subtotal, coalesce(sum(l.discount), 0) AS discount
    FROM orders.pub_order_lines l WHERE l.order_id = o.order_id) s
WHERE o.total <> s.total OR o.tax <> s.tax OR o.subtotal <> s.subtotal OR o.discount <> s.discount
UNION ALL
SELECT 'order line ' || l.line_id, 'belongs to an order that does not exist'
FROM orders.pub_order_lines l WHERE NOT EXISTS (SELECT FROM orders.pub_orders o WHERE o.order_id = l.order_id) ORDER BY 1 LIMIT $1;

-- Orders with all that their totals are computed from, a page at a time.
-- name: verify_orders_page :many
-- in: after order_id?, lim int4
-- out: id order_id, number text, calc_version int4, prices_include_tax bool, shipping int8, shipping_tax_rate int4, shipping_tax int8, tax int8, total int8,
-- out: unit_prices int8[], quantities int8[], discounts int8[], tax_rates int8[], taxes int8[]
SELECT o.order_id, o.number, o.calc_version, o.prices_include_tax, o.shipping, o.shipping_tax_rate, o.shipping_tax, o.tax, o.total,
       array_agg(l.unit_price ORDER BY l.position), array_agg(l.quantity::bigint ORDER BY l.position), array_agg(l.discount ORDER BY l.position),
       array_agg(l.tax_rate::bigint ORDER BY l.position), array_agg(l.tax ORDER BY l.position)
FROM orders.pub_orders o JOIN orders.pub_order_lines l ON l.order_id = o.order_id
WHERE o.order_id IN (SELECT x.order_id FROM orders.pub_orders x WHERE $1::uuid IS NULL OR x.order_id > $1 ORDER BY x.order_id LIMIT $2)
GROUP BY o.order_id, o.number, o.calc_version, o.prices_include_tax, o.shipping, o.shipping_tax_rate, o.shipping_tax, o.tax, o.total ORDER BY o.order_id;

-- name: verify_order_person :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, 'belongs to a person that does not exist' FROM orders.pub_orders o
WHERE NOT EXISTS (SELECT 1 FROM identity.pub_persons p WHERE p.person_id = o.person_id) ORDER BY 1 LIMIT $1;

-- name: verify_stock_levels :many
-- in: lim int4
-- out: object text, detail text
SELECT format('variant %s at warehouse %s', m.variant_id, m.warehouse_id),
       format('on hand %s, reserved %s, allocated %s; movements say %s, %s, %s; reservations say reserved %s, allocated %s', m.on_hand, m.reserved, m.allocated,
              m.moved_on_hand, m.moved_reserved, m.moved_allocated, m.held_reserved, m.held_allocated)
FROM inventory.pub_mismatches m ORDER BY 1 LIMIT $1;

-- Paid and not shipped: allocated is what was sold. Waiting: reserved is all or nothing. Canceled: nothing is held.
-- (A variant stands in one line of an order. Line by line: joining what was added up on both sides took hours with 170,000 orders.)
-- name: verify_stock_orders :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, format('is %s: variant %s sold %s, reserved %s, allocated %s', o.state, l.variant_id, l.quantity, r.reserved, r.allocated)
FROM orders.pub_order_lines l
JOIN orders.pub_orders o ON o.order_id = l.order_id
CROSS JOIN LATERAL (SELECT coalesce(sum(y.quantity) FILTER (WHERE y.status = 'active'), 0) AS reserved, coalesce(sum(y.allocated), 0) AS allocated
                    FROM inventory.pub_reservations y WHERE y.order_id = l.order_id AND y.variant_id = l.variant_id) r
WHERE (o.state = 'paid' AND (r.allocated <> l.quantity OR r.reserved <> 0))
   OR (o.state = 'pending_payment' AND (r.reserved NOT IN (0, l.quantity) OR r.allocated <> 0))
   OR (o.state = 'canceled' AND (r.reserved <> 0 OR r.allocated <> 0))
ORDER BY 1 LIMIT $1;

-- name: verify_stock_strangers :many
-- in: lim int4
-- out: object text, detail text
SELECT 'reservation ' || r.reservation_id, 'holds stock for an order that does not exist or has no such line'
FROM inventory.pub_reservations r WHERE (r.status = 'active' OR r.allocated > 0)
  AND NOT EXISTS (SELECT 1 FROM orders.pub_order_lines l WHERE l.order_id = r.order_id AND l.variant_id = r.variant_id) ORDER BY 1 LIMIT $1;

-- name: verify_ledger_balance :many
-- in: lim int4
-- out: object text, detail text
SELECT 'ledger transaction ' || t.id, CASE WHEN e.currency IS NULL THEN 'has no entries' ELSE format('does not balance: %s %s', e.amount, e.currency) END
FROM payment.ledger_transaction t
LEFT JOIN (SELECT x.transaction_id, x.currency, sum(x.amount) AS amount FROM payment.ledger_entry x GROUP BY 1, 2) e ON e.transaction_id = t.id
WHERE e.currency IS NULL OR e.amount <> 0
UNION ALL
SELECT 'ledger entry ' || e.transaction_id || ' ' || e.n, format('moves %s %s, but there is no such transaction', e.amount, e.currency)
FROM payment.ledger_entry e WHERE NOT EXISTS (SELECT FROM payment.ledger_transaction t WHERE t.id = e.transaction_id) ORDER BY 1 LIMIT $1;

-- What the ledger says of each attempt is what the attempt says of itself.
-- name: verify_ledger_attempts :many
-- in: lim int4
-- out: object text, detail text
SELECT 'attempt ' || a.id, format('is %s over %s, captured %s, refunded %s; the ledger holds %s and took %s', a.state, a.amount, a.captured, a.refunded, l.held, l.taken)
FROM payment.attempt a CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount) FILTER (WHERE e.account LIKE 'hold:%'), 0) AS held, coalesce(sum(e.amount) FILTER (WHERE e.account LIKE 'clearing:%'), 0) AS taken
    FROM payment.ledger_transaction t JOIN payment.ledger_entry e ON e.transaction_id = t.id WHERE t.attempt_id = a.id AND e.currency = a.currency) l
WHERE l.held <> CASE WHEN a.state = 'authorized' THEN a.amount ELSE 0 END OR l.taken <> a.captured - a.refunded ORDER BY 1 LIMIT $1;

-- Our books and the sandbox provider's, to the cent. What is still being cleared up (an open operation, news or command) is not judged.
-- name: verify_books :many
-- in: lim int4
-- out: object text, detail text
SELECT 'attempt ' || coalesce(a.id::text, b.attempt_id::text),
       format('we: %s, held %s, taken %s; the sandbox: %s, held %s, taken %s', coalesce(a.state, 'unknown'), coalesce(a.held, 0), coalesce(a.taken, 0),
              coalesce(b.state, 'unknown'), coalesce(b.held, 0), coalesce(b.taken, 0))
FROM (SELECT x.id, x.state, CASE WHEN x.state = 'authorized' THEN x.amount ELSE 0 END AS held, x.captured - x.refunded AS taken, x.currency
      FROM payment.attempt x WHERE x.provider = 'sandbox') a
FULL JOIN (SELECT i.attempt_id, string_agg(i.state, '+') AS state, min(i.currency) AS currency,
                  sum(CASE k.kind WHEN 'authorize' THEN k.amount WHEN 'void' THEN -k.amount WHEN 'capture' THEN -i.amount ELSE 0 END)::bigint AS held,
                  sum(CASE k.kind WHEN 'capture' THEN k.amount WHEN 'refund' THEN -k.amount ELSE 0 END)::bigint AS taken
           FROM sandbox.intent i LEFT JOIN sandbox.booking k ON k.intent_id = i.id GROUP BY i.attempt_id) b ON b.attempt_id = a.id
WHERE (coalesce(a.held, 0) <> coalesce(b.held, 0) OR coalesce(a.taken, 0) <> coalesce(b.taken, 0) OR a.currency <> b.currency)
  AND NOT EXISTS (SELECT 1 FROM payment.operation p WHERE p.attempt_id = a.id AND p.state IN ('started', 'unknown'))
  AND NOT EXISTS (SELECT 1 FROM payment.inbound_event v WHERE v.attempt_id = a.id AND v.state = 'open')
  AND NOT EXISTS (SELECT 1 FROM payment.command c WHERE c.attempt_id = a.id AND c.state = 'open')
  AND NOT EXISTS (SELECT 1 FROM sandbox.event y JOIN sandbox.intent z ON z.id = y.intent_id WHERE z.attempt_id = a.id AND y.delivered < y.copies)
ORDER BY 1 LIMIT $1;

-- The provider's own books agree with its own states.
-- name: verify_sandbox :many
-- in: lim int4
-- out: object text, detail text
SELECT 'sandbox payment ' || i.id, format('is %s over %s, captured %s, refunded %s; booked: held %s, taken %s', i.state, i.amount, i.captured, i.refunded, k.held, k.taken)
FROM sandbox.intent i CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE b.kind WHEN 'authorize' THEN b.amount WHEN 'void' THEN -b.amount WHEN 'capture' THEN -i.amount ELSE 0 END), 0) AS held,
           coalesce(sum(CASE b.kind WHEN 'capture' THEN b.amount WHEN 'refund' THEN -b.amount ELSE 0 END), 0) AS taken
    FROM sandbox.booking b WHERE b.intent_id = i.id) k
WHERE k.held <> CASE WHEN i.state = 'authorized' THEN i.amount ELSE 0 END OR k.taken <> i.captured - i.refunded ORDER BY 1 LIMIT $1;

-- Open for longer than an hour although its time is over (whoever settles such things does not run), or waiting for a person.
-- name: verify_unsettled :many
-- in: lim int4, real usec, now usec
-- out: object text, detail text
SELECT v.object, v.detail FROM (
    SELECT 'attempt ' || a.id AS object, 'a person must look: ' || a.flag AS detail FROM payment.attempt a WHERE a.flag IS NOT NULL
    UNION ALL
    SELECT 'attempt ' || a.id, 'is still ' || a.state || ' long after its order''s time' FROM payment.attempt a JOIN orders.pub_orders o ON o.order_id = a.order_id
    WHERE a.state IN ('created', 'requires_action') AND o.expires_at < $3 - interval '1 hour' AND a.updated_at < $3 - interval '1 hour'
    UNION ALL
    SELECT 'order ' || o.number, 'is still unpaid long after its time, although no attempt is open' FROM orders.pub_orders o
    WHERE o.state = 'pending_payment' AND o.expires_at < $3 - interval '1 hour' AND o.updated_at < $3 - interval '1 hour'
      AND NOT EXISTS (SELECT 1 FROM payment.attempt a WHERE a.order_id = o.order_id AND a.state NOT IN ('voided', 'failed'))
    UNION ALL
    SELECT 'reservation ' || r.reservation_id, 'holds stock long after its time' FROM inventory.pub_reservations r
    WHERE r.status = 'active' AND r.expires_at < $3 - interval '1 hour'
    UNION ALL
    SELECT 'operation ' || p.id, p.kind || ' has had no answer for an hour' FROM payment.operation p WHERE p.state IN ('started', 'unknown') AND p.started_at < $2 - interval '1 hour'
    UNION ALL
    SELECT 'command ' || c.id, c.kind || ' (' || c.reason || ') was given up: ' || coalesce(c.note, '') FROM payment.command c WHERE c.state = 'flagged'
    UNION ALL
    SELECT 'event ' || e.id, e.type || ' was given up' FROM payment.inbound_event e WHERE e.state = 'flagged') v
ORDER BY 1 LIMIT $1;

-- Events of an object count without gaps (what is older than the outbox keeps is gone, so a sequence may begin later than 1).
-- name: verify_events_gapless :many
-- in: lim int4
-- out: object text, detail text
SELECT e.object_type || ' ' || e.object_id, format('events %s to %s, but %s of them', min(e.seq), max(e.seq), count(*))
FROM platform.pub_events e GROUP BY e.object_type, e.object_id HAVING count(*) <> max(e.seq) - min(e.seq) + 1 OR count(DISTINCT e.seq) <> count(*) ORDER BY 1 LIMIT $1;

-- name: verify_events_counters :many
-- in: lim int4
-- out: object text, detail text
SELECT v.object, format('counted %s events, the outbox has %s', v.counted, v.seen) FROM (
    SELECT 'order ' || o.number AS object, o.event_seq AS counted, max(e.seq) AS seen
    FROM orders.pub_orders o JOIN platform.pub_events e ON e.object_id = o.order_id AND e.object_type = 'order' GROUP BY 1, 2
    UNION ALL
    SELECT 'account ' || a.account_id, a.event_seq, max(e.seq) FROM identity.pub_accounts a
    JOIN platform.pub_events e ON e.object_id = a.account_id AND e.object_type = 'account' GROUP BY 1, 2
    UNION ALL
    SELECT 'attempt ' || a.id, a.event_seq, max(e.seq) FROM payment.attempt a JOIN platform.pub_events e ON e.object_id = a.id AND e.object_type = 'payment' GROUP BY 1, 2) v
WHERE v.counted <> v.seen ORDER BY 1 LIMIT $1;

-- The feed's positions have no gaps and no twins.
-- name: verify_events_feed :many
-- in: lim int4
-- out: object text, detail text
SELECT 'feed', format('positions %s to %s, but %s of them; the relay is at %s', f.first, f.last, f.count, r.last_position)
FROM (SELECT min(e.position) AS first, max(e.position) AS last, count(e.position) AS count, count(DISTINCT e.position) AS different FROM platform.pub_events e) f
CROSS JOIN platform.pub_relay r
WHERE f.count > 0 AND (f.count <> f.last - f.first + 1 OR f.different <> f.count OR f.last <> r.last_position) LIMIT $1;

-- One mail is owed for each order that was paid and whose event was read.
-- name: verify_mail_owed :many
-- in: lim int4
-- out: object text, detail text
SELECT 'order ' || o.number, format('was paid, and %s confirmations are owed', count(m.id))
FROM platform.pub_events e JOIN orders.pub_orders o ON o.order_id = e.object_id
LEFT JOIN notification.message m ON m.order_id = o.order_id AND m.kind = 'order_confirmation'
WHERE e.type = 'order.paid' AND e.position <= (SELECT c.position FROM platform.pub_consumers c WHERE c.name = 'mail')
GROUP BY o.number HAVING count(m.id) <> 1 ORDER BY 1 LIMIT $1;

-- name: verify_mail_stray :many
-- in: lim int4
-- out: object text, detail text
SELECT 'message ' || m.id, CASE WHEN m.state = 'failed' THEN 'was given up: ' || coalesce(m.last_error, '') ELSE 'confirms an order that was never paid' END
FROM notification.message m LEFT JOIN orders.pub_orders o ON o.order_id = m.order_id
WHERE m.state = 'failed' OR (m.kind = 'order_confirmation' AND o.paid_at IS NULL) ORDER BY 1 LIMIT $1;

-- Erased accounts and persons keep nothing personal; an account without its person's key is one that a restore forgot to erase again.
-- name: verify_erased :many
-- in: lim int4
-- out: object text, detail text
SELECT x.object, x.detail FROM identity.pub_erased_leftovers x ORDER BY 1 LIMIT $1;

-- Messages that were sent: their files must be in the spool, once.
-- name: verify_mail_sent :many
-- in: after mail_id?, lim int4
-- out: id mail_id
SELECT m.id FROM notification.message m WHERE m.state = 'sent' AND ($1::uuid IS NULL OR m.id > $1) ORDER BY m.id LIMIT $2;

-- Something is still on its way: not wrong, but no books can be closed on it.
-- name: verify_waiting :one
-- out: events int8, operations int8, commands int8, news int8, mails int8, attempts int8
SELECT (SELECT r.waiting FROM platform.pub_relay r), (SELECT count(*) FROM payment.operation p WHERE p.state IN ('started', 'unknown')),
       (SELECT count(*) FROM payment.command c WHERE c.state = 'open'), (SELECT count(*) FROM payment.inbound_event e WHERE e.state = 'open'),
       (SELECT count(*) FROM notification.message m WHERE m.state = 'queued'), (SELECT count(*) FROM payment.attempt a WHERE a.state IN ('created', 'requires_action'));
