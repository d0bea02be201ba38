/* JSON in: no crash; what is accepted has one canonical form, which is accepted again and stays as it is; a shape takes or refuses it, and what it took
 * can be written and read back to the same bytes. */
#include <stdlib.h>

#include "../unit/json/sample.h"
#include "base/arena.h"
#include "fuzz.h"
#include "json/json.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

/* Depth and quotes, counted anew. */
static bool balanced(struct str s)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < s.n; i++) {
        if (in_string && s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            in_string = !in_string;
        else if (!in_string && strchr("{[", s.p[i]))
            depth++;
        else if (!in_string && strchr("}]", s.p[i]))
            depth--;
        if (depth < 0 || depth > JSON_DEPTH_MAX)
            return false;
    }
    return depth == 0 && !in_string;
}

static void canonical(struct arena *a, struct str text)
{
    struct buf one, two;
    struct err e;
    err_clear(&e);
    buf_init_arena(&one, a, 0);
    buf_init_arena(&two, a, 0);
    if (!json_canonical(text, a, &one, &e)) {
        MUST(e.problem == PROBLEM_INVALID_JSON || e.problem == PROBLEM_BODY_TOO_LARGE);
        return;
    }
    MUST(balanced(buf_view(&one)) && str_is_utf8(buf_view(&one)));
    MUST(json_canonical(buf_view(&one), a, &two, &e));
    MUST(str_eq(buf_view(&one), buf_view(&two)));
}

static void shape(struct arena *a, struct str text)
{
    struct sample v, again;
    struct buf one, two;
    struct err e;
    err_clear(&e);
    shape_defaults(&sample, &v);
    shape_defaults(&sample, &again);
    buf_init_arena(&one, a, 0);
    buf_init_arena(&two, a, 0);
    if (!shape_read_json(&sample, text, a, &v, &e)) {
        MUST(e.problem != PROBLEM_NONE);
        return;
    }
    MUST(v.name.n >= 2 && str_is_text(v.name, false) && v.count >= 1 && v.count <= 9 && v.parts.n <= 2 && v.words.n <= 3);
    shape_write(&one, a, &sample, &v);
    MUST(shape_read_json(&sample, buf_view(&one), a, &again, &e));
    shape_write(&two, a, &sample, &again);
    MUST(str_eq(buf_view(&one), buf_view(&two)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = str_dup(a, str_of((const char *)data, size));
    struct buf b;
    canonical(a, text);
    shape(a, text);
    buf_init_arena(&b, a, 0);
    json_put_string(&b, text);                       /* any bytes as a string: valid JSON, valid UTF-8 */
    int64_t members;
    struct err e;
    err_clear(&e);
    MUST(str_is_utf8(buf_view(&b)));
    MUST(json_check(buf_view(&b), &members, &e) || memchr(data, 0, size) != NULL);
    arena_destroy(a);
    return 0;
}
