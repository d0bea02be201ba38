#include "web/index.h"

#include "http/parse.h"

struct segments {
    size_t n;
    struct str v[ROUTE_SEGMENTS_MAX];
};

struct entry {
    const struct route *route;
    size_t number;
    struct segments pattern;
};

struct route_index {
    size_t n;
    struct entry *v;                              /* by number of segments, then the more exact first */
    size_t first[ROUTE_SEGMENTS_MAX + 2];         /* first[k]..first[k + 1]: the rows with k segments */
};

size_t route_count(const struct route *routes)
{
    size_t n = 0;
    while (routes[n].pattern)
        n++;
    return n;
}

/* "/" has no segments; "/a/b" has two; a slash at the end makes an empty last one, which no pattern has. */
static bool split(struct str path, struct segments *ret)
{
    struct str rest = str_sub(path, 1, path.n), one;
    ret->n = 0;
    if (path.n <= 1)
        return path.n == 1;
    while (str_split(&rest, '/', &one)) {
        if (ret->n == ROUTE_SEGMENTS_MAX || one.n == 0)
            return false;
        ret->v[ret->n++] = one;
    }
    return true;
}

/* "{slug}" is a placeholder, "sitemap-{n}.xml" one with text around it. */
struct placeholder { struct str before, name, after; };

static bool is_param(struct str segment, struct placeholder *ret)
{
    const char *open = memchr(segment.p, '{', segment.n), *close = memchr(segment.p, '}', segment.n);
    if (!open || !close || close < open + 2)
        return false;
    size_t from = (size_t)(open - segment.p), to = (size_t)(close - segment.p);
    *ret = (struct placeholder){str_sub(segment, 0, from), str_sub(segment, from + 1, to - from - 1), str_sub(segment, to + 1, segment.n)};
    return true;
}

/* Does `text` fit, and what would the placeholder be? Never nothing. */
static bool takes(const struct placeholder *p, struct str text, struct str *ret_value)
{
    size_t around = p->before.n + p->after.n;
    if (text.n <= around || !str_starts(text, p->before) || !str_ends(text, p->after))
        return false;
    *ret_value = str_sub(text, p->before.n, text.n - around);
    return true;
}

/* Two rows say the same when they differ in nothing but the names of their placeholders. Otherwise what is more exact comes first: literals, then
 * placeholders with text around them. */
static int cmp_segments(struct str x, struct str y)
{
    struct placeholder a = {0}, b = {0};
    bool pa = is_param(x, &a), pb = is_param(y, &b);
    if (pa != pb)
        return pa ? 1 : -1;
    if (!pa)
        return str_cmp(x, y);
    size_t na = a.before.n + a.after.n, nb = b.before.n + b.after.n;
    if (na != nb)
        return na > nb ? -1 : 1;
    int c = str_cmp(a.before, b.before);
    return c ? c : str_cmp(a.after, b.after);
}

static int cmp_entries(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    if (a->pattern.n != b->pattern.n)
        return a->pattern.n < b->pattern.n ? -1 : 1;
    for (size_t i = 0; i < a->pattern.n; i++) {
        int c = cmp_segments(a->pattern.v[i], b->pattern.v[i]);
        if (c != 0)
            return c;
    }
    return a->number < b->number ? -1 : 1;
}

static void complain_once(void *arg, const char *row, const char *what)
{
    struct err *e = arg;
    if (e->problem == PROBLEM_NONE)
        (void)err_set(e, PROBLEM_INTERNAL, "route %s: %s", row, what);
}

bool route_index_new(const struct pool_spec *spec, struct arena *a, struct route_index **ret_index, struct err *e)
{
    err_clear(e);
    if (route_table_check(spec, complain_once, e) > 0)
        return false;
    struct route_index *x = ARENA_NEW(a, struct route_index);
    x->n = route_count(spec->routes);
    x->v = ARENA_ARRAY(a, struct entry, x->n + 1);
    for (size_t i = 0; i < x->n; i++) {
        x->v[i] = (struct entry){.route = &spec->routes[i], .number = i};
        BUG_IF(!split(str_from(spec->routes[i].pattern), &x->v[i].pattern));
    }
    qsort(x->v, x->n, sizeof(*x->v), cmp_entries);
    size_t at = 0;
    for (size_t k = 0; k <= ROUTE_SEGMENTS_MAX; k++) {
        while (at < x->n && x->v[at].pattern.n < k)
            at++;
        x->first[k] = at;
    }
    x->first[ROUTE_SEGMENTS_MAX + 1] = x->n;
    *ret_index = x;
    return true;
}

static bool matches(const struct segments *pattern, const struct segments *path)
{
    struct placeholder p;
    struct str value;
    for (size_t i = 0; i < pattern->n; i++) {
        if (is_param(pattern->v[i], &p) ? !takes(&p, path->v[i], &value) : !str_eq(pattern->v[i], path->v[i]))
            return false;
    }
    return true;
}

static void take_params(const struct segments *pattern, const struct segments *path, struct route_match *ret)
{
    struct placeholder p;
    struct str value;
    ret->n_params = 0;
    for (size_t i = 0; i < pattern->n; i++) {
        if (!is_param(pattern->v[i], &p) || !takes(&p, path->v[i], &value))
            continue;
        BUG_IF(ret->n_params == ROUTE_PARAMS_MAX);
        ret->params[ret->n_params++] = (struct shape_pair){p.name, value};
    }
}

static bool same_path(const struct segments *a, const struct segments *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (cmp_segments(a->v[i], b->v[i]) != 0)
            return false;
    }
    return true;
}

void route_find(const struct route_index *x, enum http_method m, struct str path, struct route_match *ret)
{
    struct segments s;
    const struct entry *best = NULL;
    memset(ret, 0, offsetof(struct route_match, params));
    if (!split(path, &s))
        return;
    enum http_method wanted = m == HTTP_HEAD ? HTTP_GET : m;
    for (size_t i = x->first[s.n]; i < x->first[s.n + 1]; i++) {
        const struct entry *c = &x->v[i];
        if (!best && matches(&c->pattern, &s))
            best = c;
        if (!best || !same_path(&best->pattern, &c->pattern))
            continue;
        ret->path_known = true;
        ret->methods |= 1u << c->route->method;
        if (c->route->method != wanted)
            continue;
        ret->route = c->route;
        ret->number = c->number;
        take_params(&c->pattern, &s, ret);
    }
    if (ret->methods & (1u << HTTP_GET))
        ret->methods |= 1u << HTTP_HEAD;
}

struct str route_allow(struct arena *a, unsigned methods)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    methods |= 1u << HTTP_OPTIONS;
    for (int m = HTTP_GET; m < HTTP_OTHER; m++) {
        if (!(methods & (1u << m)))
            continue;
        if (b.n)
            BUF_LIT(&b, ", ");
        buf_cstr(&b, http_method_name((enum http_method)m));
    }
    return buf_view(&b);
}

/* --- the checker ------------------------------------------------------------------------------------------------------- */

struct checker {
    void (*complain)(void *arg, const char *row, const char *what);
    void *arg;
    size_t n;
};

static void complain(struct checker *c, const struct route *r, const char *what)
{
    char row[160];
    (void)snprintf(row, sizeof(row), "%s %s", http_method_name(r->method), r->pattern);
    c->complain(c->arg, row, what);
    c->n++;
}

static const struct shape_field *path_field(const struct route *r, struct str name)
{
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++) {
        if (f->in == SHAPE_PATH && str_eq_c(name, f->name))
            return f;
    }
    return NULL;
}

static bool has_place(const struct route *r, enum shape_place place)
{
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++) {
        if (f->in == place)
            return true;
    }
    return false;
}

static size_t braces(struct str segment)
{
    size_t n = 0;
    for (size_t i = 0; i < segment.n; i++)
        n += segment.p[i] == '{' || segment.p[i] == '}';
    return n;
}

static void check_pattern(struct checker *c, const struct route *r)
{
    struct segments s;
    struct placeholder p;
    size_t n_params = 0, n_fields = 0;
    if (r->pattern[0] != '/' || !split(str_from(r->pattern), &s)) {
        complain(c, r, "the pattern must begin with a slash, have no empty segment, and at most 12 segments");
        return;
    }
    for (size_t i = 0; i < s.n; i++) {
        bool param = is_param(s.v[i], &p);
        if (braces(s.v[i]) != (param ? 2 : 0)) {
            complain(c, r, "a segment has one placeholder at most");
        } else if (param) {
            n_params++;
            if (r->kind == KIND_API && p.before.n + p.after.n > 0)
                complain(c, r, "a placeholder of the API fills its segment");
            const struct shape_field *f = path_field(r, p.name);
            if (!f)
                complain(c, r, "a placeholder has no field with SHAPE_PATH in the input shape");
            else if (!f->required)
                complain(c, r, "a path field must be required");
        }
    }
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++)
        n_fields += f->in == SHAPE_PATH;
    if (n_fields > n_params)
        complain(c, r, "the input shape has a path field that the pattern does not name");
    if (n_params > ROUTE_PARAMS_MAX)
        complain(c, r, "the pattern has more than 6 placeholders");
}

static bool is_name(const char *name)
{
    if (!name || !(name[0] >= 'a' && name[0] <= 'z'))
        return false;
    for (const char *p = name; *p; p++) {
        if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9') && *p != '_')
            return false;
    }
    return true;
}

static bool changes_things(enum http_method m)
{
    return m == HTTP_POST || m == HTTP_PUT || m == HTTP_PATCH || m == HTTP_DELETE;
}

static void check_flags(struct checker *c, const struct route *r)
{
    bool api_path = strncmp(r->pattern, "/v1/", 4) == 0 || strcmp(r->pattern, "/v1") == 0;
    if (r->method < HTTP_GET || r->method >= HTTP_OTHER || r->method == HTTP_HEAD || r->method == HTTP_OPTIONS)
        complain(c, r, "HEAD and OPTIONS are answered by the dispatcher; use GET, POST, PUT, PATCH or DELETE");
    if (!r->handler)
        complain(c, r, "there is no handler");
    if (!is_name(r->name))
        complain(c, r, "the name must be of the form product_list");
    if (!r->doc || !r->doc[0])
        complain(c, r, "the doc line is missing");
    if (api_path != (r->kind == KIND_API))
        complain(c, r, "KIND_API belongs to /v1, KIND_PAGE to everything else");
    if (changes_things(r->method) && r->kind == KIND_PAGE && r->csrf == CSRF_NONE)
        complain(c, r, "a page that changes something needs CSRF_ORIGIN or CSRF_TOKEN");
    if (!changes_things(r->method) && r->kind == KIND_API && r->csrf != CSRF_NONE)
        complain(c, r, "a reading API call needs no CSRF level");
    if (!changes_things(r->method) && r->idem != IDEM_IGNORED)
        complain(c, r, "a reading call has no idempotency key");
    if (r->method == HTTP_GET && (has_place(r, SHAPE_BODY) || r->raw_body || r->body_max > 0))
        complain(c, r, "a GET has no body");
    if (r->raw_body && has_place(r, SHAPE_BODY))
        complain(c, r, "raw_body and body fields exclude each other");
    if (r->kind == KIND_PAGE && (r->method == HTTP_PUT || r->method == HTTP_PATCH || r->method == HTTP_DELETE))
        complain(c, r, "a form can only GET and POST");
    if (r->kind == KIND_PAGE && (r->out || r->cors != CORS_NO))
        complain(c, r, "a page has neither an output shape nor CORS");
    if (r->cors == CORS_PUBLIC && r->csrf != CSRF_NONE)
        complain(c, r, "CORS_PUBLIC and a CSRF level exclude each other: no cookie is accepted from elsewhere");
    if (r->cached && (r->kind != KIND_PAGE || r->method != HTTP_GET || r->csrf != CSRF_NONE || r->auth != AUTH_NONE))
        complain(c, r, "only a GET page without visitor, token or account can be cached");
    if (r->auth != AUTH_STAFF && r->permission != PERMISSION_NONE)
        complain(c, r, "a permission is asked of staff only");
    if (r->fresh && r->auth < AUTH_CUSTOMER)
        complain(c, r, "fresh needs somebody who signed in");
    if (r->auth == AUTH_STAFF && changes_things(r->method) && r->permission == PERMISSION_NONE)
        complain(c, r, "a step of staff that changes something names its permission");
    if (r->body_type && !r->raw_body)
        complain(c, r, "body_type is for raw_body");
    if (r->body_doc && !r->raw_body)
        complain(c, r, "body_doc is for raw_body");
    if (r->refusal && !r->raw_body)
        complain(c, r, "only a handler that reads its body itself refuses in a form of its own");
    if (r->navigation && (r->kind != KIND_API || r->method != HTTP_GET || r->cors != CORS_NO))
        complain(c, r, "only a GET below /v1 without CORS is where other sites send browsers");
    if (r->out_list && !r->out)
        complain(c, r, "out_list needs an output shape");
    if (r->status != 0 && (r->status < 200 || r->status > 399))
        complain(c, r, "the status of success is not one");
    if (r->rate_per_minute < 0 || r->body_max < 0)
        complain(c, r, "limits are not negative");
}

static void check_shape(struct checker *c, const struct route *r, const struct shape *s, bool input, int depth)
{
    if (!s || depth > 6)
        return;
    if (!s->name || !s->name[0] || s->size == 0)
        complain(c, r, "a shape has no name or no size");
    for (const struct shape_field *f = s->fields; f->name; f++) {
        if (f->kind == SHAPE_ENUM && (!f->values || !f->values[0]))
            complain(c, r, "an enumeration has no values");
        if (f->kind == SHAPE_OBJECT && !f->sub)
            complain(c, r, "an object has no shape");
        if (f->kind == SHAPE_JSON && input)
            complain(c, r, "SHAPE_JSON is for output only");
        if (input && f->in != SHAPE_BODY && (f->kind == SHAPE_OBJECT || (f->kind == SHAPE_LIST && f->sub)))
            complain(c, r, "objects come in bodies only");
        if (f->min > f->max && f->max != 0)
            complain(c, r, "a field's minimum is above its maximum");
        if (f->offset + 1 > s->size)
            complain(c, r, "a field lies outside its struct");
        if (!f->doc && depth == 0 && input)
            complain(c, r, "an input field has no doc");
        check_shape(c, r, f->sub, input, depth + 1);
    }
}

size_t route_table_check(const struct pool_spec *spec, void (*tell)(void *arg, const char *row, const char *what), void *arg)
{
    struct checker c = {tell, arg, 0};
    size_t n = route_count(spec->routes);
    bool any_reserved = false;
    for (size_t i = 0; i < n; i++)
        any_reserved |= spec->routes[i].reserved;
    if (n > 0 && any_reserved != (spec->reserve > 0))
        complain(&c, &spec->routes[0], "rows with .reserved and pool_spec.reserve need each other");
    for (size_t i = 0; i < n; i++) {
        const struct route *r = &spec->routes[i];
        struct segments a, b;
        check_pattern(&c, r);
        check_flags(&c, r);
        check_shape(&c, r, r->in, true, 0);
        check_shape(&c, r, r->out, false, 0);
        for (size_t k = 0; k < i; k++) {
            const struct route *o = &spec->routes[k];
            if (r->name && o->name && strcmp(r->name, o->name) == 0)
                complain(&c, r, "another row has the same name");
            if (r->method == o->method && split(str_from(r->pattern), &a) && split(str_from(o->pattern), &b) && same_path(&a, &b))
                complain(&c, r, "another row has the same method and pattern");
        }
    }
    return c.n;
}
