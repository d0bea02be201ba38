-- name: x :exec :gather
SELECT shop.touch();
