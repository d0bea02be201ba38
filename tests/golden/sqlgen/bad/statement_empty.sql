-- name: a :exec
;
