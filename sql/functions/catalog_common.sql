-- What keeps the catalogue consistent by itself: slugs, category paths and price history.
SET LOCAL ROLE own_catalog;

-- UUIDv7 (RFC 9562).
CREATE OR REPLACE FUNCTION catalog.new_id(p_now timestamptz) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM p_now) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
END
$$;
REVOKE ALL ON FUNCTION catalog.new_id(timestamptz) FROM PUBLIC;

-- --- slugs: every slug that an object ever had leads to it, until another object takes it ------------------------------

CREATE OR REPLACE FUNCTION catalog.keep_product_slug() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO catalog.product_slugs (slug, product_id, created_at) VALUES (NEW.slug, NEW.id, NEW.updated_at)
    ON CONFLICT (slug) DO UPDATE SET product_id = EXCLUDED.product_id;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION catalog.keep_product_slug() FROM PUBLIC;
CREATE OR REPLACE TRIGGER products_slug AFTER INSERT OR UPDATE OF slug ON catalog.products
    FOR EACH ROW EXECUTE FUNCTION catalog.keep_product_slug();

CREATE OR REPLACE FUNCTION catalog.keep_category_slug() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO catalog.category_slugs (slug, category_id, created_at) VALUES (NEW.slug, NEW.id, NEW.updated_at)
    ON CONFLICT (slug) DO UPDATE SET category_id = EXCLUDED.category_id;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION catalog.keep_category_slug() FROM PUBLIC;
CREATE OR REPLACE TRIGGER categories_slug AFTER INSERT OR UPDATE OF slug ON catalog.categories
    FOR EACH ROW EXECUTE FUNCTION catalog.keep_category_slug();

-- --- category tree -----------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION catalog.set_category_path() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_path uuid[];
BEGIN
    IF NEW.parent_id IS NULL THEN
        NEW.path := ARRAY[NEW.id];
        RETURN NEW;
    END IF;
    SELECT c.path INTO v_path FROM catalog.categories c WHERE c.id = NEW.parent_id;
    IF NEW.id = ANY (v_path) THEN
        RAISE EXCEPTION 'category % would be its own ancestor', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.path := v_path || NEW.id;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION catalog.set_category_path() FROM PUBLIC;
CREATE OR REPLACE TRIGGER categories_path BEFORE INSERT OR UPDATE OF parent_id ON catalog.categories
    FOR EACH ROW EXECUTE FUNCTION catalog.set_category_path();

CREATE OR REPLACE FUNCTION catalog.move_subtree() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE catalog.categories c SET path = NEW.path || c.path[cardinality(OLD.path) + 1:]
    WHERE c.path @> ARRAY[NEW.id] AND c.id <> NEW.id;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION catalog.move_subtree() FROM PUBLIC;
CREATE OR REPLACE TRIGGER categories_subtree AFTER UPDATE OF parent_id ON catalog.categories
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION catalog.move_subtree();

-- --- prices ------------------------------------------------------------------------------------------------------------

-- A changed amount of a price in force is a new price (new id, from now on); the old one stays, closed.
CREATE OR REPLACE FUNCTION catalog.price_changes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := platform.clock();
BEGIN
    IF NEW.valid_from = OLD.valid_from AND v_now > OLD.valid_from AND (OLD.valid_to IS NULL OR OLD.valid_to > v_now) THEN
        NEW.id := catalog.new_id(v_now);
        NEW.valid_from := v_now;
        NEW.created_at := v_now;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION catalog.price_changes() FROM PUBLIC;
CREATE OR REPLACE TRIGGER prices_changes BEFORE UPDATE ON catalog.prices
    FOR EACH ROW WHEN (OLD.amount <> NEW.amount OR OLD.compare_at IS DISTINCT FROM NEW.compare_at) EXECUTE FUNCTION catalog.price_changes();

-- (The read models are renewed once, by the trigger of the statement that changed the prices; each row put here would renew them again.)
CREATE OR REPLACE FUNCTION catalog.price_keep_old() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_deferred text := coalesce(current_setting('souk.defer_listing', true), 'off');
BEGIN
    PERFORM set_config('souk.defer_listing', 'on', true);
    INSERT INTO catalog.prices (id, variant_id, price_list_id, currency, amount, compare_at, valid_from, valid_to, created_at)
    VALUES (OLD.id, OLD.variant_id, OLD.price_list_id, OLD.currency, OLD.amount, OLD.compare_at, OLD.valid_from, NEW.valid_from, OLD.created_at);
    PERFORM set_config('souk.defer_listing', v_deferred, true);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION catalog.price_keep_old() FROM PUBLIC;
-- The name sorts before those of the foreign keys' triggers: they must find the old id again.
CREATE OR REPLACE TRIGGER "A_prices_keep_old" AFTER UPDATE ON catalog.prices
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION catalog.price_keep_old();
