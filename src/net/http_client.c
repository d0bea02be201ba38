#include "net/http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"

struct http_client {
    pthread_key_t handles;           /* CURL * of each thread: libcurl keeps its connections there */
    char *ca_file;
    bool private_addresses, plain;
    int connect_ms;
};

/* --- addresses --------------------------------------------------------------------------------------------------------- */

static bool v4_private(uint32_t address)
{
    static const struct { uint32_t net; int bits; } nets[] = {
        {0x00000000, 8}, {0x0a000000, 8}, {0x64400000, 10}, {0x7f000000, 8}, {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24},
        {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3}};
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        if ((address ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return true;
    }
    return false;
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool v6_private(const uint8_t a[16])
{
    static const uint8_t zero[12], mapped[12] = {[10] = 0xff, [11] = 0xff}, nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    if (memcmp(a, zero, 12) == 0)
        return true;                                       /* ::, ::1, and IPv4-compatible, which nobody routes */
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
        return v4_private(be32(a + 12));
    if (a[0] == 0x20 && a[1] == 0x02)
        return v4_private(be32(a + 2));
    return (a[0] & 0xe0) != 0x20 || be32(a) == 0x20010db8; /* only 2000::/3 is the internet; 2001:db8::/32 is for books */
}

bool http_address_private(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return v4_private(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return true;
    memcpy(&v6, address, sizeof v6);
    return v6_private(v6.sin6_addr.s6_addr);
}

/* --- URLs and forms ------------------------------------------------------------------------------------------------------ */

bool http_url_ok(struct str url)
{
    struct str rest = str_starts(url, STR("https://")) ? str_sub(url, 8, url.n) : str_starts(url, STR("http://")) ? str_sub(url, 7, url.n) : STR("");
    bool authority = true;
    if (url.n > HTTP_CLIENT_URL_MAX || rest.n == 0 || strchr("/?:", rest.p[0]))
        return false;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        if (c <= ' ' || c > '~' || strchr("\"<>\\^`{|}#", c))
            return false;
        authority = authority && c != '/' && c != '?';
        if (authority && c == '@')
            return false;
    }
    return true;
}

static void put_encoded(struct buf *out, struct str s)
{
    static const char plain[] = "-._~";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || (c != 0 && strchr(plain, c)))
            buf_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

void http_form_add(struct buf *out, const char *name, struct str value)
{
    if (out->n > 0)
        buf_char(out, '&');
    put_encoded(out, str_from(name));
    buf_char(out, '=');
    put_encoded(out, value);
}

/* --- the client ---------------------------------------------------------------------------------------------------------- */

static void handle_free(void *handle)
{
    curl_easy_cleanup(handle);
}

bool http_client_new(const struct http_client_options *o, struct http_client **ret_client, struct err *e)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_cause(e, "libcurl does not start");
    struct http_client *h = calloc(1, sizeof *h);
    BUG_IF(h == NULL);
    h->ca_file = o->ca_file && o->ca_file[0] ? strdup(o->ca_file) : NULL;
    h->private_addresses = o->private_addresses;
    h->plain = o->plain;
    h->connect_ms = o->connect_ms > 0 ? o->connect_ms : 3000;
    BUG_IF(pthread_key_create(&h->handles, handle_free) != 0);
    *ret_client = h;
    return true;
}

void http_client_destroy(struct http_client *h)
{
    if (h == NULL)
        return;
    curl_easy_cleanup(pthread_getspecific(h->handles));
    pthread_key_delete(h->handles);
    free(h->ca_file);
    free(h);
    curl_global_cleanup();
}

/* What one call needs while libcurl works. */
struct transfer {
    struct http_client *h;
    struct buf body;
    char error[CURL_ERROR_SIZE];
    bool refused;                    /* the address may not be called */
};

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    buf_put(&t->body, p, size * n);
    return t->body.failed ? 0 : size * n;        /* 0: libcurl gives up */
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *t = arg;
    (void)purpose;
    if (!t->h->private_addresses && http_address_private(&address->addr)) {
        t->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static CURL *handle_of(struct http_client *h)
{
    CURL *c = pthread_getspecific(h->handles);
    if (c) {
        curl_easy_reset(c);          /* keeps connections, sessions and names that were looked up */
        return c;
    }
    c = curl_easy_init();
    BUG_IF(c == NULL);
    BUG_IF(pthread_setspecific(h->handles, c) != 0);
    return c;
}

static void set_safety(CURL *c, struct transfer *t, const struct http_ask *ask, int64_t left_ms)
{
    const struct http_client *h = t->h;
    bool tls = str_starts(ask->url, STR("https://"));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, h->plain ? "http,https" : "https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, tls ? "https" : "http,https");
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)left_ms);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(left_ms < h->connect_ms ? left_ms : h->connect_ms));
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (h->ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, h->ca_file);   /* the system's authorities are found by their folder */
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, ask->hops > 0 && strcmp(ask->method, "GET") == 0 ? 1L : 0L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)(ask->hops < HTTP_CLIENT_HOPS_MAX ? ask->hops : HTTP_CLIENT_HOPS_MAX));
}

static void set_request(CURL *c, struct arena *a, const struct http_ask *ask, struct curl_slist **headers)
{
    *headers = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < ask->n_headers; i++)
        *headers = curl_slist_append(*headers, arena_printf(a, "%s: " STR_FMT, ask->headers[i].name, STR_ARG(ask->headers[i].value)));
    curl_easy_setopt(c, CURLOPT_URL, str_cstr(a, ask->url));
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, *headers);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Souk");
    if (strcmp(ask->method, "POST") == 0) {
        curl_easy_setopt(c, CURLOPT_POST, 1L);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.n);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, ask->body.n ? ask->body.p : "");
    }
    if (!str_is_null(ask->user)) {
        curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(c, CURLOPT_USERNAME, str_cstr(a, ask->user));
        curl_easy_setopt(c, CURLOPT_PASSWORD, str_cstr(a, str_is_null(ask->password) ? STR("") : ask->password));
    }
}

static bool ask_ok(const struct http_client *h, const struct http_ask *ask, struct err *e)
{
    if (!http_url_ok(ask->url))
        return err_set(e, PROBLEM_INVALID, "This is not an address that can be called.");
    if (!h->plain && !str_starts(ask->url, STR("https://")))
        return err_set(e, PROBLEM_INVALID, "Only https:// addresses are called.");
    BUG_IF(strcmp(ask->method, "GET") != 0 && strcmp(ask->method, "POST") != 0);
    for (size_t i = 0; i < ask->n_headers; i++) {
        if (!str_is_text(ask->headers[i].value, false))
            return err_set(e, PROBLEM_INVALID, "A header cannot hold this.");
    }
    return true;
}

/* Scheme and host: what a log may hold. Paths and queries may carry codes. */
static struct str origin_of(struct str url)
{
    size_t slashes = 0, i = 0;
    for (; i < url.n && slashes < 3; i++)
        slashes += url.p[i] == '/';
    return str_sub(url, 0, slashes == 3 ? i - 1 : i);
}

static bool fail(struct transfer *t, const struct http_ask *ask, CURLcode code, struct err *e)
{
    struct str origin = origin_of(ask->url);
    const char *why = t->error[0] ? t->error : curl_easy_strerror(code);
    if (t->refused)
        why = "its address is in a private network";
    else if (t->body.failed)
        why = "the answer is too long";
    err_set(e, PROBLEM_UNAVAILABLE, "Another service that is needed here does not answer.");
    return err_cause(e, STR_FMT ": %s", STR_ARG(origin), why);
}

bool http_client_call(struct http_client *h, struct arena *a, const struct http_ask *ask, struct http_got *ret_got, struct err *e)
{
    struct transfer t = {.h = h};
    struct curl_slist *headers = NULL;
    int64_t left_ms = (ask->deadline - clock_monotonic()) / USEC_PER_MS;
    if (!ask_ok(h, ask, e))
        return false;
    if (left_ms <= 0)
        return fail(&t, ask, CURLE_OPERATION_TIMEDOUT, e);
    CURL *c = handle_of(h);
    buf_init_arena(&t.body, a, ask->max > 0 ? ask->max : HTTP_CLIENT_BYTES_MAX);
    set_safety(c, &t, ask, left_ms);
    set_request(c, a, ask, &headers);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t.error);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &t);
    CURLcode code = curl_easy_perform(c);
    long status = 0;
    char *type = NULL;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type);
    struct str content_type = type ? str_dup(a, str_from(type)) : STR_NULL;
    curl_easy_reset(c);              /* nothing of this call stays behind */
    curl_slist_free_all(headers);
    if (code != CURLE_OK || status < 100)
        return fail(&t, ask, code, e);
    *ret_got = (struct http_got){.status = (int)status, .body = buf_view(&t.body), .content_type = content_type};
    return true;
}
