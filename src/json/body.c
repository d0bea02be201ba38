/* Shapes from JSON. */
#include "json/field.h"
#include "json/shape.h"
#include "json/tree.h"

struct body_reader {
    struct arena *a;
    struct err *e;
};

static void read_object(struct body_reader *r, const struct shape *s, int place, struct json_object *o, const char *prefix, void *base);

static bool take(struct body_reader *r, const struct shape_field *f, enum shape_kind kind, struct json_object *o, const char *param, void *dst);

static bool take_money(struct body_reader *r, const struct shape_field *f, struct json_object *o, const char *param, struct money *dst)
{
    struct json_object *amount = NULL, *currency = NULL;
    struct money m = {0};
    if (!json_object_is_type(o, json_type_object) || json_object_object_length(o) != 2 || !json_object_object_get_ex(o, "amount", &amount) ||
        !json_object_object_get_ex(o, "currency", &currency) || !json_object_is_type(amount, json_type_int) ||
        !json_object_is_type(currency, json_type_string) || !currency_parse(str_from(json_object_get_string(currency)), &m.currency))
        return err_field(r->e, PROBLEM_INVALID, param, "must be an object with amount (minor units) and currency (ISO 4217)");
    m.amount = json_object_get_int64(amount);
    if (!field_money_ok(m, f, param, r->e))
        return false;
    *dst = m;
    return true;
}

static bool take_list(struct body_reader *r, const struct shape_field *f, struct json_object *o, const char *param, struct shape_list *dst)
{
    if (!json_object_is_type(o, json_type_array))
        return err_field(r->e, PROBLEM_INVALID, param, "must be an array");
    size_t n = json_object_array_length(o), size = f->sub ? f->sub->size : field_size(f->item);
    if ((int64_t)n > field_list_max(f))
        return err_field(r->e, PROBLEM_OUT_OF_RANGE, param, "must have at most %lld items", (long long)field_list_max(f));
    if ((int64_t)n < f->min)
        return err_field(r->e, PROBLEM_OUT_OF_RANGE, param, "must have at least %lld items", (long long)f->min);
    char *items = n ? arena_array_(r->a, n, size) : NULL;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        const char *p = arena_printf(r->a, "%s[%zu]", param, i);
        struct json_object *item = json_object_array_get_idx(o, i);
        if (f->sub) {
            if (!json_object_is_type(item, json_type_object))
                ok = err_field(r->e, PROBLEM_INVALID, p, "must be an object");
            else
                read_object(r, f->sub, -1, item, arena_printf(r->a, "%s.", p), items + i * size);
        } else if (!take(r, f, f->item, item, p, items + i * size)) {
            ok = false;
        }
    }
    *dst = (struct shape_list){n, items};
    return ok;
}

static bool take_object(struct body_reader *r, const struct shape_field *f, struct json_object *o, const char *param, void **dst)
{
    if (!json_object_is_type(o, json_type_object))
        return err_field(r->e, PROBLEM_INVALID, param, "must be an object");
    void *value = arena_alloc(r->a, f->sub->size);
    read_object(r, f->sub, -1, o, arena_printf(r->a, "%s.", param), value);
    *dst = value;
    return true;
}

static bool take(struct body_reader *r, const struct shape_field *f, enum shape_kind kind, struct json_object *o, const char *param, void *dst)
{
    switch (kind) {
    case SHAPE_INT: case SHAPE_OPT_INT:
        if (!json_object_is_type(o, json_type_int))
            return err_field(r->e, PROBLEM_INVALID, param, "must be a whole number");
        return field_take_int(f, kind, json_object_get_int64(o), dst, param, r->e);
    case SHAPE_BOOL: case SHAPE_OPT_BOOL:
        if (!json_object_is_type(o, json_type_boolean))
            return err_field(r->e, PROBLEM_INVALID, param, "must be true or false");
        if (kind == SHAPE_OPT_BOOL)
            *(struct opt_bool *)dst = (struct opt_bool)OPT(json_object_get_boolean(o) != 0);
        else
            *(bool *)dst = json_object_get_boolean(o) != 0;
        return true;
    case SHAPE_MONEY:
        return take_money(r, f, o, param, dst);
    case SHAPE_OBJECT:
        return take_object(r, f, o, param, dst);
    case SHAPE_LIST:
        return take_list(r, f, o, param, dst);
    default:
        if (!json_object_is_type(o, json_type_string))
            return err_field(r->e, PROBLEM_INVALID, param, "must be a string");
        return field_take_text(f, kind, str_of(json_object_get_string(o), (size_t)json_object_get_string_len(o)), r->a, dst, param, r->e);
    }
}

static const struct shape_field *find(const struct shape *s, int place, const char *name)
{
    for (const struct shape_field *f = s->fields; f->name; f++) {
        if ((place < 0 || (int)f->in == place) && strcmp(f->name, name) == 0)
            return f;
    }
    return NULL;
}

static void read_object(struct body_reader *r, const struct shape *s, int place, struct json_object *o, const char *prefix, void *base)
{
    for (const struct shape_field *f = s->fields; f->name; f++) {
        struct json_object *v = NULL;
        if (place >= 0 && (int)f->in != place)
            continue;
        field_clear(f, base);
        const char *param = arena_printf(r->a, "%s%s", prefix, f->name);
        if (!json_object_object_get_ex(o, f->name, &v) || v == NULL) {
            if (f->required)
                (void)err_field(r->e, PROBLEM_REQUIRED, param, "is missing");
            continue;
        }
        (void)take(r, f, f->kind, v, param, field_at(base, f));      /* a refusal is collected; the next field has its turn */
    }
    json_object_object_foreach(o, key, child)
    {
        (void)child;
        if (!find(s, place, key))
            (void)err_field(r->e, PROBLEM_UNKNOWN_FIELD, arena_printf(r->a, "%s%.60s", prefix, key), "is not known here");
    }
}

bool shape_read_json(const struct shape *s, struct str body, struct arena *a, void *ret, struct err *e)
{
    struct json_object *o = NULL;
    size_t before = e->n_fields;
    if (!json_tree(body, a, &o, e))
        return false;
    if (!json_object_is_type(o, json_type_object))
        return err_set(e, PROBLEM_INVALID_JSON, "the body must be an object");
    struct body_reader r = {a, e};
    read_object(&r, s, SHAPE_BODY, o, "", ret);
    return e->n_fields == before;
}
