-- What there is of some variants; a variant that is not stocked has no row.
-- name: availability :many
-- in: variants variant_id[]
-- out: variant variant_id, available int8
SELECT a.variant_id, a.available FROM inventory.pub_availability a WHERE a.variant_id = ANY ($1);
