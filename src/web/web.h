/* From the socket to a handler: route tables, gates, the application and its workers.
 *
 * A pool is a table of routes, sorted by nothing in particular: the dispatcher builds its index at start and refuses a
 * table with two rows for one method and pattern. serve() matches the row, passes the gates (body limit, authentication,
 * CSRF, CORS, rate limit, idempotency key), parses every parameter into the struct of row->in, and calls the handler.
 * Handlers parse nothing, hold no SQL and no transaction. */
#ifndef SOUK_WEB_WEB_H
#define SOUK_WEB_WEB_H

#include "http/http.h"
#include "service/session.h"

enum auth_level { AUTH_NONE, AUTH_GUEST /* a cart or order token decides in the service */, AUTH_CUSTOMER, AUTH_STAFF };
enum csrf_level { CSRF_NONE /* no cookie authentication */, CSRF_ORIGIN, CSRF_TOKEN };
enum cors_level { CORS_NO, CORS_PUBLIC };
enum idem_level { IDEM_IGNORED, IDEM_HONOURED, IDEM_REQUIRED };
enum page_kind { KIND_API, KIND_PAGE };          /* decides how errors look */

struct app;            /* of one process: pools of connections, texts, counters; passed down, never global */

struct req {
    const struct route *route;        /* NULL in page_error when no row matched */
    const struct http_request *http;
    struct call *call;
    struct arena *arena;              /* call->arena */
    const void *in;                   /* the struct of route->in */
    struct html html;                 /* for pages: writes into the response's body, texts of the request's locale */
    struct str csrf_token;            /* on pages that are never cached; to fill into forms */
};

typedef bool handler_fn(struct req *r, struct http_response *w, struct err *e);

struct route {
    enum http_method method;
    const char *pattern;              /* "/v1/products/{id_or_slug}", "/p/{slug}"; NULL ends the table */
    handler_fn *handler;
    enum page_kind kind;
    enum auth_level auth;
    enum csrf_level csrf;
    enum cors_level cors;
    enum idem_level idem;
    int64_t body_max;                 /* bytes; 0: the configuration's */
    int rate_per_minute;              /* per client address; 0: nginx's limit only */
    const struct shape *in;           /* path, query, header and body fields; NULL: nothing is accepted */
    const struct shape *out;          /* what a 2xx answers; NULL: a page, or no body */
    bool out_list;                    /* the list envelope around `out` */
    int status;                       /* of success, for the document; 0: 200 */
    const char *name;                 /* operationId and label of metrics: "product_list" */
    const char *doc;                  /* one line for OpenAPI */
    bool raw_body;                    /* the handler reads http->body itself, whatever its type (webhooks: the signature covers the bytes) */
    const char *body_type;            /* raw_body: the media type that the handler wants, for the document; NULL: application/json */
    const struct shape *body_doc;     /* raw_body: what the body holds, for the document only */
    const struct shape *refusal;      /* what a 400 answers instead of a problem, where another standard says so */
    bool reserved;                    /* may use the threads that pool_spec.reserve keeps free (hooks of providers) */
    bool cached;                      /* a page that is the same for everybody: nginx may keep it (routegen picks page-cached.conf) */
    const struct shape *problem_data; /* the shape of err.data, where this route explains a refusal with one */
    enum permission permission;       /* AUTH_STAFF: what the caller must be allowed to do */
    bool fresh;                       /* the caller must have proved to be there a moment ago (setting fresh_s) */
    bool one_factor;                  /* AUTH_STAFF: also before the second factor that staff needs is set up */
    bool navigation;                  /* API, GET: browsers are sent here by other sites; the session's cookie counts, unknown parameters are ignored, the answer leads on */
    bool sessions_only;               /* AUTH_STAFF: no API keys (steps that only a person may take) */
};

struct pool_spec {
    const char *name;                 /* "product" */
    const struct route *routes;
    bool providers;                   /* the payment pool: gets env->providers */
    bool keyring;                     /* reads or writes personal data: gets env->keyring and call->db_keys */
    int processes, threads, db_lend;  /* what suits the pool when the configuration says 0; 0: 1 process, 8 threads, one connection per thread */
    int reserve;                      /* threads of each process that only rows with .reserved may use: the others are told 503 before they take them */
    int nice;                         /* 0..19: how far the pool steps back behind the others when the processors are full (see master.c) */
    bool no_db;                       /* needs no database at all (test pools) */
    /* Runs in every worker after the fork, before its threads: fills env->providers and the like. NULL: nothing to do. */
    bool (*start)(struct service_env *env, struct arena *a, struct err *e);
    void (*stop)(struct service_env *env);         /* undoes it at the end of the process, also after a start that failed half-way */
    /* Each second on the worker's main thread, with a connection of its own (its deadline set): keeps what `start` made in step with the database. */
    bool (*tick)(const struct service_env *env, struct db *db, struct err *e);
    void (*page_error)(struct req *r, struct http_response *w, const struct err *e);   /* HTML error page; NULL: a bare one */
};

/* Pages: a POST page takes its Idempotency-Key from the hidden field `_key`, its synchronizer token from `_csrf` (CSRF_TOKEN rows; a script
 * sends the header X-CSRF-Token instead). A GET row with CSRF_TOKEN is a page that carries such a form: it is never cached and req.csrf_token is filled.
 * Pages ignore unknown query parameters (utm_source and friends); the API refuses them. */

/* The whole life of a pool's process: configuration, listening socket, master, workers, drain. Returns the exit code. */
int pool_main(int argc, char **argv, const struct pool_spec *spec);

/* Answers with a shape: JSON, 200 or route->status. A 200 to a GET gets an ETag (a hash of the body, unless the handler set one) and
 * becomes a 304 when the client has it; a list with a next cursor gets a Link header. */
void web_json(struct req *r, struct http_response *w, const void *value);
void web_json_list(struct req *r, struct http_response *w, struct shape_list list, struct str next_cursor);
/* The same with how many there are on all pages, when it was asked for (a query field `total` of the row's input documents it). */
void web_json_counted(struct req *r, struct http_response *w, struct shape_list list, struct str next_cursor, struct opt_int64 total);
/* The browser's session: what session_open() and session_raise() gave (nothing for an app), and its end. */
void web_session_set(struct http_response *w, const struct session_grant *grant);
void web_session_clear(struct http_response *w);
/* Cache-Control of anonymous pages (performance rules of the page cache) and of pages that are anybody's. */
void web_cache_public(struct http_response *w);
void web_cache_never(struct http_response *w);

#endif
