/* A pool for tests of the runtime: every kind of answer and of refusal, no database. */
#include "testpool.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

struct hello_out {
    struct str hello, request_id, market;
    int64_t pid;
};
static const struct shape_field hello_out_fields[] = {
    {"hello", SHAPE_STR, offsetof(struct hello_out, hello), .doc = "Whom we greet", .example = "world"},
    {"request_id", SHAPE_STR, offsetof(struct hello_out, request_id), .doc = "Which request this was"},
    {"market", SHAPE_STR, offsetof(struct hello_out, market), .doc = "Code of the market"},
    {"pid", SHAPE_INT, offsetof(struct hello_out, pid), .doc = "Process that answered"},
    {NULL}};
static const struct shape hello_out = {"Hello", hello_out_fields, sizeof(struct hello_out)};

static bool hello(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    web_json(r, w, &(struct hello_out){STR("world"), r->call->request_id, r->call->market->code, getpid()});
    return true;
}

struct ms_in {
    int64_t ms;
};
static const struct shape_field slow_in_fields[] = {
    {"ms", SHAPE_INT, offsetof(struct ms_in, ms), .in = SHAPE_QUERY, .min = 0, .max = 5000, .def = 100, .doc = "How long to sleep"},
    {NULL}};
static const struct shape slow_in = {"SlowInput", slow_in_fields, sizeof(struct ms_in)};

static bool slow(struct req *r, struct http_response *w, struct err *e)
{
    const struct ms_in *in = r->in;
    (void)poll(NULL, 0, (int)in->ms);
    return hello(r, w, e);
}

struct big_in {
    int64_t kb;
};
static const struct shape_field big_in_fields[] = {
    {"kb", SHAPE_INT, offsetof(struct big_in, kb), .in = SHAPE_QUERY, .min = 0, .max = 16384, .def = 64, .doc = "Size of the answer in kilobytes"},
    {NULL}};
static const struct shape big_in = {"BigInput", big_in_fields, sizeof(struct big_in)};

static bool big(struct req *r, struct http_response *w, struct err *e)
{
    const struct big_in *in = r->in;
    char line[1024];
    (void)e;
    memset(line, 'x', sizeof(line));
    for (int64_t i = 0; i < in->kb; i++)
        buf_put(&w->body, line, sizeof(line));
    w->content_type = STR("text/plain");
    return true;
}

/* --- echo: one field of every kind and place --------------------------------------------------------------------------- */

struct echo_address {
    struct str city, note;
};
static const struct shape_field echo_address_fields[] = {
    {"city", SHAPE_STR, offsetof(struct echo_address, city), .required = true, .max = 40, .doc = "City", .example = "Berlin"},
    {"note", SHAPE_TEXT, offsetof(struct echo_address, note), .max = 400, .doc = "May hold line breaks"},
    {NULL}};
static const struct shape echo_address = {"EchoAddress", echo_address_fields, sizeof(struct echo_address)};

struct echo_item {
    struct variant_id variant;
    int64_t quantity;
};
static const struct shape_field echo_item_fields[] = {
    {"variant_id", SHAPE_ID, offsetof(struct echo_item, variant), .id = ID_variant, .required = true, .doc = "What"},
    {"quantity", SHAPE_INT, offsetof(struct echo_item, quantity), .min = 1, .max = 999, .def = 1, .doc = "How many"},
    {NULL}};
static const struct shape echo_item = {"EchoItem", echo_item_fields, sizeof(struct echo_item)};

static const char *const echo_colors[] = {"red", "green", "blue", NULL};

struct echo {
    struct str slug, name, token, color, email;
    int64_t count;
    struct opt_int64 limit;
    bool flag;
    struct opt_bool perhaps;
    struct money price;
    usec_t at;
    struct product_id product;
    struct echo_address *address;
    struct shape_list items, tags;
};
static const struct shape_field echo_in_fields[] = {
    {"slug", SHAPE_STR, offsetof(struct echo, slug), .in = SHAPE_PATH, .required = true, .max = 40, .doc = "From the path"},
    {"limit", SHAPE_OPT_INT, offsetof(struct echo, limit), .in = SHAPE_QUERY, .min = 1, .max = 100, .doc = "From the query"},
    {"echo-token", SHAPE_STR, offsetof(struct echo, token), .in = SHAPE_HEADER, .doc = "From a header"},
    {"name", SHAPE_STR, offsetof(struct echo, name), .required = true, .min = 2, .max = 60, .doc = "A name", .example = "Ada"},
    {"color", SHAPE_ENUM, offsetof(struct echo, color), .values = echo_colors, .doc = "One of three"},
    {"email", SHAPE_EMAIL, offsetof(struct echo, email), .doc = "An address"},
    {"count", SHAPE_INT, offsetof(struct echo, count), .min = 1, .max = 10, .def = 3, .doc = "A bounded number"},
    {"flag", SHAPE_BOOL, offsetof(struct echo, flag), .doc = "Yes or no"},
    {"perhaps", SHAPE_OPT_BOOL, offsetof(struct echo, perhaps), .doc = "Yes, no, or nothing said"},
    {"price", SHAPE_MONEY, offsetof(struct echo, price), .doc = "Minor units and currency"},
    {"at", SHAPE_TIME, offsetof(struct echo, at), .doc = "A time"},
    {"product_id", SHAPE_ID, offsetof(struct echo, product), .id = ID_product, .doc = "An id"},
    {"address", SHAPE_OBJECT, offsetof(struct echo, address), .sub = &echo_address, .doc = "An object"},
    {"items", SHAPE_LIST, offsetof(struct echo, items), .sub = &echo_item, .max = 5, .doc = "A list of objects"},
    {"tags", SHAPE_LIST, offsetof(struct echo, tags), .item = SHAPE_STR, .max = 4, .doc = "A list of words"},
    {NULL}};
static const struct shape echo_in = {"EchoInput", echo_in_fields, sizeof(struct echo)};
static const struct shape_field echo_out_fields[] = {
    {"slug", SHAPE_STR, offsetof(struct echo, slug)},
    {"limit", SHAPE_OPT_INT, offsetof(struct echo, limit), .nullable = true},
    {"token", SHAPE_STR, offsetof(struct echo, token)},
    {"name", SHAPE_STR, offsetof(struct echo, name)},
    {"color", SHAPE_ENUM, offsetof(struct echo, color), .values = echo_colors},
    {"email", SHAPE_EMAIL, offsetof(struct echo, email)},
    {"count", SHAPE_INT, offsetof(struct echo, count)},
    {"flag", SHAPE_BOOL, offsetof(struct echo, flag)},
    {"perhaps", SHAPE_OPT_BOOL, offsetof(struct echo, perhaps), .nullable = true},
    {"price", SHAPE_MONEY, offsetof(struct echo, price), .nullable = true},
    {"at", SHAPE_TIME, offsetof(struct echo, at), .nullable = true},
    {"product_id", SHAPE_ID, offsetof(struct echo, product), .id = ID_product, .nullable = true},
    {"address", SHAPE_OBJECT, offsetof(struct echo, address), .sub = &echo_address, .nullable = true},
    {"items", SHAPE_LIST, offsetof(struct echo, items), .sub = &echo_item},
    {"tags", SHAPE_LIST, offsetof(struct echo, tags), .item = SHAPE_STR},
    {NULL}};
static const struct shape echo_out = {"Echo", echo_out_fields, sizeof(struct echo)};

static bool echo(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    if (!str_is_null(r->call->idempotency_key))
        http_set_header(w, "Body-Hash", r->call->body_hash);
    web_json(r, w, r->in);
    return true;
}

/* --- the rest ---------------------------------------------------------------------------------------------------------- */

struct code_in {
    struct str code;
};
static const struct shape_field fail_in_fields[] = {
    {"code", SHAPE_STR, offsetof(struct code_in, code), .in = SHAPE_PATH, .required = true, .doc = "Code of a problem, or crash, or silent"},
    {NULL}};
static const struct shape fail_in = {"FailInput", fail_in_fields, sizeof(struct code_in)};

static bool fail(struct req *r, struct http_response *w, struct err *e)
{
    const struct code_in *in = r->in;
    enum problem p;
    (void)w;
    if (str_eq_c(in->code, "crash"))
        (void)raise(SIGKILL);
    if (str_eq_c(in->code, "silent"))
        return false;
    if (!problem_from_code(str_cstr(r->arena, in->code), &p))
        return err_set(e, PROBLEM_NOT_FOUND, "no such problem");
    if (p == PROBLEM_RATE_LIMITED)
        e->retry_after_s = 7;
    return err_set(e, p, "as you wished");
}

static bool tagged(struct req *r, struct http_response *w, struct err *e)
{
    if (http_not_modified(r->http, w, STR("v7")))
        return true;
    return hello(r, w, e);
}

static bool page(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    web_cache_public(w);
    buf_printf(&w->body, "<!doctype html><title>%s</title><p>%s</p>\n", r->route->name, r->http->path.p);
    return true;
}

static bool form(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    buf_printf(&w->body, "<!doctype html><form method=post><input name=_csrf value=\"" STR_FMT "\"></form>\n", STR_ARG(r->csrf_token));
    return true;
}

struct form_in {
    struct str name;
    struct echo_address *address;
    struct shape_list tags;
};
static const struct shape_field form_in_fields[] = {
    {"name", SHAPE_STR, offsetof(struct form_in, name), .required = true, .doc = "A name"},
    {"address", SHAPE_OBJECT, offsetof(struct form_in, address), .sub = &echo_address, .doc = "An address"},
    {"tags", SHAPE_LIST, offsetof(struct form_in, tags), .item = SHAPE_STR, .doc = "Words"},
    {NULL}};
static const struct shape form_in = {"FormInput", form_in_fields, sizeof(struct form_in)};

static bool form_sent(struct req *r, struct http_response *w, struct err *e)
{
    const struct form_in *in = r->in;
    (void)e;
    w->content_type = STR("text/plain");
    buf_printf(&w->body, "name=" STR_FMT " city=" STR_FMT " tags=%zu key=" STR_FMT "\n", STR_ARG(in->name),
               STR_ARG(in->address ? in->address->city : STR("")), in->tags.n, STR_ARG(r->call->idempotency_key));
    return true;
}

static bool raw(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    w->content_type = STR("text/plain");
    buf_printf(&w->body, "%zu\n", r->http->body.n);
    return true;
}

/* A public page that sets a cookie: a bug of a handler that the runtime must catch. */
static bool leaky(struct req *r, struct http_response *w, struct err *e)
{
    http_set_cookie(w, "__Host-x", STR("1"), (struct http_cookie_options){.session = true, .http_only = true, .lax = true});
    return page(r, w, e);
}

static const struct route routes[] = {
    {HTTP_GET, "/v1/hello", hello, .cors = CORS_PUBLIC, .out = &hello_out, .name = "hello", .doc = "Greets whoever asks"},
    {HTTP_GET, "/v1/slow", slow, .in = &slow_in, .out = &hello_out, .name = "slow", .doc = "Greets after a while"},
    {HTTP_GET, "/v1/big", big, .in = &big_in, .name = "big", .doc = "A large answer"},
    {HTTP_POST, "/v1/echo/{slug}", echo, .cors = CORS_PUBLIC, .idem = IDEM_HONOURED, .body_max = 65536, .in = &echo_in, .out = &echo_out, .name = "echo",
     .doc = "Gives back what it read", .status = 201},
    {HTTP_POST, "/v1/strict", hello, .idem = IDEM_REQUIRED, .out = &hello_out, .name = "strict", .doc = "Needs an idempotency key"},
    {HTTP_GET, "/v1/fail/{code}", fail, .in = &fail_in, .name = "fail", .doc = "Fails as asked"},
    {HTTP_GET, "/v1/tagged", tagged, .out = &hello_out, .name = "tagged", .doc = "Has an entity tag"},
    {HTTP_GET, "/v1/limited", hello, .rate_per_minute = 3, .out = &hello_out, .name = "limited", .doc = "Three a minute for each client"},
    {HTTP_POST, "/v1/raw", raw, .raw_body = true, .body_max = 4 << 20, .name = "raw", .doc = "Counts the bytes of its body"},
    {HTTP_GET, "/v1/private", hello, .auth = AUTH_CUSTOMER, .out = &hello_out, .name = "private", .doc = "Needs an account"},
    {HTTP_GET, "/", page, .kind = KIND_PAGE, .name = "home", .doc = "A public page"},
    {HTTP_GET, "/p/{code}", page, .kind = KIND_PAGE, .in = &fail_in, .name = "page", .doc = "A public page with a placeholder"},
    {HTTP_GET, "/p/fixed", page, .kind = KIND_PAGE, .name = "page_fixed", .doc = "A literal that wins over the placeholder"},
    {HTTP_GET, "/leaky", leaky, .kind = KIND_PAGE, .name = "leaky", .doc = "A public page that sets a cookie"},
    {HTTP_GET, "/broken/{code}", fail, .kind = KIND_PAGE, .in = &fail_in, .name = "broken", .doc = "A page that fails as asked"},
    {HTTP_GET, "/form", form, .kind = KIND_PAGE, .csrf = CSRF_TOKEN, .name = "form", .doc = "A page with a form"},
    {HTTP_POST, "/form", form_sent, .kind = KIND_PAGE, .csrf = CSRF_TOKEN, .idem = IDEM_HONOURED, .in = &form_in, .name = "form_sent", .doc = "The form's action"},
    {HTTP_POST, "/simple", form_sent, .kind = KIND_PAGE, .csrf = CSRF_ORIGIN, .in = &form_in, .name = "simple_sent", .doc = "A form of a cached page"},
    {0}};

const struct pool_spec pool_test = {.name = "test", .routes = routes, .no_db = true, .threads = 8};
