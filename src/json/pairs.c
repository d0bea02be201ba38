/* Shapes from decoded name=value pairs: query strings, forms, path segments, headers. */
#include "json/field.h"
#include "json/shape.h"

struct pairs_reader {
    struct shape_pairs pairs;
    bool *used;
    struct arena *a;
    struct err *e;
};

/* `name` is prefix + field, and, for lists, may end in "[]". */
static bool name_is(struct str name, struct str prefix, const char *field, bool list)
{
    if (!str_starts(name, prefix))
        return false;
    struct str rest = str_sub(name, prefix.n, name.n);
    if (str_eq_c(rest, field))
        return true;
    return list && str_ends(rest, STR("[]")) && str_eq_c(str_sub(rest, 0, rest.n - 2), field);
}

static const char *param_of(const struct pairs_reader *r, struct str prefix, const char *field)
{
    return arena_printf(r->a, STR_FMT "%s", STR_ARG(prefix), field);
}

static void read_scalar(struct pairs_reader *r, const struct shape_field *f, struct str prefix, void *base)
{
    const char *param = param_of(r, prefix, f->name);
    bool seen = false, filled = false;
    for (size_t i = 0; i < r->pairs.n; i++) {
        if (!name_is(r->pairs.v[i].name, prefix, f->name, false))
            continue;
        r->used[i] = true;
        if (seen) {
            (void)err_field(r->e, PROBLEM_INVALID, param, "is given more than once");
            return;
        }
        seen = true;
        struct str value = r->pairs.v[i].value;
        if (str_trim(value).n == 0)      /* an empty input of a form says nothing */
            continue;
        filled = true;
        if (!field_take_text(f, f->kind, value, r->a, field_at(base, f), param, r->e))
            return;
    }
    if (!filled && f->required)
        (void)err_field(r->e, PROBLEM_REQUIRED, param, "is missing");
}

static void read_list(struct pairs_reader *r, const struct shape_field *f, struct str prefix, void *base)
{
    const char *param = param_of(r, prefix, f->name);
    size_t n = 0, size = field_size(f->item);
    int64_t max = field_list_max(f);
    for (size_t i = 0; i < r->pairs.n; i++)
        n += name_is(r->pairs.v[i].name, prefix, f->name, true);
    char *items = n ? arena_array_(r->a, n, size) : NULL;
    size_t at = 0;
    for (size_t i = 0; i < r->pairs.n; i++) {
        if (!name_is(r->pairs.v[i].name, prefix, f->name, true))
            continue;
        r->used[i] = true;
        if ((int64_t)n > max || r->pairs.v[i].value.n == 0)
            continue;
        if (field_take_text(f, f->item, r->pairs.v[i].value, r->a, items + at * size, param, r->e))
            at++;
    }
    if ((int64_t)n > max)
        (void)err_field(r->e, PROBLEM_OUT_OF_RANGE, param, "must have at most %lld values", (long long)max);
    else if (n == 0 && f->required)
        (void)err_field(r->e, PROBLEM_REQUIRED, param, "is missing");
    *(struct shape_list *)field_at(base, f) = (struct shape_list){at, items};
}

static void read_fields(struct pairs_reader *r, const struct shape *s, struct str prefix, int place, void *base);

static void read_object(struct pairs_reader *r, const struct shape_field *f, struct str prefix, void *base)
{
    struct str inner = str_printf(r->a, STR_FMT "%s.", STR_ARG(prefix), f->name);
    bool given = f->required;
    for (size_t i = 0; i < r->pairs.n; i++) {
        if (!str_starts(r->pairs.v[i].name, inner))
            continue;
        if (str_trim(r->pairs.v[i].value).n > 0)
            given = true;
    }
    if (!given) {                       /* all its inputs were left empty: names are still checked below */
        struct err ignored;
        struct pairs_reader probe = *r;
        err_clear(&ignored);
        probe.e = &ignored;
        read_fields(&probe, f->sub, inner, -1, arena_alloc(r->a, f->sub->size));
        return;
    }
    void *o = arena_alloc(r->a, f->sub->size);
    read_fields(r, f->sub, inner, -1, o);
    *(void **)field_at(base, f) = o;
}

static void read_fields(struct pairs_reader *r, const struct shape *s, struct str prefix, int place, void *base)
{
    for (const struct shape_field *f = s->fields; f->name; f++) {
        if (place >= 0 && (int)f->in != place)
            continue;
        field_clear(f, base);
        if (f->kind == SHAPE_OBJECT)
            read_object(r, f, prefix, base);
        else if (f->kind == SHAPE_LIST && !f->sub)
            read_list(r, f, prefix, base);
        else if (f->kind != SHAPE_LIST)
            read_scalar(r, f, prefix, base);
    }
}

bool shape_read_pairs(const struct shape *s, enum shape_place place, struct shape_pairs pairs, struct arena *a, void *ret, struct err *e)
{
    size_t before = e->n_fields;
    struct pairs_reader r = {pairs, ARENA_ARRAY(a, bool, pairs.n + 1), a, e};
    read_fields(&r, s, STR(""), (int)place, ret);
    for (size_t i = 0; i < pairs.n; i++) {
        if (r.used[i] || str_starts(pairs.v[i].name, STR("_")))
            continue;
        (void)err_field(e, PROBLEM_UNKNOWN_FIELD, arena_printf(a, "%.*s", (int)(pairs.v[i].name.n < 90 ? pairs.v[i].name.n : 90), pairs.v[i].name.p),
                        "is not known here");
    }
    return e->n_fields == before;
}
