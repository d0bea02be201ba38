/* A tiny HTTP server in a thread, on a free port of 127.0.0.1: what a test wants to be answered, and what was asked. */
#ifndef SOUK_TESTS_UNIT_NET_COUNTERPART_H
#define SOUK_TESTS_UNIT_NET_COUNTERPART_H

#include "unit.h"

struct counterpart;

/* Writes the whole answer (status line, headers, body) for a request into `out`; nothing: the connection is closed without a word. `request` is its head and body. */
typedef void counterpart_fn(void *arg, struct arena *a, struct str request, struct buf *out);

struct counterpart *counterpart_start(counterpart_fn *answer, void *arg);
void counterpart_stop(struct counterpart *c);
int counterpart_port(const struct counterpart *c);
int counterpart_connections(const struct counterpart *c);      /* that were opened so far */
int counterpart_requests(const struct counterpart *c);
/* "HTTP/1.1 200 OK" with a body; kept alive. */
void counterpart_answer(struct buf *out, int status, const char *type, struct str body);

#endif
