/* Shapes as JSON Schema 2020-12, the dialect of OpenAPI 3.1. Structs of other shapes are referred to by name. */
#include "json/field.h"
#include "json/json.h"
#include "json/shape.h"

static bool is_json(const char *text)
{
    struct arena *a = arena_new();
    struct buf b;
    struct err e;
    err_clear(&e);
    buf_init_arena(&b, a, 0);
    bool ok = json_canonical(str_from(text), a, &b, &e);
    arena_destroy(a);
    return ok;
}

/* Texts are given as they are, everything else as JSON; of a list one item is enough. What is no JSON is shown as a text, so that the
 * document stays one. */
void shape_put_example(struct buf *out, const struct shape_field *f)
{
    enum shape_kind kind = f->kind;
    bool list = kind == SHAPE_LIST && f->example[0] != '[';
    if (list) {
        buf_char(out, '[');
        kind = f->item;
    }
    bool text = kind == SHAPE_STR || kind == SHAPE_TEXT || kind == SHAPE_SECRET || kind == SHAPE_ENUM || kind == SHAPE_EMAIL || kind == SHAPE_ID || kind == SHAPE_TIME;
    if (text || !is_json(f->example))
        json_put_string(out, str_from(f->example));
    else
        buf_cstr(out, f->example);
    if (list)
        buf_char(out, ']');
}

static void put_example(struct buf *out, const struct shape_field *f)
{
    BUF_LIT(out, ",\"examples\":[");
    shape_put_example(out, f);
    buf_char(out, ']');
}

static void put_values(struct buf *out, const struct shape_field *f)
{
    BUF_LIT(out, ",\"enum\":[");
    for (const char *const *v = f->values; *v; v++) {
        if (v != f->values)
            buf_char(out, ',');
        json_put_string(out, str_from(*v));
    }
    if (f->nullable)
        BUF_LIT(out, ",null");
    buf_char(out, ']');
}

static void put_type(struct buf *out, const char *type, bool nullable)
{
    if (nullable)
        buf_printf(out, "\"type\":[\"%s\",\"null\"]", type);
    else
        buf_printf(out, "\"type\":\"%s\"", type);
}

static void put_reference(struct buf *out, const char *name, bool nullable)
{
    if (nullable)
        buf_printf(out, "\"anyOf\":[{\"$ref\":\"#/components/schemas/%s\"},{\"type\":\"null\"}]", name);
    else
        buf_printf(out, "\"$ref\":\"#/components/schemas/%s\"", name);
}

static void put_scalar(struct buf *out, const struct shape_field *f, enum shape_kind kind, bool nullable)
{
    switch (kind) {
    case SHAPE_STR: case SHAPE_TEXT: case SHAPE_SECRET: case SHAPE_EMAIL:
        put_type(out, "string", nullable);
        if (f->kind != SHAPE_LIST && (f->min > 0 || f->required))
            buf_printf(out, ",\"minLength\":%lld", (long long)(f->min > 0 ? f->min : 1));
        if (f->kind != SHAPE_LIST && f->max > 0)
            buf_printf(out, ",\"maxLength\":%lld", (long long)f->max);
        if (kind == SHAPE_EMAIL)
            BUF_LIT(out, ",\"format\":\"email\"");
        if (kind == SHAPE_SECRET)
            BUF_LIT(out, ",\"format\":\"password\"");
        return;
    case SHAPE_INT: case SHAPE_OPT_INT:
        put_type(out, "integer", nullable);
        BUF_LIT(out, ",\"format\":\"int64\"");
        if (f->kind != SHAPE_LIST && (f->min != 0 || f->max != 0))
            buf_printf(out, ",\"minimum\":%lld", (long long)f->min);
        if (f->kind != SHAPE_LIST && f->max != 0)
            buf_printf(out, ",\"maximum\":%lld", (long long)f->max);
        if (kind == SHAPE_INT && f->def != 0)
            buf_printf(out, ",\"default\":%lld", (long long)f->def);
        return;
    case SHAPE_BOOL: case SHAPE_OPT_BOOL:
        put_type(out, "boolean", nullable);
        if (kind == SHAPE_BOOL && f->def)
            BUF_LIT(out, ",\"default\":true");
        return;
    case SHAPE_MONEY: put_reference(out, "Money", nullable); return;
    case SHAPE_TIME:
        put_type(out, "string", nullable);
        BUF_LIT(out, ",\"format\":\"date-time\"");
        return;
    case SHAPE_ID:
        put_type(out, "string", nullable);
        buf_printf(out, ",\"pattern\":\"^%s_[0-9a-hjkmnp-tv-z]{26}$\"", id_prefix(f->id));
        return;
    case SHAPE_ENUM:
        put_type(out, "string", nullable);
        put_values(out, f);
        return;
    case SHAPE_OBJECT: put_reference(out, f->sub->name, nullable); return;
    case SHAPE_LIST: case SHAPE_JSON: return;
    }
    UNREACHABLE();
}

void shape_field_schema(struct buf *out, const struct shape_field *f)
{
    buf_char(out, '{');
    if (f->kind == SHAPE_LIST) {
        BUF_LIT(out, "\"type\":\"array\",\"items\":{");
        if (f->sub)
            put_reference(out, f->sub->name, false);
        else
            put_scalar(out, f, f->item, false);
        buf_char(out, '}');
        if (f->min > 0)
            buf_printf(out, ",\"minItems\":%lld", (long long)f->min);
        if (f->max > 0)
            buf_printf(out, ",\"maxItems\":%lld", (long long)f->max);
    } else if (f->kind == SHAPE_JSON) {
        put_type(out, "object", f->nullable);
    } else {
        put_scalar(out, f, f->kind, f->nullable);
    }
    if (f->doc) {
        BUF_LIT(out, ",\"description\":");
        json_put_string(out, str_from(f->doc));
    }
    if (f->example)
        put_example(out, f);
    buf_char(out, '}');
}

/* What must be sent must hold something; what is always answered may be an empty text. */
static struct shape_field as_answered(const struct shape_field *f)
{
    struct shape_field one = *f;
    one.required = false;
    return one;
}

void shape_schema(struct buf *out, const struct shape *s, bool answered)
{
    bool first = true;
    BUF_LIT(out, "{\"type\":\"object\",\"properties\":{");
    for (const struct shape_field *f = s->fields; f->name; f++) {
        if (f->in != SHAPE_BODY)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        json_put_string(out, str_from(f->name));
        buf_char(out, ':');
        struct shape_field one = answered ? as_answered(f) : *f;
        shape_field_schema(out, &one);
    }
    buf_char(out, '}');
    first = true;
    for (const struct shape_field *f = s->fields; f->name; f++) {
        if (f->in != SHAPE_BODY || !f->required)
            continue;
        buf_cstr(out, first ? ",\"required\":[" : ",");
        first = false;
        json_put_string(out, str_from(f->name));
    }
    buf_cstr(out, first ? "}" : "]}");
}
