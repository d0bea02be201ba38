/* An HTTP client for calls to others: the only place with libcurl (libidentity).
 *
 * http and https only; certificates and names are checked; no redirects unless asked; no proxy whatever the environment says; no cookies, no
 * credentials from files; an answer has a limit, a call a deadline. Connections are kept by each thread and used again. */
#ifndef SOUK_NET_HTTP_CLIENT_H
#define SOUK_NET_HTTP_CLIENT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { HTTP_CLIENT_URL_MAX = 2048, HTTP_CLIENT_BYTES_MAX = 1 << 20, HTTP_CLIENT_HEADERS_MAX = 8, HTTP_CLIENT_HOPS_MAX = 5 };

struct http_client;

struct http_client_options {
    const char *ca_file;             /* PEM, besides the system's authorities; NULL or "": none */
    bool private_addresses;          /* may call loopback, link-local and private networks */
    bool plain;                      /* may call http:// */
    int connect_ms;                  /* longest wait for a connection; 0: 3000 */
};

MUST_CHECK bool http_client_new(const struct http_client_options *o, struct http_client **ret_client, struct err *e);
/* No call may be under way. Threads that have ended gave back theirs. NULL is allowed. */
void http_client_destroy(struct http_client *h);

struct http_ask_header { const char *name; struct str value; };

struct http_ask {
    const char *method;              /* "GET", "POST" */
    struct str url;
    size_t n_headers;
    struct http_ask_header headers[HTTP_CLIENT_HEADERS_MAX];
    struct str body;                 /* of a POST */
    struct str user, password;       /* Basic authentication (RFC 7617); absent: none */
    size_t max;                      /* bytes of the answer; 0: HTTP_CLIENT_BYTES_MAX */
    int hops;                        /* redirects to follow (GET only, never from https to http); 0: a 3xx is an answer like any other */
    int64_t deadline;                /* monotonic microseconds */
};

struct http_got {
    int status;
    struct str body, content_type;   /* in the arena; content_type absent: none */
};

/* Any answer with a status is a success. PROBLEM_UNAVAILABLE with a cause for the log: no connection, no answer in time, a broken or too long one, a certificate that
 * does not hold, an address that may not be called. PROBLEM_INVALID: a URL that is none, or one with a password in it. */
MUST_CHECK bool http_client_call(struct http_client *h, struct arena *a, const struct http_ask *ask, struct http_got *ret_got, struct err *e);

/* x-www-form-urlencoded: adds name=value, with '&' where something stands already. */
struct buf;
void http_form_add(struct buf *out, const char *name, struct str value);
/* Is it an absolute http(s) URL of printable ASCII, without user, password and fragment? */
bool http_url_ok(struct str url);

/* Loopback, link-local, private, shared, reserved and multicast networks, also inside IPv6 (mapped, NAT64, 6to4): RFC 6890. What is no internet address is private. */
struct sockaddr;
bool http_address_private(const struct sockaddr *address);

#endif
