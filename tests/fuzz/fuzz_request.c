/* A request as CGI parameters, one a line: path, headers, cookies, entity tags. No crash; a path that is accepted begins with a slash, is text, and has no dot
 * segment; what goes back into headers holds no control character. */
#include <stdlib.h>

#include "base/arena.h"
#include "fuzz.h"
#include "http/parse.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

enum { LINES_MAX = 300 };

static char **lines_of(struct arena *a, const uint8_t *data, size_t size)
{
    char **lines = ARENA_ARRAY(a, char *, LINES_MAX + 1);
    struct str rest = str_dup(a, str_of((const char *)data, size)), one;
    size_t n = 0;
    while (n < LINES_MAX && str_split(&rest, '\n', &one))
        lines[n++] = str_cstr(a, one);               /* a NUL ends a parameter, as in the real list */
    return lines;
}

static bool has_dot_segment(struct str path)
{
    size_t from = 0;
    for (size_t i = 0; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/')
            continue;
        struct str s = str_sub(path, from, i - from);
        if (str_eq_c(s, ".") || str_eq_c(s, ".."))
            return true;
        from = i + 1;
    }
    return false;
}

static void check_values(struct arena *a, const struct http_request *r)
{
    static const char *const names[] = {"a", "__Host-cart", "__Host-form", ""};
    struct http_response w;
    http_response_init(&w, a);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct str v = http_cookie(r, names[i]);
        MUST(str_is_null(v) || memchr(v.p, ';', v.n) == NULL);
    }
    for (size_t i = 0; i < r->n_headers; i++) {
        struct str safe = http_header_safe(a, r->headers[i].value);
        for (size_t k = 0; k < safe.n; k++)
            MUST((unsigned char)safe.p[k] >= 0x20 || safe.p[k] == '\t');
        (void)http_etag_matches(r->headers[i].value, STR("v1"));
    }
    (void)http_not_modified(r, &w, STR("v1"));
    http_redirect(&w, 303, r->path);                 /* aborts on a control character */
    (void)http_is_media(r->content_type, "application/json");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct http_request r;
    struct err e;
    err_clear(&e);
    bool ok = http_parse_params(a, lines_of(a, data, size), &r, &e);
    MUST(ok == (e.problem == PROBLEM_NONE) && r.n_headers <= HTTP_HEADERS_MAX && r.path.p != NULL && r.query.p != NULL);
    if (ok)
        MUST(r.path.n > 0 && r.path.p[0] == '/' && str_is_text(r.path, false) && !has_dot_segment(r.path));
    check_values(a, &r);
    arena_destroy(a);
    return 0;
}
