-- The bare checkout that the bench compares with: one function that writes an order, three lines, three stock rows and an
-- outbox event in one transaction. No cart, no tax, no payment, no idempotency: the floor that PostgreSQL sets on this machine.
CREATE SCHEMA bench;
CREATE TABLE bench.stock (variant bigint PRIMARY KEY, on_hand bigint NOT NULL, reserved bigint NOT NULL DEFAULT 0, CHECK (reserved <= on_hand)) WITH (fillfactor = 50);
CREATE TABLE bench.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total bigint NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE bench.lines (order_id bigint NOT NULL, variant bigint NOT NULL, quantity int NOT NULL, PRIMARY KEY (order_id, variant));
CREATE TABLE bench.outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL, payload jsonb NOT NULL);
INSERT INTO bench.stock SELECT g, 1000000000 FROM generate_series(1, 3000) g;

CREATE FUNCTION bench.checkout(p_variants bigint[], p_now timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_order bigint;
    v_got int;
BEGIN
    INSERT INTO bench.orders (total, created_at) VALUES (2499, p_now) RETURNING id INTO v_order;
    INSERT INTO bench.lines SELECT v_order, v, 1 FROM unnest(p_variants) v;
    INSERT INTO bench.outbox (order_id, payload) VALUES (v_order, jsonb_build_object('order', v_order));
    PERFORM FROM bench.stock WHERE variant = ANY (p_variants) ORDER BY variant FOR UPDATE;
    UPDATE bench.stock SET reserved = reserved + 1 WHERE variant = ANY (p_variants) AND on_hand - reserved >= 1;
    GET DIAGNOSTICS v_got = ROW_COUNT;
    IF v_got <> cardinality(p_variants) THEN RAISE EXCEPTION 'sold out'; END IF;
    RETURN v_order;
END $$;
