#include "http/parse.h"

#include "json/json.h"

static const struct { const char *name; enum http_method method; } methods[] = {
    {"GET", HTTP_GET}, {"HEAD", HTTP_HEAD}, {"POST", HTTP_POST}, {"PUT", HTTP_PUT},
    {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OPTIONS},
};

enum http_method http_parse_method(struct str s)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        if (str_eq_c(s, methods[i].name))
            return methods[i].method;
    }
    return HTTP_OTHER;
}

const char *http_method_name(enum http_method m)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        if (methods[i].method == m)
            return methods[i].name;
    }
    return "OTHER";
}

static bool dot_segments(struct str path)
{
    struct str rest = path, segment;
    while (str_split(&rest, '/', &segment)) {
        if (str_eq_c(segment, ".") || str_eq_c(segment, ".."))
            return true;
        if (str_is_null(rest))
            break;
    }
    return false;
}

bool http_parse_path(struct arena *a, struct str raw, struct str *ret_path, struct err *e)
{
    if (raw.n == 0 || raw.p[0] != '/')
        return err_set(e, PROBLEM_BAD_REQUEST, "the path must begin with a slash");
    char *out = ARENA_ARRAY(a, char, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            int hi = i + 2 < raw.n ? str_hex_digit(raw.p[i + 1]) : -1, lo = i + 2 < raw.n ? str_hex_digit(raw.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return err_set(e, PROBLEM_BAD_REQUEST, "the path holds a broken percent sign");
            c = (char)(hi * 16 + lo);
            if (c == '/')
                return err_set(e, PROBLEM_BAD_REQUEST, "the path holds an encoded slash");
            i += 2;
        }
        out[n++] = c;
    }
    struct str path = str_of(out, n);
    if (!str_is_text(path, false))
        return err_set(e, PROBLEM_BAD_REQUEST, "the path must be UTF-8 without control characters");
    if (dot_segments(path))
        return err_set(e, PROBLEM_BAD_REQUEST, "the path holds a dot segment");
    *ret_path = path;
    return true;
}

/* '+' is a blank, "%41" is 'A', a '%' without two digits stays what it is (WHATWG URL, urlencoded parser). */
static struct str decode_form(struct arena *a, struct str s)
{
    char *out = ARENA_ARRAY(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%' && s.n - i > 2 && str_hex_digit(s.p[i + 1]) >= 0 && str_hex_digit(s.p[i + 2]) >= 0) {
            c = (char)(str_hex_digit(s.p[i + 1]) * 16 + str_hex_digit(s.p[i + 2]));
            i += 2;
        }
        out[n++] = c;
    }
    return str_of(out, n);
}

bool http_parse_pairs(struct arena *a, struct str encoded, struct shape_pairs *ret_pairs, struct err *e)
{
    size_t count = 1, n = 0;
    for (size_t i = 0; i < encoded.n; i++)
        count += encoded.p[i] == '&';
    if (count > HTTP_PAIRS_MAX)
        return err_set(e, PROBLEM_BAD_REQUEST, "there are more than %d parameters", HTTP_PAIRS_MAX);
    struct shape_pair *v = ARENA_ARRAY(a, struct shape_pair, count);
    struct str rest = encoded, one;
    while (rest.n > 0 && str_split(&rest, '&', &one)) {
        struct str name = STR_NULL;
        if (one.n == 0)
            continue;
        struct str value = one;
        if (!str_split(&value, '=', &name))
            name = one;
        v[n].name = decode_form(a, name);
        v[n].value = str_is_null(value) ? STR("") : decode_form(a, value);
        if (!str_is_utf8(v[n].name) || !str_is_utf8(v[n].value))
            return err_set(e, PROBLEM_BAD_REQUEST, "a parameter is not UTF-8");
        n++;
    }
    *ret_pairs = (struct shape_pairs){n, v};
    return true;
}

/* HTTP_ACCEPT_LANGUAGE -> accept-language */
static struct str header_name(struct arena *a, struct str cgi)
{
    char *out = ARENA_ARRAY(a, char, cgi.n + 1);
    for (size_t i = 0; i < cgi.n; i++) {
        char c = cgi.p[i];
        out[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return str_of(out, cgi.n);
}

static void take_param(struct http_request *r, struct str name, struct str value)
{
    static const struct { const char *name; size_t offset; } slots[] = {
        {"REQUEST_URI", offsetof(struct http_request, target)},
        {"CONTENT_TYPE", offsetof(struct http_request, content_type)},
        {"REMOTE_ADDR", offsetof(struct http_request, remote_addr)},
        {"REQUEST_SCHEME", offsetof(struct http_request, scheme)},
        {"HTTP_HOST", offsetof(struct http_request, host)},
    };
    if (str_eq_c(name, "REQUEST_METHOD")) {
        r->method = http_parse_method(value);
        return;
    }
    for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++) {
        if (str_eq_c(name, slots[i].name))
            *(struct str *)(void *)((char *)r + slots[i].offset) = value;
    }
}

static bool parse_target(struct arena *a, struct http_request *r, struct err *e)
{
    struct str rest = r->target, raw = STR_NULL;
    r->path = STR("");
    r->query = STR("");
    if (rest.n > HTTP_TARGET_MAX)
        return err_set(e, PROBLEM_URI_TOO_LONG, "the address may have at most %d bytes", HTTP_TARGET_MAX);
    if (str_starts(rest, STR("http://")) || str_starts(rest, STR("https://"))) {       /* absolute form, RFC 9112 section 3.2.2 */
        size_t i = rest.p[4] == 's' ? 8 : 7;
        while (i < rest.n && rest.p[i] != '/')
            i++;
        rest = str_sub(rest, i, rest.n);
    }
    if (!str_split(&rest, '?', &raw))
        raw = STR("");
    if (!str_is_null(rest))
        r->query = rest;
    return http_parse_path(a, raw, &r->path, e);
}

bool http_parse_params(struct arena *a, char *const *params, struct http_request *ret, struct err *e)
{
    struct http_header *headers = ARENA_ARRAY(a, struct http_header, HTTP_HEADERS_MAX);
    size_t n = 0;
    bool too_many = false;
    *ret = (struct http_request){.method = HTTP_OTHER, .target = STR(""), .remote_addr = STR(""), .scheme = STR("http"), .host = STR(""),
                                 .content_type = STR(""), .body = STR("")};
    for (; *params; params++) {
        struct str value = str_from(*params), name = STR_NULL;
        if (!str_split(&value, '=', &name) || str_is_null(value))
            continue;
        take_param(ret, name, value);
        if (!str_starts(name, STR("HTTP_")))
            continue;
        too_many = n == HTTP_HEADERS_MAX;
        if (too_many)
            break;
        headers[n++] = (struct http_header){header_name(a, str_sub(name, 5, name.n)), value};
    }
    ret->headers = headers;
    ret->n_headers = n;
    if (!parse_target(a, ret, e))
        return false;
    if (too_many)
        return err_set(e, PROBLEM_HEADERS_TOO_LARGE, "there are more than %d headers", HTTP_HEADERS_MAX);
    return true;
}

struct str http_header(const struct http_request *r, const char *lower_name)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        if (str_eq_c(r->headers[i].name, lower_name))
            return r->headers[i].value;
    }
    return STR_NULL;
}

struct str http_cookie(const struct http_request *r, const char *name)
{
    struct str rest = http_header(r, "cookie"), one, key;
    for (int i = 0; i < HTTP_COOKIES_MAX && rest.n > 0 && str_split(&rest, ';', &one); i++) {
        one = str_trim(one);
        if (one.n == 0 || !str_split(&one, '=', &key) || str_is_null(one) || !str_eq_c(key, name))
            continue;
        if (one.n >= 2 && one.p[0] == '"' && one.p[one.n - 1] == '"')
            one = str_sub(one, 1, one.n - 2);
        return one;
    }
    return STR_NULL;
}

bool http_is_media(struct str content_type, const char *type)
{
    struct str head = content_type;
    size_t i;
    if (str_find(content_type, ';', &i))
        head = str_sub(content_type, 0, i);
    return str_eq_nocase(str_trim(head), str_from(type));
}

bool http_json_canonical(struct str body, struct arena *a, struct buf *out, struct err *e)
{
    return json_canonical(body, a, out, e);
}
