#include "web/input.h"

#include "web/gates.h"

static const struct shape no_input = {"Nothing", (const struct shape_field[]){{NULL}}, 1};

bool input_form(struct serving *s, struct shape_pairs *ret_form, struct err *e)
{
    *ret_form = (struct shape_pairs){0, NULL};
    if (s->match.route->kind != KIND_PAGE || s->match.route->raw_body || s->http->body.n == 0)
        return true;
    return http_parse_pairs(s->call.arena, s->http->body, ret_form, e);
}

static bool known(const struct shape *shape, struct str name)
{
    for (const struct shape_field *f = shape->fields; f->name; f++) {
        struct str plain = f->kind == SHAPE_LIST && str_ends(name, STR("[]")) ? str_sub(name, 0, name.n - 2) : name;
        if (f->in == SHAPE_QUERY && str_eq_c(plain, f->name))
            return true;
    }
    return false;
}

/* Advertisers and mail programs hang their own parameters onto links to pages; the API says what it does not know. */
static struct shape_pairs without_unknown(struct arena *a, const struct shape *shape, struct shape_pairs all)
{
    struct shape_pair *v = ARENA_ARRAY(a, struct shape_pair, all.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (known(shape, all.v[i].name))
            v[n++] = all.v[i];
    }
    return (struct shape_pairs){n, v};
}

static bool read_query(struct serving *s, const struct shape *shape, void *in, struct err *e)
{
    struct shape_pairs pairs;
    if (!http_parse_pairs(s->call.arena, s->http->query, &pairs, e))
        return false;
    if (s->match.route->kind == KIND_PAGE || s->match.route->navigation)
        pairs = without_unknown(s->call.arena, shape, pairs);
    return shape_read_pairs(shape, SHAPE_QUERY, pairs, s->call.arena, in, e);
}

static bool read_headers(struct serving *s, const struct shape *shape, void *in, struct err *e)
{
    struct shape_pair *v = ARENA_ARRAY(s->call.arena, struct shape_pair, s->http->n_headers + 1);
    size_t n = 0;
    for (const struct shape_field *f = shape->fields; f->name; f++) {
        struct str value = f->in == SHAPE_HEADER ? http_header(s->http, f->name) : STR_NULL;
        if (!str_is_null(value) && n < s->http->n_headers)
            v[n++] = (struct shape_pair){str_from(f->name), value};
    }
    return shape_read_pairs(shape, SHAPE_HEADER, (struct shape_pairs){n, v}, s->call.arena, in, e);
}

static bool has_body_fields(const struct shape *shape, bool *ret_required)
{
    bool any = false;
    *ret_required = false;
    for (const struct shape_field *f = shape->fields; f->name; f++) {
        any |= f->in == SHAPE_BODY;
        *ret_required |= f->in == SHAPE_BODY && f->required;
    }
    return any;
}

static bool read_body(struct serving *s, const struct shape *shape, struct shape_pairs form, void *in, struct err *e)
{
    bool required;
    if (s->match.route->raw_body || method_is_safe(s->http->method))
        return true;
    bool any = has_body_fields(shape, &required);
    if (s->match.route->kind == KIND_PAGE)
        return shape_read_pairs(shape, SHAPE_BODY, form, s->call.arena, in, e);
    if (!any)
        return true;
    struct str body = s->http->body;
    if (body.n == 0)           /* nothing said: every required field is named as missing */
        body = STR("{}");
    return shape_read_json(shape, body, s->call.arena, in, e);
}

/* A path that cannot be the name of anything is an address that does not exist, not a form that was filled in badly. */
static bool read_path(struct serving *s, const struct shape *shape, void *in, struct err *e)
{
    struct err bad;
    err_clear(&bad);
    struct shape_pairs pairs = {s->match.n_params, s->match.params};
    if (shape_read_pairs(shape, SHAPE_PATH, pairs, s->call.arena, in, &bad))
        return true;
    return err_param(e, PROBLEM_NOT_FOUND, bad.param, "%.200s", bad.detail);
}

bool input_parse(struct serving *s, struct shape_pairs form, struct err *e)
{
    const struct shape *shape = s->match.route->in ? s->match.route->in : &no_input;
    void *in = arena_alloc(s->call.arena, shape->size);
    shape_defaults(shape, in);
    s->req.in = in;
    if (!read_path(s, shape, in, e))
        return false;
    bool ok = read_query(s, shape, in, e);
    if (!ok && e->n_fields == 0)
        return false;
    ok &= read_headers(s, shape, in, e);
    ok &= read_body(s, shape, form, in, e);
    return ok;
}
