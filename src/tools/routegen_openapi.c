/* The OpenAPI 3.1 document of the whole API, from the tables that the dispatchers use. */
#include "http/parse.h"
#include "json/json.h"
#include "tools/routegen.h"

enum { SCHEMAS_MAX = 512 };

struct schema {
    const struct shape *shape;
    struct str text;                 /* as it is asked for: shapes of one name must be the same */
    bool answered;
};

struct doc {
    struct routegen *g;
    struct buf *out;
    size_t n;
    struct schema v[SCHEMAS_MAX];
};

/* --- examples ---------------------------------------------------------------------------------------------------------- */

static void put_example_value(struct buf *out, const struct shape_field *f, enum shape_kind kind, int depth)
{
    if (f->example && f->kind == kind) {
        shape_put_example(out, f);
        return;
    }
    switch (kind) {
    case SHAPE_STR: case SHAPE_TEXT: case SHAPE_SECRET: json_put_string(out, str_from(f->name)); return;
    case SHAPE_INT: case SHAPE_OPT_INT: json_put_int(out, f->def ? f->def : f->min > 0 ? f->min : 1); return;
    case SHAPE_BOOL: case SHAPE_OPT_BOOL: json_put_bool(out, true); return;
    case SHAPE_MONEY: BUF_LIT(out, "{\"amount\":2499,\"currency\":\"EUR\"}"); return;
    case SHAPE_TIME: BUF_LIT(out, "\"2026-11-22T21:50:00Z\""); return;
    case SHAPE_ID: buf_printf(out, "\"%s_01jd9v7q3e8m2k5x6r4t0w1y9z\"", id_prefix(f->id)); return;
    case SHAPE_ENUM: json_put_string(out, str_from(f->values[0])); return;
    case SHAPE_EMAIL: BUF_LIT(out, "\"ada@example.com\""); return;
    case SHAPE_OBJECT: routegen_example(out, f->sub, depth + 1); return;
    case SHAPE_LIST:
        buf_char(out, '[');
        if (f->sub)
            routegen_example(out, f->sub, depth + 1);
        else
            put_example_value(out, f, f->item, depth + 1);
        buf_char(out, ']');
        return;
    case SHAPE_JSON: BUF_LIT(out, "{}"); return;
    }
    UNREACHABLE();
}

void routegen_example(struct buf *out, const struct shape *s, int depth)
{
    bool first = true;
    buf_char(out, '{');
    for (const struct shape_field *f = s->fields; f->name; f++) {
        bool nested = f->kind == SHAPE_OBJECT || (f->kind == SHAPE_LIST && f->sub);
        if (f->in != SHAPE_BODY || (nested && depth > 4))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        json_put_string(out, str_from(f->name));
        buf_char(out, ':');
        put_example_value(out, f, f->kind, depth);
    }
    buf_char(out, '}');
}

/* --- schemas ----------------------------------------------------------------------------------------------------------- */

static struct schema *known(struct doc *d, const char *name)
{
    for (size_t i = 0; i < d->n; i++) {
        if (strcmp(d->v[i].shape->name, name) == 0)
            return &d->v[i];
    }
    return NULL;
}

/* A shape that is asked for and answered has one schema, the wider one. */
static void collect(struct doc *d, const char *pool, const struct shape *s, bool answered)
{
    struct buf b;
    if (!s)
        return;
    buf_init_arena(&b, d->g->arena, 0);
    shape_schema(&b, s, false);
    struct str text = buf_view(&b);
    struct schema *old = known(d, s->name);
    if (old && !str_eq(old->text, text))
        routegen_complain(d->g, pool, s->name, "two shapes that differ have this name");
    if (old && (old->answered || !answered))
        return;
    BUG_IF(!old && d->n == SCHEMAS_MAX);
    if (old)
        old->answered = true;
    else
        d->v[d->n++] = (struct schema){s, text, answered};
    for (const struct shape_field *f = s->fields; f->name; f++)
        collect(d, pool, f->sub, answered);
}

static bool has_body(const struct route *r)
{
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++) {
        if (f->in == SHAPE_BODY)
            return true;
    }
    return false;
}

/* --- one operation ----------------------------------------------------------------------------------------------------- */

static void put_parameter(struct buf *out, const struct shape_field *f, bool *first)
{
    static const char *const places[] = {"", "path", "query", "header"};
    buf_cstr(out, *first ? "" : ",");
    *first = false;
    BUF_LIT(out, "{\"name\":");
    if (f->kind == SHAPE_LIST && f->in == SHAPE_QUERY && !str_ends(str_from(f->name), STR("[]")))
        buf_printf(out, "\"%s[]\"", f->name);
    else
        json_put_string(out, str_from(f->name));
    buf_printf(out, ",\"in\":\"%s\",\"required\":%s", places[f->in], f->required ? "true" : "false");
    if (f->doc) {
        BUF_LIT(out, ",\"description\":");
        json_put_string(out, str_from(f->doc));
    }
    BUF_LIT(out, ",\"schema\":");
    struct shape_field plain = *f;
    plain.doc = NULL;
    shape_field_schema(out, &plain);
    buf_char(out, '}');
}

static void put_parameters(struct buf *out, const struct route *r)
{
    bool first = true;
    BUF_LIT(out, ",\"parameters\":[");
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++) {
        if (f->in != SHAPE_BODY)
            put_parameter(out, f, &first);
    }
    if (r->idem != IDEM_IGNORED) {
        buf_printf(out, "%s{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"required\":%s,\"description\":\"Makes a repetition harmless for 24 hours.\","
                   "\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":255}}", first ? "" : ",", r->idem == IDEM_REQUIRED ? "true" : "false");
    }
    buf_char(out, ']');
}

static void put_body(struct buf *out, const char *type, const struct shape *s, bool required)
{
    buf_printf(out, ",\"requestBody\":{\"required\":%s,\"content\":{\"%s\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"},\"example\":",
               required ? "true" : "false", type, s->name);
    routegen_example(out, s, 0);
    BUF_LIT(out, "}}}");
}

static void put_request(struct buf *out, const struct route *r)
{
    bool required = false;
    const char *type = r->body_type ? r->body_type : "application/json";
    if (r->raw_body && !r->body_doc) {
        buf_printf(out, ",\"requestBody\":{\"required\":true,\"content\":{\"%s\":{\"schema\":{\"type\":\"object\"}}}}", type);
        return;
    }
    if (r->raw_body) {
        put_body(out, type, r->body_doc, true);
        return;
    }
    if (!has_body(r))
        return;
    for (const struct shape_field *f = r->in->fields; f->name; f++)
        required |= f->in == SHAPE_BODY && f->required;
    put_body(out, type, r->in, required);
}

/* A list that counts all its pages when it is asked to. */
static bool counts(const struct route *r)
{
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++) {
        if (f->in == SHAPE_QUERY && strcmp(f->name, "total") == 0) return true;
    }
    return false;
}

static void put_success(struct buf *out, const struct route *r)
{
    buf_printf(out, "\"%d\":{\"description\":", r->status ? r->status : 200);
    json_put_string(out, str_from(r->doc));
    if (r->method == HTTP_GET)
        BUF_LIT(out, ",\"headers\":{\"ETag\":{\"schema\":{\"type\":\"string\"},\"description\":\"For If-None-Match, where the answer has a version.\"}}");
    if (r->out) {
        BUF_LIT(out, ",\"content\":{\"application/json\":{\"schema\":");
        if (r->out_list)
            buf_printf(out, "{\"type\":\"object\",\"required\":[\"data\",\"has_more\",\"next_cursor\"],\"properties\":{\"data\":{\"type\":\"array\",\"items\":"
                       "{\"$ref\":\"#/components/schemas/%s\"}},\"has_more\":{\"type\":\"boolean\"},\"next_cursor\":{\"type\":[\"string\",\"null\"]}%s}}", r->out->name,
                       counts(r) ? ",\"total\":{\"type\":\"integer\",\"minimum\":0,\"description\":\"On all pages; only with total=true.\"}" : "");
        else
            buf_printf(out, "{\"$ref\":\"#/components/schemas/%s\"}", r->out->name);
        BUF_LIT(out, ",\"example\":");
        if (r->out_list)
            BUF_LIT(out, "{\"data\":[");
        routegen_example(out, r->out, 0);
        if (r->out_list)
            BUF_LIT(out, "],\"has_more\":false,\"next_cursor\":null}");
        BUF_LIT(out, "}}");
    }
    buf_char(out, '}');
}

static void put_problem_ref(struct buf *out, const char *status)
{
    buf_printf(out, ",\"%s\":{\"$ref\":\"#/components/responses/Problem\"}", status);
}

/* A refusal with the present state beside it. */
static void put_explained(struct buf *out, const struct shape *data)
{
    buf_printf(out, ",\"409\":{\"description\":\"The present state does not allow it; data explains.\",\"content\":{\"application/problem+json\":{\"schema\":{\"allOf\":["
               "{\"$ref\":\"#/components/schemas/Problem\"},{\"type\":\"object\",\"properties\":{\"data\":{\"$ref\":\"#/components/schemas/%s\"}}}]},\"example\":"
               "{\"type\":\"urn:souk:problem:conflict\",\"title\":", data->name);
    json_put_string(out, str_from(problem_info(PROBLEM_CONFLICT)->title));
    BUF_LIT(out, ",\"status\":409,\"code\":\"conflict\",\"data\":");
    routegen_example(out, data, 0);
    BUF_LIT(out, "}}}}");
}

static void put_refusal(struct buf *out, const struct shape *s)
{
    buf_printf(out, ",\"400\":{\"description\":\"What is wrong, in the form of the protocol.\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"},"
               "\"example\":", s->name);
    routegen_example(out, s, 0);
    BUF_LIT(out, "}}}");
}

static void put_responses(struct buf *out, const struct route *r)
{
    bool keyed = r->idem != IDEM_IGNORED;
    BUF_LIT(out, ",\"responses\":{");
    put_success(out, r);
    if (r->refusal)
        put_refusal(out, r->refusal);
    else
        put_problem_ref(out, "400");
    if (r->auth != AUTH_NONE)
        put_problem_ref(out, "401");
    if (r->csrf != CSRF_NONE || r->auth == AUTH_STAFF || r->fresh)
        put_problem_ref(out, "403");
    if (strchr(r->pattern, '{'))
        put_problem_ref(out, "404");
    if (r->problem_data)
        put_explained(out, r->problem_data);
    else if (keyed)
        put_problem_ref(out, "409");
    if (has_body(r)) {
        put_problem_ref(out, "413");
        put_problem_ref(out, "415");
    }
    put_problem_ref(out, "422");
    if (r->rate_per_minute > 0)
        put_problem_ref(out, "429");
    put_problem_ref(out, "default");
    buf_char(out, '}');
}

/* Who may call, as OpenAPI says it: any one of the alternatives. Scopes of OAuth do not exist for other schemes, so the permission stands as an extension too. */
static void put_security(struct buf *out, const struct route *r)
{
    const char *name = permission_name(r->permission);
    switch (r->auth) {
    case AUTH_NONE: BUF_LIT(out, ",\"security\":[]"); return;
    case AUTH_GUEST: BUF_LIT(out, ",\"security\":[{},{\"cartToken\":[]},{\"bearer\":[]},{\"publishableKey\":[]}]"); return;
    case AUTH_CUSTOMER: BUF_LIT(out, ",\"security\":[{\"bearer\":[]}"); break;
    case AUTH_STAFF:
        buf_printf(out, ",\"security\":[{\"bearer\":[%s%s%s]}", *name ? "\"" : "", name, *name ? "\"" : "");
        if (!r->sessions_only && !r->fresh)
            buf_printf(out, ",{\"secretKey\":[%s%s%s]}", *name ? "\"" : "", name, *name ? "\"" : "");
        break;
    }
    if (r->csrf != CSRF_NONE)
        BUF_LIT(out, ",{\"session\":[]}");
    buf_char(out, ']');
    if (*name)
        buf_printf(out, ",\"x-permission\":\"%s\"", name);
    if (r->fresh)
        BUF_LIT(out, ",\"x-fresh\":true");
}

static void put_operation(struct buf *out, const struct pool_spec *pool, const struct route *r)
{
    static const char *const methods[] = {"", "get", "head", "post", "put", "patch", "delete"};
    buf_printf(out, "\"%s\":{\"operationId\":\"%s\",\"tags\":[\"%s\"],\"summary\":", methods[r->method], r->name, pool->name);
    json_put_string(out, str_from(r->doc));
    put_security(out, r);
    put_parameters(out, r);
    put_request(out, r);
    put_responses(out, r);
    buf_char(out, '}');
}

static bool is_first_of_path(const struct pool_spec *pool, const struct route *r)
{
    for (const struct route *o = pool->routes; o != r; o++) {
        if (strcmp(o->pattern, r->pattern) == 0)
            return false;
    }
    return true;
}

static void put_paths(struct doc *d)
{
    struct buf *out = d->out;
    bool first_path = true;
    BUF_LIT(out, ",\"paths\":{");
    for (size_t i = 0; i < d->g->n_pools; i++) {
        const struct pool_spec *pool = d->g->pools[i];
        for (const struct route *r = pool->routes; r->pattern; r++) {
            if (r->kind != KIND_API || !is_first_of_path(pool, r))
                continue;
            buf_cstr(out, first_path ? "" : ",");
            first_path = false;
            json_put_string(out, str_from(r->pattern));
            BUF_LIT(out, ":{");
            for (const struct route *o = r; o->pattern; o++) {
                if (strcmp(o->pattern, r->pattern) != 0)
                    continue;
                buf_cstr(out, o == r ? "" : ",");
                put_operation(out, pool, o);
            }
            buf_char(out, '}');
        }
    }
    buf_char(out, '}');
}

/* --- the document ------------------------------------------------------------------------------------------------------ */

static void put_problem_schema(struct buf *out)
{
    bool first = true;
    BUF_LIT(out, "\"Money\":{\"type\":\"object\",\"required\":[\"amount\",\"currency\"],\"properties\":{\"amount\":{\"type\":\"integer\",\"format\":\"int64\","
                 "\"description\":\"Minor units of the currency.\"},\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\",\"description\":\"ISO 4217\"}},"
                 "\"examples\":[{\"amount\":2499,\"currency\":\"EUR\"}]},");
    BUF_LIT(out, "\"Problem\":{\"type\":\"object\",\"description\":\"RFC 9457\",\"required\":[\"type\",\"title\",\"status\",\"code\"],\"properties\":{"
                 "\"type\":{\"type\":\"string\",\"format\":\"uri\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\",\"enum\":[");
    for (int p = PROBLEM_NONE + 1; p < PROBLEM_COUNT; p++) {
        buf_cstr(out, first ? "" : ",");
        first = false;
        json_put_string(out, str_from(problem_info((enum problem)p)->code));
    }
    BUF_LIT(out, "]},\"detail\":{\"type\":\"string\"},\"param\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"},\"data\":{\"type\":\"object\"},"
                 "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},\"param\":{\"type\":\"string\"},"
                 "\"detail\":{\"type\":\"string\"}}}}}}");
}

static void put_components(struct doc *d)
{
    struct buf *out = d->out;
    BUF_LIT(out, ",\"components\":{\"schemas\":{");
    put_problem_schema(out);
    for (size_t i = 0; i < d->n; i++) {
        buf_char(out, ',');
        json_put_string(out, str_from(d->v[i].shape->name));
        buf_char(out, ':');
        shape_schema(out, d->v[i].shape, d->v[i].answered);
    }
    BUF_LIT(out, "},\"responses\":{\"Problem\":{\"description\":\"What went wrong, for programs and for people.\",\"headers\":{\"Request-Id\":{\"schema\":"
                 "{\"type\":\"string\"}}},\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"},\"example\":"
                 "{\"type\":\"urn:souk:problem:invalid\",\"title\":\"A value is not acceptable\",\"status\":422,\"code\":\"invalid\",\"param\":\"quantity\"}}}}},");
    BUF_LIT(out, "\"securitySchemes\":{\"cartToken\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"Cart-Token\",\"description\":\"The secret of a guest's cart, as its "
                 "creation answered it.\"},\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\",\"description\":\"An access token of a shopper or of "
                 "staff (ES256, RFC 9068). Staff needs a session with a second factor and the permission that is named.\"},"
                 "\"secretKey\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"sk_…\",\"description\":\"A server's key with the permission that is named. Not where a "
                 "person is asked for.\"},"
                 "\"publishableKey\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"pk_…\",\"description\":\"Names the page or app that asks; may be bound to "
                 "origins; allows no more than a guest may.\"},"
                 "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-session\",\"description\":\"A browser's session, from the shop's own pages only.\"}}}}");
    buf_char(out, '\n');
}

void routegen_openapi(struct routegen *g, struct buf *out)
{
    struct doc *d = ARENA_NEW(g->arena, struct doc);
    d->g = g;
    d->out = out;
    for (size_t i = 0; i < g->n_pools; i++) {
        for (const struct route *r = g->pools[i]->routes; r->pattern; r++) {
            if (r->kind != KIND_API)
                continue;
            if (has_body(r))
                collect(d, g->pools[i]->name, r->in, false);
            collect(d, g->pools[i]->name, r->out, true);
            collect(d, g->pools[i]->name, r->problem_data, true);
            collect(d, g->pools[i]->name, r->body_doc, false);
            collect(d, g->pools[i]->name, r->refusal, true);
        }
    }
    BUF_LIT(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Souk\",\"version\":\"1.0.0\",\"description\":\"The shop's API. Ids are prefixed and sortable, "
                 "money is an integer of minor units, times are RFC 3339 in UTC. v1 only ever gets additions: ignore fields that you do not know.\"},\"servers\":[{\"url\":\"/\"}],\"tags\":[");
    for (size_t i = 0; i < g->n_pools; i++)
        buf_printf(out, "%s{\"name\":\"%s\",\"description\":\"The %s pool.\"}", i ? "," : "", g->pools[i]->name, g->pools[i]->name);
    buf_char(out, ']');
    put_paths(d);
    put_components(d);
}
