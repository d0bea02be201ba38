#include "json/shape.h"

#include "json/field.h"
#include "json/json.h"

static void write_value(struct buf *out, struct arena *a, const struct shape_field *f, enum shape_kind kind, const void *src);

static void write_id(struct buf *out, const struct shape_field *f, const struct uuid *u)
{
    char text[ID_TEXT_MAX];
    size_t n = id_format(f->id, *u, text);
    buf_char(out, '"');
    buf_put(out, text, n);
    buf_char(out, '"');
}

static void write_money(struct buf *out, const struct money *m)
{
    BUF_LIT(out, "{\"amount\":");
    buf_int64(out, m->amount);
    BUF_LIT(out, ",\"currency\":");
    json_put_string(out, currency_str(&m->currency));
    buf_char(out, '}');
}

static void write_list(struct buf *out, struct arena *a, const struct shape_field *f, const struct shape_list *l)
{
    size_t size = f->sub ? f->sub->size : field_size(f->item);
    buf_char(out, '[');
    for (size_t i = 0; i < l->n; i++) {
        const char *item = (const char *)l->v + i * size;
        if (i)
            buf_char(out, ',');
        if (f->sub)
            shape_write(out, a, f->sub, item);
        else
            write_value(out, a, f, f->item, item);
    }
    buf_char(out, ']');
}

static void write_value(struct buf *out, struct arena *a, const struct shape_field *f, enum shape_kind kind, const void *src)
{
    switch (kind) {
    case SHAPE_STR: case SHAPE_TEXT: case SHAPE_SECRET: case SHAPE_ENUM: case SHAPE_EMAIL: json_put_string(out, *(const struct str *)src); return;
    case SHAPE_INT: buf_int64(out, *(const int64_t *)src); return;
    case SHAPE_OPT_INT: buf_int64(out, ((const struct opt_int64 *)src)->v); return;
    case SHAPE_BOOL: json_put_bool(out, *(const bool *)src); return;
    case SHAPE_OPT_BOOL: json_put_bool(out, ((const struct opt_bool *)src)->v); return;
    case SHAPE_MONEY: write_money(out, src); return;
    case SHAPE_TIME: json_put_string(out, time_format(a, *(const usec_t *)src)); return;
    case SHAPE_ID: write_id(out, f, src); return;
    case SHAPE_OBJECT: shape_write(out, a, f->sub, *(const void *const *)src); return;
    case SHAPE_LIST: write_list(out, a, f, src); return;
    case SHAPE_JSON: buf_str(out, *(const struct str *)src); return;
    }
    UNREACHABLE();
}

static bool is_absent(const struct shape_field *f, const void *src)
{
    switch (f->kind) {
    case SHAPE_STR: case SHAPE_TEXT: case SHAPE_SECRET: case SHAPE_ENUM: case SHAPE_EMAIL: case SHAPE_JSON: return str_is_null(*(const struct str *)src);
    case SHAPE_OPT_INT: return !((const struct opt_int64 *)src)->set;
    case SHAPE_OPT_BOOL: return !((const struct opt_bool *)src)->set;
    case SHAPE_MONEY: return ((const struct money *)src)->currency.code[0] == '\0';
    case SHAPE_TIME: return *(const usec_t *)src == 0;
    case SHAPE_ID: return uuid_is_zero(*(const struct uuid *)src);
    case SHAPE_OBJECT: return *(const void *const *)src == NULL;
    case SHAPE_LIST: return f->leave_out && ((const struct shape_list *)src)->v == NULL;
    case SHAPE_INT: case SHAPE_BOOL: return false;
    }
    UNREACHABLE();
}

void shape_write(struct buf *out, struct arena *a, const struct shape *s, const void *value)
{
    bool first = true;
    buf_char(out, '{');
    for (const struct shape_field *f = s->fields; f->name; f++) {
        const void *src = field_at_const(value, f);
        bool absent = is_absent(f, src);
        if (absent && !f->nullable)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_char(out, '"');
        buf_cstr(out, f->name);
        BUF_LIT(out, "\":");
        if (absent)
            BUF_LIT(out, "null");
        else
            write_value(out, a, f, f->kind, src);
    }
    buf_char(out, '}');
}

void shape_write_counted(struct buf *out, struct arena *a, const struct shape *s, struct shape_list list, struct str next_cursor, struct opt_int64 total)
{
    const struct shape_field f = {.name = "data", .kind = SHAPE_LIST, .sub = s};
    BUF_LIT(out, "{\"data\":");
    write_list(out, a, &f, &list);
    BUF_LIT(out, ",\"has_more\":");
    json_put_bool(out, !str_is_null(next_cursor));
    BUF_LIT(out, ",\"next_cursor\":");
    json_put_string(out, next_cursor);
    if (total.set) buf_printf(out, ",\"total\":%lld", (long long)total.v);
    buf_char(out, '}');
}

void shape_write_list(struct buf *out, struct arena *a, const struct shape *s, struct shape_list list, struct str next_cursor)
{
    shape_write_counted(out, a, s, list, next_cursor, (struct opt_int64){false, 0});
}

void shape_defaults(const struct shape *s, void *ret)
{
    memset(ret, 0, s->size);
    for (const struct shape_field *f = s->fields; f->name; f++)
        field_clear(f, ret);
}
