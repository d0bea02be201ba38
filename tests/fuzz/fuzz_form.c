/* Query strings and forms: no crash; pairs are UTF-8 and no more than there are separators; a shape takes or refuses them within its bounds. */
#include <stdlib.h>

#include "../unit/json/sample.h"
#include "base/arena.h"
#include "fuzz.h"
#include "http/parse.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static void shape(struct arena *a, struct shape_pairs pairs, enum shape_place place)
{
    struct sample v;
    struct err e;
    err_clear(&e);
    shape_defaults(&sample, &v);
    bool ok = shape_read_pairs(&sample, place, pairs, a, &v, &e);
    MUST(ok == (e.n_fields == 0) && ok == (e.problem == PROBLEM_NONE));
    if (!ok || place != SHAPE_BODY)
        return;
    MUST(v.name.n >= 2 && str_utf8_length(v.name) <= 5 && str_is_text(v.name, false) && v.count >= 1 && v.count <= 9 && v.words.n <= 3);
    MUST(str_is_null(v.color) || str_eq_c(v.color, "red") || str_eq_c(v.color, "blue"));
    MUST(!v.part || v.part->city.n > 0);
    for (size_t i = 0; i < v.words.n; i++)
        MUST(str_is_text(((struct str *)v.words.v)[i], false));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = str_dup(a, str_of((const char *)data, size));
    struct shape_pairs pairs;
    struct err e;
    size_t separators = 0;
    err_clear(&e);
    for (size_t i = 0; i < size; i++)
        separators += data[i] == '&';
    if (http_parse_pairs(a, text, &pairs, &e)) {
        MUST(pairs.n <= separators + 1 && pairs.n <= HTTP_PAIRS_MAX);
        for (size_t i = 0; i < pairs.n; i++)
            MUST(str_is_utf8(pairs.v[i].name) && str_is_utf8(pairs.v[i].value) && !str_is_null(pairs.v[i].value));
        shape(a, pairs, SHAPE_BODY);
        shape(a, pairs, SHAPE_QUERY);
        shape(a, pairs, SHAPE_PATH);
    } else {
        MUST(e.problem == PROBLEM_BAD_REQUEST);
    }
    arena_destroy(a);
    return 0;
}
