-- What the worker runtime reads for every request without asking for it.

-- All markets, the default one first.
-- name: market_all :many
-- out: id market_id, code text, country text, currency currency, locale text, prices_include_tax bool, price_list price_list_id, time_zone text,
-- out: is_default bool
SELECT m.id, m.code, m.country, m.currency, m.locale, m.prices_include_tax, m.price_list_id, m.time_zone, m.is_default
FROM catalog.pub_markets m ORDER BY m.is_default DESC, m.code;
