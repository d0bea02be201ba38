-- phase: expand
-- The sitemap of a large shop is many files. Which one a product stands in is told by its id alone, spread evenly: a file is one range of this index,
-- found as fast in a million products as in a thousand, and it keeps its products when others come and go.
SET LOCAL ROLE own_catalog;
CREATE INDEX products_spread ON catalog.products (uuid_hash(id), id) WHERE status = 'active';
RESET ROLE;
