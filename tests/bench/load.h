/* The bench's load generator: keep-alive HTTP/1.1 clients over TLS or plain TCP in one thread, driven by a scenario.
 * Every client counts its own completions, because an average hides a client that got no answer at all. */
#ifndef SOUK_BENCH_LOAD_H
#define SOUK_BENCH_LOAD_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STEPS_MAX = 16, CAPTURES_MAX = 4, VARS_MAX = 16, VALUE_MAX = 256 };

/* One request of a scenario. In path, headers and body {name} stands for a variable: captured, given with --var, or
 * {n}, a number that no other iteration of this run has. */
struct step {
    char *method, *path, *headers, *body;
    int expect;                                        /* status; 0: any 2xx or 3xx */
    struct { char *name, *key; } captures[CAPTURES_MAX];   /* variable <- first "key":"value" of the answer */
    size_t n_captures;
};

struct scenario {
    struct step steps[STEPS_MAX];
    size_t n;
};

struct vars {
    struct { char name[32]; char value[VALUE_MAX]; } v[VARS_MAX];
    size_t n;
};

/* Reads a scenario file; prints what is wrong and ends the program. */
void scenario_read(const char *path, struct scenario *ret);
/* A scenario of one GET of `path`. */
void scenario_get(const char *path, struct scenario *ret);

void vars_set(struct vars *vars, const char *name, const char *value, size_t n);
/* Writes the request of `step` with its variables filled in; returns its length, ends the program when it does not fit. */
size_t step_render(const struct step *step, const struct vars *vars, const char *host, char *to, size_t size);
/* Copies the captures of `step` out of an answer's body. False when one is missing. */
bool step_capture(const struct step *step, struct vars *vars, const char *body, size_t n);

/* State of reading one answer. Feed bytes as they come. */
struct answer {
    int status;
    bool in_body, chunked, complete, close;
    size_t head, need;          /* bytes before the body; bytes of the body still missing (not chunked) */
};

/* `p`, `n`: everything received so far. Returns false when it is not HTTP. */
bool answer_parse(struct answer *a, const char *p, size_t n);

struct histogram { uint64_t buckets[2048]; uint64_t count; };

void histogram_add(struct histogram *h, int64_t us);
int64_t histogram_at(const struct histogram *h, double fraction);      /* microseconds */

#endif
