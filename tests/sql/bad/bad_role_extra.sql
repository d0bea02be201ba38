-- name: b8 :one
-- out: version int4
SELECT o.version FROM platform.clock_offset o;
