/* Scenario files and the answers of the server: text in, text out. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static void *need(void *p) {
    if (!p) {
        perror("load");
        exit(2);
    }
    return p;
}

static char *copy(const char *s) {
    return need(strdup(s));
}

static void append(char **to, const char *line) {
    char *joined;
    if (asprintf(&joined, "%s%s", *to ? *to : "", line) < 0) need(NULL);
    free(*to);
    *to = joined;
}

static void bad(const char *path, int number, const char *what) {
    fprintf(stderr, "%s:%d: %s\n", path, number, what);
    exit(2);
}

/* "capture NAME KEY" and "expect STATUS" follow the request; "> Header: value" lines and body lines belong to it. */
static void read_line(const char *path, int number, char *line, struct scenario *s) {
    struct step *step = s->n ? &s->steps[s->n - 1] : NULL;
    char first[16] = "", second[VALUE_MAX] = "", third[VALUE_MAX] = "";
    int words = sscanf(line, "%15s %255s %255s", first, second, third);
    if (words <= 0 || first[0] == '#') return;
    if (!strcmp(first, "GET") || !strcmp(first, "POST") || !strcmp(first, "PATCH") || !strcmp(first, "PUT") || !strcmp(first, "DELETE")) {
        if (words != 2 || s->n == STEPS_MAX) bad(path, number, "METHOD PATH is needed, or there are too many steps");
        s->steps[s->n++] = (struct step){.method = copy(first), .path = copy(second), .headers = copy("")};
    } else if (!step) {
        bad(path, number, "a request comes first");
    } else if (!strcmp(first, ">")) {
        line[strcspn(line, "\n")] = '\0';
        append(&step->headers, strchr(line, '>') + 2);
        append(&step->headers, "\r\n");
    } else if (!strcmp(first, "expect")) {
        step->expect = (int)strtol(second, NULL, 10);
    } else if (!strcmp(first, "capture")) {
        if (words != 3 || step->n_captures == CAPTURES_MAX) bad(path, number, "capture NAME KEY is needed");
        step->captures[step->n_captures].name = copy(second);
        step->captures[step->n_captures++].key = copy(third);
    } else {
        append(&step->body, line);
    }
}

void scenario_read(const char *path, struct scenario *ret) {
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    char *line = NULL;
    size_t cap = 0;
    *ret = (struct scenario){.n = 0};
    for (int number = 1; getline(&line, &cap, f) >= 0; number++) read_line(path, number, line, ret);
    free(line);
    fclose(f);
    if (!ret->n) bad(path, 1, "no request");
}

void scenario_get(const char *path, struct scenario *ret) {
    *ret = (struct scenario){.n = 1};
    ret->steps[0] = (struct step){.method = copy("GET"), .path = copy(path), .headers = copy("")};
}

void vars_set(struct vars *vars, const char *name, const char *value, size_t n) {
    size_t i = 0;
    while (i < vars->n && strcmp(vars->v[i].name, name)) i++;
    if (i == VARS_MAX || n >= VALUE_MAX || strlen(name) >= sizeof vars->v[0].name) {
        fprintf(stderr, "load: too many variables, or %s is too long\n", name);
        exit(2);
    }
    if (i == vars->n) vars->n++;
    memcpy(vars->v[i].name, name, strlen(name) + 1);
    memcpy(vars->v[i].value, value, n);
    vars->v[i].value[n] = '\0';
}

static const char *value_of(const struct vars *vars, const char *name, size_t n) {
    for (size_t i = 0; i < vars->n; i++)
        if (strlen(vars->v[i].name) == n && !memcmp(vars->v[i].name, name, n)) return vars->v[i].value;
    return NULL;
}

static size_t put(char *to, size_t at, size_t size, const char *s, size_t n) {
    if (n >= size - at) {
        fprintf(stderr, "load: a request is larger than %zu bytes\n", size);
        exit(2);
    }
    memcpy(to + at, s, n);
    return at + n;
}

/* {name} with letters and digits only is a variable, so that JSON's braces need no escape. */
static size_t fill(char *to, size_t at, size_t size, const char *text, const struct vars *vars) {
    for (const char *p = text; *p;) {
        size_t n = 0;
        if (*p == '{') while (isalnum((unsigned char)p[1 + n])) n++;
        if (n && p[1 + n] == '}') {
            const char *value = value_of(vars, p + 1, n);
            if (!value) {
                fprintf(stderr, "load: nothing is known of {%.*s}\n", (int)n, p + 1);
                exit(2);
            }
            at = put(to, at, size, value, strlen(value));
            p += n + 2;
        } else {
            at = put(to, at, size, p++, 1);
        }
    }
    return at;
}

size_t step_render(const struct step *step, const struct vars *vars, const char *host, char *to, size_t size) {
    char body[4096];
    size_t n_body = step->body ? fill(body, 0, sizeof body, step->body, vars) : 0;
    char head[512];
    size_t at = 0;
    at = put(to, at, size, step->method, strlen(step->method));
    at = put(to, at, size, " ", 1);
    at = fill(to, at, size, step->path, vars);
    int n = snprintf(head, sizeof head, " HTTP/1.1\r\nHost: %s\r\n", host);
    at = put(to, at, size, head, (size_t)n);
    at = fill(to, at, size, step->headers, vars);
    if (step->body || strcmp(step->method, "GET")) {
        n = snprintf(head, sizeof head, "Content-Length: %zu\r\n", n_body);
        at = put(to, at, size, head, (size_t)n);
    }
    at = put(to, at, size, "\r\n", 2);
    return put(to, at, size, body, n_body);
}

bool step_capture(const struct step *step, struct vars *vars, const char *body, size_t n) {
    for (size_t i = 0; i < step->n_captures; i++) {
        char key[64];
        int length = snprintf(key, sizeof key, "\"%s\":\"", step->captures[i].key);
        const char *at = memmem(body, n, key, (size_t)length);
        if (!at) return false;
        at += length;
        const char *end = memchr(at, '"', n - (size_t)(at - body));
        if (!end) return false;
        vars_set(vars, step->captures[i].name, at, (size_t)(end - at));
    }
    return true;
}

static bool has_header(const char *head, size_t n, const char *wanted, const char **ret_value) {
    size_t length = strlen(wanted);
    for (const char *p = head; p + length < head + n;) {
        const char *end = memchr(p, '\n', n - (size_t)(p - head));
        if (!end) return false;
        if (!strncasecmp(p, wanted, length)) {
            *ret_value = p + length;
            return true;
        }
        p = end + 1;
    }
    return false;
}

/* Walks the chunks from the body's start each time: answers are small and come in one or two pieces. */
static bool chunks_complete(const char *p, size_t n, bool *ret_complete) {
    for (size_t at = 0;;) {
        const char *end = at < n ? memmem(p + at, n - at, "\r\n", 2) : NULL;
        if (!end) return true;
        size_t size = strtoul(p + at, NULL, 16);
        at = (size_t)(end - p) + 2 + size + 2;
        if (at > n) return true;
        if (!size) {
            *ret_complete = true;
            return at == n;
        }
    }
}

bool answer_parse(struct answer *a, const char *p, size_t n) {
    if (!a->in_body) {
        const char *end = memmem(p, n, "\r\n\r\n", 4), *value;
        if (!end) return n < 64 * 1024;
        if (n < 12 || memcmp(p, "HTTP/1.1 ", 9)) return false;
        a->status = (int)strtol(p + 9, NULL, 10);
        a->head = (size_t)(end - p) + 4;
        a->in_body = true;
        a->close = has_header(p, a->head, "connection: close", &value);
        if (has_header(p, a->head, "transfer-encoding: chunked", &value)) a->chunked = true;
        else a->need = has_header(p, a->head, "content-length:", &value) ? strtoul(value, NULL, 10) : 0;
    }
    if (a->chunked) return chunks_complete(p + a->head, n - a->head, &a->complete);
    a->complete = n - a->head == a->need;
    return n - a->head <= a->need;
}

/* Buckets of about 1.6 %: 64 linear steps per power of two. */
void histogram_add(struct histogram *h, int64_t us) {
    uint64_t v = us < 0 ? 0 : (uint64_t)us;
    unsigned shift = 0;
    while (v >> shift >= 128) shift++;
    size_t i = shift * 64 + (v >> shift);
    if (i >= sizeof h->buckets / sizeof *h->buckets) i = sizeof h->buckets / sizeof *h->buckets - 1;
    h->buckets[i]++;
    h->count++;
}

int64_t histogram_at(const struct histogram *h, double fraction) {
    uint64_t wanted = (uint64_t)((double)h->count * fraction), seen = 0;
    for (size_t i = 0; i < sizeof h->buckets / sizeof *h->buckets; i++) {
        seen += h->buckets[i];
        if (seen > wanted || (seen == h->count && seen)) return i < 128 ? (int64_t)i : (int64_t)(i % 64 + 64) << (i / 64 - 1);
    }
    return 0;
}
