/* HTTP without a socket: what a request says and what an answer will say. libfcgi stays in fcgi.c. */
#ifndef SOUK_HTTP_HTTP_H
#define SOUK_HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "html/html.h"
#include "json/shape.h"

enum http_method { HTTP_GET = 1, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER };

struct http_header { struct str name, value; };       /* name in lower case with '-' */

struct http_request {
    enum http_method method;
    struct str target;                 /* raw path and query as the client sent them */
    struct str path;                   /* percent-decoded, UTF-8, no "..", no NUL */
    struct str query;                  /* raw */
    struct str host, scheme, remote_addr;
    struct str content_type;
    struct str body;
    size_t n_headers;
    const struct http_header *headers;
};

struct str http_header(const struct http_request *r, const char *lower_name);     /* absent when missing */
struct str http_cookie(const struct http_request *r, const char *name);
MUST_CHECK bool http_parse_pairs(struct arena *a, struct str encoded, struct shape_pairs *ret_pairs, struct err *e);   /* x-www-form-urlencoded */
/* The body's JSON in its one canonical form (sorted keys, no blanks), for hashes. */
MUST_CHECK bool http_json_canonical(struct str body, struct arena *a, struct buf *out, struct err *e);
bool http_is_media(struct str content_type, const char *type);

struct http_response {
    struct arena *arena;
    int status;                        /* 200 unless set */
    struct str content_type;
    size_t n_headers;
    struct http_header headers[32];
    struct buf body;
};

void http_response_init(struct http_response *w, struct arena *a);
struct str http_header_safe(struct arena *a, struct str value);        /* without control characters */
/* CR, LF and NUL in a value are a bug of ours; values from outside go through http_header_safe first. */
void http_set_header(struct http_response *w, const char *name, struct str value);
void http_add_header(struct http_response *w, const char *name, struct str value);     /* Set-Cookie, Link */
struct http_cookie_options { int64_t max_age_s; bool session, http_only, lax; struct str path; };
void http_set_cookie(struct http_response *w, const char *name, struct str value, struct http_cookie_options o);    /* always Secure */
void http_redirect(struct http_response *w, int status, struct str location);
void http_cache(struct http_response *w, const char *cache_control);
void http_problem(struct http_response *w, const struct err *e, struct str request_id);   /* application/problem+json */
/* The same with err.data, which has the shape `data`, as member "data". */
void http_problem_data(struct http_response *w, const struct err *e, struct str request_id, const struct shape *data);
/* Does If-Match or If-None-Match (may be absent: false) name this version? Weak comparison, "*" matches. */
bool http_etag_matches(struct str header, struct str etag);
/* Sets ETag from `etag` (with or without quotes), answers 304 and true when If-None-Match has it. */
bool http_not_modified(const struct http_request *r, struct http_response *w, struct str etag);

#endif
