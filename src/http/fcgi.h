/* FastCGI over one accepted connection: the only file with libfcgi.
 *
 * libfcgi is used as a parser and printer on descriptors that are ready, never as an acceptor: after FCGX_Finish_r it keeps the descriptor and
 * its next accept would block in a read while other connections wait. So the descriptor goes in and comes back:
 *
 *     fcgi_begin(f, fd, arena, &request, &e)  ->  fcgi_body(...)  ->  fcgi_respond(...)  ->  fd = fcgi_finish(f, keep)
 *
 * Two public fields of FCGX_Request make that possible (ipcFd, keepConnection); tests/unit/http/test_fcgi.c pins them. FCGX_Detach() keeps libfcgi
 * from lingering up to two seconds in close(). Bodies are always read to their end, else the rest would be taken for the next request. */
#ifndef SOUK_HTTP_FCGI_H
#define SOUK_HTTP_FCGI_H

#include "http/http.h"

struct fcgi;       /* of one thread */

/* Once per process, before any thread; leaves signals to those who block them. */
MUST_CHECK bool fcgi_library_init(struct err *e);
struct fcgi *fcgi_new(void);
void fcgi_destroy(struct fcgi *f);

enum fcgi_begin {
    FCGI_BEGIN_OK,            /* *ret is filled, and `e` says whether its target or headers are refused (e->problem) */
    FCGI_BEGIN_GONE,          /* the peer went away, was too slow or spoke nonsense: the descriptor is closed */
};
enum fcgi_begin fcgi_begin(struct fcgi *f, int fd, struct arena *a, struct http_request *ret, struct err *e);

/* Reads the body up to `max` bytes; what is longer is read and thrown away: PROBLEM_BODY_TOO_LARGE. An aborted body is PROBLEM_BAD_REQUEST
 * with *ret_gone = true: nobody waits for an answer any more. Stops at `deadline` (monotonic microseconds). */
MUST_CHECK bool fcgi_body(struct fcgi *f, struct arena *a, size_t max, int64_t deadline, struct str *ret_body, bool *ret_gone, struct err *e);

/* Status, headers, Content-Length, body (not for HEAD, 204, 304). False when the peer is gone. */
bool fcgi_respond(struct fcgi *f, const struct http_response *w, bool head_only);
/* The same when the connection closes afterwards although its peer would keep it: answer, end of the request and a management record behind it go out in
 * one write, then the descriptor is closed. nginx keeps no connection that still holds bytes when a request ends, so it cannot choose this
 * one for its next request (which, if it is a POST, would fail) in the instant before it learns of the close. fcgi_finish() returns -1 then. */
bool fcgi_respond_last(struct fcgi *f, const struct http_response *w, bool head_only);
/* Ends the request. Returns the descriptor when the connection may carry another request, -1 when it is closed. */
int fcgi_finish(struct fcgi *f, bool keep);

#endif
