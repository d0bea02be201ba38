#include "http/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/parse.h"

struct fcgi {
    FCGX_Request req;
    bool body_read;
    int nowhere;                   /* /dev/null */
};

bool fcgi_library_init(struct err *e)
{
    int rc = FCGX_Init();
    return rc == 0 ? true : err_cause(e, "FCGX_Init: %d", rc);
}

struct fcgi *fcgi_new(void)
{
    struct fcgi *f = calloc(1, sizeof(*f));
    BUG_IF(f == NULL);
    BUG_IF(FCGX_InitRequest(&f->req, -1, 0) != 0);
    f->req.ipcFd = -1;
    f->nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    return f;
}

void fcgi_destroy(struct fcgi *f)
{
    if (!f)
        return;
    FCGX_Free(&f->req, 1);
    if (f->nowhere >= 0)
        close(f->nowhere);
    free(f);
}

enum fcgi_begin fcgi_begin(struct fcgi *f, int fd, struct arena *a, struct http_request *ret, struct err *e)
{
    f->req.ipcFd = fd;
    f->req.keepConnection = 1;            /* else FCGX_Accept_r's own FCGX_Finish_r would close the descriptor */
    f->body_read = false;
    (void)FCGX_Detach(&f->req);
    if (FCGX_Accept_r(&f->req) < 0) {
        f->req.ipcFd = -1;
        return FCGI_BEGIN_GONE;
    }
    if (FCGX_GetError(f->req.in) != 0) {      /* libfcgi takes a read that failed between two parameters for their end */
        f->req.keepConnection = 0;
        FCGX_Finish_r(&f->req);
        f->req.ipcFd = -1;
        return FCGI_BEGIN_GONE;
    }
    err_clear(e);
    if (!http_parse_params(a, f->req.envp, ret, e))
        BUG_IF(e->problem == PROBLEM_NONE);               /* a refusal stays in `e`; the answer is the dispatcher's */
    return FCGI_BEGIN_OK;
}

/* Reads to the end so that the connection stays in step; false when the peer went away in the middle. */
static bool drain(struct fcgi *f, int64_t deadline)
{
    char trash[8192];
    while (FCGX_GetStr(trash, (int)sizeof(trash), f->req.in) > 0) {
        if (deadline != 0 && clock_monotonic() > deadline)
            return false;
    }
    f->body_read = true;
    return FCGX_GetError(f->req.in) == 0;
}

static size_t expected_length(struct fcgi *f)
{
    int64_t v = 0;
    const char *text = FCGX_GetParam("CONTENT_LENGTH", f->req.envp);
    if (!text || !str_to_int64(str_from(text), &v) || v < 0)
        return 0;
    return (size_t)v;
}

bool fcgi_body(struct fcgi *f, struct arena *a, size_t max, int64_t deadline, struct str *ret_body, bool *ret_gone, struct err *e)
{
    size_t expected = expected_length(f);
    bool too_large = expected > max;
    struct buf b;
    char chunk[8192];
    *ret_gone = false;
    buf_init_arena(&b, a, max + sizeof(chunk) + 1);
    if (!too_large && expected > 0)
        buf_reserve(&b, expected + 1);
    while (!too_large) {
        int n = FCGX_GetStr(chunk, (int)sizeof(chunk), f->req.in);
        if (n <= 0)
            break;
        buf_put(&b, chunk, (size_t)n);
        too_large = b.n > max;
        if (clock_monotonic() > deadline) {
            *ret_gone = true;
            return err_set(e, PROBLEM_TIMEOUT, "the body did not arrive in time");
        }
    }
    if (!drain(f, deadline) || (!too_large && b.n < expected)) {
        *ret_gone = true;
        return err_set(e, PROBLEM_BAD_REQUEST, "the body ended before its announced length");
    }
    if (too_large)
        return err_set(e, PROBLEM_BODY_TOO_LARGE, "the body may have at most %zu bytes", max);
    *ret_body = buf_view(&b);
    return true;
}

static bool has_body(const struct http_response *w, bool head_only)
{
    return w->status != 204 && w->status != 304 && !head_only && w->body.n > 0;
}

static void put_header(struct buf *head, struct str name, struct str value)
{
    buf_str(head, name);
    BUF_LIT(head, ": ");
    buf_str(head, value);
    BUF_LIT(head, "\r\n");
}

static void put_number(struct buf *head, const char *name, int64_t value)
{
    buf_cstr(head, name);
    buf_int64(head, value);
    BUF_LIT(head, "\r\n");
}

static void put_head(struct buf *head, const struct http_response *w)
{
    bool bodiless = w->status == 204 || w->status == 304;
    buf_reserve(head, 1024);
    put_number(head, "Status: ", w->status);
    if (!bodiless && !str_is_null(w->content_type))
        put_header(head, STR("Content-Type"), w->content_type);
    if (!bodiless)
        put_number(head, "Content-Length: ", (int64_t)w->body.n);
    for (size_t i = 0; i < w->n_headers; i++)
        put_header(head, w->headers[i].name, w->headers[i].value);
    BUF_LIT(head, "\r\n");
}

bool fcgi_respond(struct fcgi *f, const struct http_response *w, bool head_only)
{
    struct buf head;
    buf_init_arena(&head, w->arena, 64 << 10);
    put_head(&head, w);
    if (FCGX_PutStr(head.p, (int)head.n, f->req.out) < 0)
        return false;
    return !has_body(w, head_only) || FCGX_PutStr(w->body.p, (int)w->body.n, f->req.out) >= 0;
}

/* --- the last answer of a connection, framed here because libfcgi cannot put anything behind the end ---------------------- */

enum { FCGI_TYPE_END = 3, FCGI_TYPE_STDOUT = 6, FCGI_TYPE_UNKNOWN = 11, FCGI_CONTENT_MAX = 65528 };

static void put_record(struct buf *out, int type, int request_id, const void *content, size_t n)
{
    const unsigned char head[8] = {1, (unsigned char)type, (unsigned char)(request_id >> 8), (unsigned char)request_id, (unsigned char)(n >> 8), (unsigned char)n, 0, 0};
    buf_put(out, head, sizeof(head));
    buf_put(out, content, n);
}

static void put_stdout(struct buf *out, int request_id, const char *p, size_t n)
{
    while (n > 0) {
        size_t step = n < FCGI_CONTENT_MAX ? n : FCGI_CONTENT_MAX;
        put_record(out, FCGI_TYPE_STDOUT, request_id, p, step);
        p += step;
        n -= step;
    }
}

static bool send_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t w = send(fd, p, n, MSG_NOSIGNAL);        /* SO_SNDTIMEO bounds it */
        if (w <= 0 && errno != EINTR)
            return false;
        if (w > 0) {
            p += w;
            n -= (size_t)w;
        }
    }
    return true;
}

bool fcgi_respond_last(struct fcgi *f, const struct http_response *w, bool head_only)
{
    struct buf head, out;
    int id = f->req.requestId, fd = f->req.ipcFd;
    buf_init_arena(&head, w->arena, 64 << 10);
    buf_init_arena(&out, w->arena, 0);
    put_head(&head, w);
    put_stdout(&out, id, head.p, head.n);
    if (has_body(w, head_only))
        put_stdout(&out, id, w->body.p, w->body.n);
    put_record(&out, FCGI_TYPE_STDOUT, id, "", 0);
    put_record(&out, FCGI_TYPE_END, id, "\0\0\0\0\0\0\0\0", 8);
    put_record(&out, FCGI_TYPE_UNKNOWN, 0, "\0\0\0\0\0\0\0\0", 8);
    if (out.failed || (!f->body_read && !drain(f, clock_monotonic() + USEC_PER_SEC)))
        return false;
    int nowhere = dup(f->nowhere);                       /* libfcgi says its own end of the request there, and closes it */
    if (nowhere < 0)
        return false;
    bool ok = send_all(fd, out.p, out.n);
    f->req.ipcFd = nowhere;
    f->req.keepConnection = 0;
    close(fd);
    return ok;
}

int fcgi_finish(struct fcgi *f, bool keep)
{
    if (keep && f->req.keepConnection && !f->body_read && !drain(f, 0))
        keep = false;
    if (!keep)
        f->req.keepConnection = 0;
    FCGX_Finish_r(&f->req);
    int fd = f->req.ipcFd;
    f->req.ipcFd = -1;
    return fd;
}
