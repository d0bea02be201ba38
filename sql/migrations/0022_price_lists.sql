-- phase: expand
-- Prices as staff and their programs list them: what comes next, and what ended last. (The prices of now are read along prices_current.)
SET LOCAL ROLE own_catalog;

CREATE INDEX prices_begin ON catalog.prices (valid_from, id);
CREATE INDEX prices_end ON catalog.prices (valid_to, id) WHERE valid_to IS NOT NULL;

RESET ROLE;
