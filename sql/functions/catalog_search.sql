-- Search: what a mistyped word probably meant.
SET LOCAL ROLE own_catalog;

-- Each word that begins no word of any product or category is replaced by the most similar one that exists, if one is similar
-- enough; the others stay. Trigrams find the names (index), similarity picks the word.
CREATE OR REPLACE FUNCTION catalog.correct_words_v1(p_words text[], p_locale text) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_word text;
    v_best text;
    v_result text[] := '{}';
BEGIN
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
    FOREACH v_word IN ARRAY p_words LOOP
        v_word := lower(v_word);
        IF length(v_word) < 4 OR EXISTS (SELECT FROM catalog.product_texts t WHERE t.locale IN (p_locale, 'en')
                                         AND t.words @@ to_tsquery('simple', quote_literal(v_word) || ':*')) THEN
            v_result := v_result || v_word;
            CONTINUE;
        END IF;
        SELECT c.word INTO v_best
        FROM (SELECT w.word, count(*) AS uses
              FROM (SELECT t.words FROM catalog.product_texts t WHERE t.locale IN (p_locale, 'en') AND v_word OPERATOR(ext.<%) lower(t.name) LIMIT 500) n
              CROSS JOIN LATERAL unnest(tsvector_to_array(n.words)) w(word)
              GROUP BY w.word
              UNION ALL
              SELECT w.word, 1
              FROM catalog.category_texts t CROSS JOIN LATERAL unnest(tsvector_to_array(t.words)) w(word) WHERE t.locale IN (p_locale, 'en')) c
        WHERE ext.similarity(c.word, v_word) >= 0.3
        ORDER BY ext.similarity(c.word, v_word) - abs(length(c.word) - length(v_word)) * 0.02 DESC, c.uses DESC, c.word LIMIT 1;
        v_result := v_result || coalesce(v_best, v_word);
    END LOOP;
    RETURN v_result;
END
$$;
REVOKE ALL ON FUNCTION catalog.correct_words_v1(text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog.correct_words_v1(text[], text) TO souk_product;
