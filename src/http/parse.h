/* Text of the wire into an http_request. No sockets here, so that fuzzers and tests call it with bytes. */
#ifndef SOUK_HTTP_PARSE_H
#define SOUK_HTTP_PARSE_H

#include "http/http.h"

enum { HTTP_TARGET_MAX = 8192, HTTP_HEADERS_MAX = 128, HTTP_PAIRS_MAX = 512, HTTP_COOKIES_MAX = 100 };

/* From CGI parameters ("NAME=value", NULL ends the list). *ret is filled as far as possible also when it returns false. */
MUST_CHECK bool http_parse_params(struct arena *a, char *const *params, struct http_request *ret, struct err *e);
enum http_method http_parse_method(struct str s);
const char *http_method_name(enum http_method m);
/* Decodes a path: "%2F", "%00", control characters, broken UTF-8, "." and ".." segments are PROBLEM_BAD_REQUEST. */
MUST_CHECK bool http_parse_path(struct arena *a, struct str raw, struct str *ret_path, struct err *e);

#endif
