-- name: word_list :many
-- out: word text
SELECT 'café "quoted" \ back ??= trigraph' FROM shop.words;
