-- Prices that are set: by staff, by programs with a key, by imports. A price row is a fact with a time range; setting one replaces what
-- stands in a range and leaves the rest as it was.
SET LOCAL ROLE own_catalog;

-- Writes prices. All arrays have one place per item: the variant (its row is locked by the caller), the list, the amount, what it is compared
-- with (0: nothing), and the range [from, to); to null: until further notice. Items of one variant and list do not overlap.
--
-- What stands in a range is replaced, and what spans beyond its end comes back there: a sale that ends needs nobody who ends it. Of a row that
-- is cut, the first piece keeps the id; a price that was never in force leaves no trace. What is so already is left alone, without an event.
-- Returns for each item whether something was written.
-- Prices are asked for with a bound on valid_from, or the last one first: along prices_current that is ten times as quick as along the index of the
-- exclusion constraint, which the planner would take for an equally good one.
CREATE OR REPLACE FUNCTION catalog.prices_put(p_variants uuid[], p_lists uuid[], p_amounts bigint[], p_compare_ats bigint[], p_from timestamptz[], p_to timestamptz[],
                                              p_actor text, p_request_id text, p_trace_id text, p_now timestamptz) RETURNS boolean[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $$
DECLARE
    v_deferred boolean := coalesce(current_setting('souk.defer_listing', true), '') = 'on';
    v_changed boolean[];
    v_first boolean[];                  -- the first price of this variant in this list
    v_ids uuid[];                       -- rows that are cut ...
    v_piece bigint[];                   -- ... and what is left of them: its number (null: nothing), its range
    v_piece_from timestamptz[];
    v_piece_to timestamptz[];
BEGIN
    SELECT array_agg(NOT coalesce(x.there, false) ORDER BY i.n), array_agg((SELECT c.id FROM catalog.prices c WHERE c.variant_id = i.variant AND c.price_list_id = i.list ORDER BY c.valid_from DESC LIMIT 1) IS NULL ORDER BY i.n)
    INTO v_changed, v_first
    FROM unnest(p_variants, p_lists, p_amounts, p_compare_ats, p_from, p_to) WITH ORDINALITY i(variant, list, amount, compare_at, f, t, n)
    CROSS JOIN LATERAL (SELECT range_agg(tstzrange(c.valid_from, c.valid_to)) @> tstzrange(i.f, i.t) AS there FROM catalog.prices c
                        WHERE c.variant_id = i.variant AND c.price_list_id = i.list AND c.valid_from < coalesce(i.t, 'infinity') AND (c.valid_to IS NULL OR c.valid_to > i.f)
                          AND c.amount = i.amount AND c.compare_at IS NOT DISTINCT FROM nullif(i.compare_at, 0)) x;
    IF NOT true = ANY (v_changed) THEN
        RETURN v_changed;
    END IF;

    SELECT array_agg(x.id), array_agg(r.k), array_agg(lower(r.range)), array_agg(upper(r.range)) INTO v_ids, v_piece, v_piece_from, v_piece_to
    FROM (SELECT c.id, tstzmultirange(tstzrange(c.valid_from, c.valid_to)) - h.hit AS rest
          FROM (SELECT i.variant, i.list, range_agg(tstzrange(i.f, i.t)) AS hit FROM unnest(p_variants, p_lists, p_from, p_to, v_changed) i(variant, list, f, t, changed)
                WHERE i.changed GROUP BY i.variant, i.list) h
          JOIN catalog.prices c ON c.variant_id = h.variant AND c.price_list_id = h.list AND c.valid_from < coalesce(upper(h.hit), 'infinity')
               AND (c.valid_to IS NULL OR c.valid_to > lower(h.hit))
          WHERE NOT tstzmultirange(tstzrange(c.valid_from, c.valid_to)) * h.hit = '{}') x
    LEFT JOIN LATERAL unnest(x.rest) WITH ORDINALITY r(range, k) ON true;

    -- One refresh of the read models for all that follows, not one for each statement.
    PERFORM set_config('souk.defer_listing', 'on', true);
    DELETE FROM catalog.prices c USING unnest(v_ids, v_piece) r(id, k) WHERE c.id = r.id AND r.k IS NULL;
    UPDATE catalog.prices c SET valid_from = r.f, valid_to = r.t FROM unnest(v_ids, v_piece, v_piece_from, v_piece_to) r(id, k, f, t) WHERE c.id = r.id AND r.k = 1;
    INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, compare_at, valid_from, valid_to, created_at)
    SELECT catalog.new_id(p_now), c.variant_id, c.price_list_id, c.currency, c.amount, c.compare_at, r.f, r.t, p_now
    FROM unnest(v_ids, v_piece, v_piece_from, v_piece_to) r(id, k, f, t) JOIN catalog.prices c ON c.id = r.id WHERE r.k > 1;
    INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, compare_at, valid_from, valid_to, created_at)
    SELECT catalog.new_id(p_now), i.variant, i.list, l.currency, i.amount, nullif(i.compare_at, 0), i.f, i.t, p_now
    FROM unnest(p_variants, p_lists, p_amounts, p_compare_ats, p_from, p_to, v_changed) i(variant, list, amount, compare_at, f, t, changed)
    JOIN catalog.price_lists l ON l.id = i.list WHERE i.changed;

    PERFORM platform.emit_v1('variant', x.variant, x.seq, CASE WHEN x.first THEN 'price.created' ELSE 'price.updated' END, 1,
        jsonb_build_object('variant_id', x.variant, 'price_list_id', x.list, 'amount', x.amount, 'currency', x.currency, 'valid_from', x.f, 'valid_to', x.t),
        p_actor, p_request_id, p_trace_id, p_now)
    FROM (SELECT i.*, l.currency, v.event_seq + row_number() OVER (PARTITION BY i.variant ORDER BY i.n) AS seq
          FROM unnest(p_variants, p_lists, p_amounts, p_from, p_to, v_changed, v_first) WITH ORDINALITY i(variant, list, amount, f, t, changed, first, n)
          JOIN catalog.variants v ON v.id = i.variant JOIN catalog.price_lists l ON l.id = i.list
          WHERE i.changed ORDER BY i.variant, i.n) x;
    UPDATE catalog.variants v SET event_seq = v.event_seq + k.n
    FROM (SELECT i.variant, count(*) AS n FROM unnest(p_variants, v_changed) i(variant, changed) WHERE i.changed GROUP BY i.variant) k WHERE v.id = k.variant;

    IF NOT v_deferred THEN
        PERFORM set_config('souk.defer_listing', 'off', true);
        PERFORM catalog.refresh_listing(ARRAY(SELECT DISTINCT v.product_id FROM unnest(p_variants, v_changed) i(variant, changed)
                                              JOIN catalog.variants v ON v.id = i.variant WHERE i.changed), platform.clock());
    END IF;
    RETURN v_changed;
END
$$;
REVOKE ALL ON FUNCTION catalog.prices_put(uuid[], uuid[], bigint[], bigint[], timestamptz[], timestamptz[], text, text, text, timestamptz) FROM PUBLIC;

-- Sets prices, all or none. An item names its variant by id or by SKU; its list by code (null: the default market's); the time from which it
-- counts (null: now) and its end (null: until further notice); and, if it must not overwrite what it does not know, the price that is in force
-- at its beginning.
--
-- Either every item is there, `changed` or `unchanged`, with the price that is in force at its beginning; or only those that are refused, and
-- nothing was written:
--   neither, both     the item names no variant, or one twice          unknown_variant, archived, unknown_price_list
--   currency          is not that of the list                          amount       is out of range
--   compare_at        is not higher than the amount                    past         it would begin before p_now
--   valid_to          is no later than the beginning                   overlap      with another item of the same variant and list
--   moved             another price than the named one is in force
--
-- A minute of grace: programs say "now" by their own clock, and what they say has travelled; it counts as now.
DROP FUNCTION IF EXISTS catalog.price_set_v1(uuid, uuid, bigint, bigint, timestamptz, text, text, text, timestamptz);
CREATE OR REPLACE FUNCTION catalog.prices_set_v1(p_variants uuid[], p_skus text[], p_price_lists text[], p_amounts bigint[], p_currencies text[], p_compare_ats bigint[],
                                                 p_from timestamptz[], p_to timestamptz[], p_if uuid[], p_actor text, p_request_id text, p_trace_id text, p_now timestamptz)
    RETURNS TABLE(n int, outcome text, variant_id uuid, sku text, product_id uuid, price_list text, price_id uuid, currency text, amount bigint, compare_at bigint,
                  valid_from timestamptz, valid_to timestamptz, created_at timestamptz)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
    SET lock_timeout = '4s'             -- batches of the same variants take turns, and wait for an import
AS $$
#variable_conflict use_column
DECLARE
    v_variants uuid[];
    v_lists uuid[];
    v_now timestamptz;
    v_from timestamptz[];
    v_outcomes text[];
    v_changed boolean[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(6009413705712021);  -- not while an import runs: import_begin_v1 says why
    SELECT array_agg(CASE WHEN u.variant IS NULL OR u.sku IS NULL
                          THEN coalesce((SELECT v.id FROM catalog.variants v WHERE v.id = u.variant), (SELECT v.id FROM catalog.variants v WHERE v.sku = u.sku)) END ORDER BY u.n),
           array_agg((SELECT l.id FROM catalog.price_lists l
                      WHERE l.code = coalesce(u.list, (SELECT d.code FROM catalog.markets m JOIN catalog.price_lists d ON d.id = m.price_list_id WHERE m.is_default))) ORDER BY u.n)
    INTO v_variants, v_lists
    FROM unnest(p_variants, p_skus, p_price_lists) WITH ORDINALITY u(variant, sku, list, n);
    PERFORM FROM catalog.variants v WHERE v.id = ANY (v_variants) ORDER BY v.id FOR NO KEY UPDATE;
    -- Plain SQL that changes a price locks no variant, and gives the price another id.
    PERFORM FROM catalog.prices c WHERE c.id IN (SELECT x.id FROM unnest(v_variants, v_lists, p_to) u(variant, list, t)
                                                 JOIN catalog.prices x ON x.variant_id = u.variant AND x.price_list_id = u.list AND x.valid_from < coalesce(u.t, 'infinity')
                                                 WHERE x.valid_to IS NULL OR x.valid_to > p_now)
    ORDER BY c.id FOR NO KEY UPDATE;

    -- Who waited for the lock has an older "now" than the one before: it comes behind that, so that no price that was in force is lost.
    SELECT greatest(p_now, max(c.created_at) + interval '1 microsecond') INTO v_now
    FROM unnest(v_variants, v_lists) u(variant, list) JOIN catalog.prices c ON c.variant_id = u.variant AND c.price_list_id = u.list AND c.valid_from > p_now
    WHERE c.created_at > p_now AND c.created_at < p_now + interval '1 minute';
    SELECT array_agg(CASE WHEN u.f < p_now - interval '1 minute' THEN u.f ELSE greatest(u.f, v_now) END ORDER BY u.n) INTO v_from
    FROM unnest(p_from) WITH ORDINALITY u(f, n);

    SELECT array_agg(coalesce(x.refused, CASE WHEN x.before > x.f OR x.after < x.t THEN 'overlap' END,
                              CASE WHEN x.wanted <> coalesce(x.in_force, '00000000-0000-0000-0000-000000000000') THEN 'moved' END) ORDER BY x.n)
    INTO v_outcomes
    FROM (SELECT r.*, max(r.t) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before, lead(r.f) OVER w AS after,
                 CASE WHEN r.wanted IS NOT NULL THEN (SELECT c.id FROM catalog.prices c WHERE c.variant_id = r.variant AND c.price_list_id = r.list AND c.valid_from <= r.f
                                                        AND (c.valid_to IS NULL OR c.valid_to > r.f)) END AS in_force
          FROM (SELECT u.n, u.variant, u.list, u.f, coalesce(u.t, 'infinity') AS t, u.wanted,
                       CASE WHEN u.id IS NULL AND u.sku IS NULL THEN 'neither' WHEN u.id IS NOT NULL AND u.sku IS NOT NULL THEN 'both'
                            WHEN v.id IS NULL THEN 'unknown_variant' WHEN v.status = 'archived' OR p.status = 'archived' THEN 'archived'
                            WHEN l.id IS NULL THEN 'unknown_price_list' WHEN l.currency <> u.currency THEN 'currency'
                            WHEN u.amount NOT BETWEEN 0 AND 9007199254740991 OR u.compare_at > 9007199254740991 THEN 'amount'
                            WHEN u.compare_at <> 0 AND u.compare_at <= u.amount THEN 'compare_at'
                            WHEN u.f < p_now THEN 'past' WHEN u.t <= u.f THEN 'valid_to' END AS refused
                FROM unnest(p_variants, p_skus, v_variants, v_lists, p_amounts, p_currencies, p_compare_ats, v_from, p_to, p_if)
                     WITH ORDINALITY u(id, sku, variant, list, amount, currency, compare_at, f, t, wanted, n)
                LEFT JOIN catalog.variants v ON v.id = u.variant LEFT JOIN catalog.products p ON p.id = v.product_id
                LEFT JOIN catalog.price_lists l ON l.id = u.list) r
          WINDOW w AS (PARTITION BY r.variant, r.list, r.refused IS NULL ORDER BY r.f, r.n)) x;
    IF EXISTS (SELECT FROM unnest(v_outcomes) o WHERE o IS NOT NULL) THEN
        RETURN QUERY SELECT u.n::int, u.o, NULL::uuid, NULL::text, NULL::uuid, NULL::text, NULL::uuid, NULL::text, NULL::bigint, NULL::bigint, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz
            FROM unnest(v_outcomes) WITH ORDINALITY u(o, n) WHERE u.o IS NOT NULL ORDER BY u.n;
        RETURN;
    END IF;

    v_changed := catalog.prices_put(v_variants, v_lists, p_amounts, p_compare_ats, v_from, p_to, p_actor, p_request_id, p_trace_id, v_now);
    RETURN QUERY SELECT u.n::int, CASE WHEN u.changed THEN 'changed' ELSE 'unchanged' END, v.id, v.sku, v.product_id, l.code, c.id, c.currency, c.amount, c.compare_at,
                        c.valid_from, c.valid_to, c.created_at
        FROM unnest(v_variants, v_lists, v_from, v_changed) WITH ORDINALITY u(variant, list, f, changed, n)
        JOIN catalog.variants v ON v.id = u.variant JOIN catalog.price_lists l ON l.id = u.list
        CROSS JOIN LATERAL (SELECT x.* FROM catalog.prices x WHERE x.variant_id = u.variant AND x.price_list_id = u.list AND x.valid_from <= u.f
                            ORDER BY x.valid_from DESC LIMIT 1) c
        ORDER BY u.n;
END
$$;
REVOKE ALL ON FUNCTION catalog.prices_set_v1(uuid[], text[], text[], bigint[], text[], bigint[], timestamptz[], timestamptz[], uuid[], text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.prices_set_v1(uuid[], text[], text[], bigint[], text[], bigint[], timestamptz[], timestamptz[], uuid[], text, text, text, timestamptz)
    TO souk_product, souk_admin;
