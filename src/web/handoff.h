/* The hand-off: one epoll set per process with the listening socket and every connection, T threads that wait on it.
 *
 * A connection is IDLE (armed in the set, EPOLLONESHOT) or BUSY (with one thread). Whoever moves its word from IDLE owns the descriptor: a
 * thread that got its event, or the sweeper that closes what idled too long. The word holds a generation besides the state, and so does the
 * event, because a closed descriptor's number comes back with the next connection. */
#ifndef SOUK_WEB_HANDOFF_H
#define SOUK_WEB_HANDOFF_H

#include "web/app.h"

struct handoff;

MUST_CHECK bool handoff_new(struct app *app, int listen_fd, struct handoff **ret_handoff, struct err *e);
void handoff_destroy(struct handoff *h);                 /* after all threads ended; closes every connection */
void handoff_thread(struct handoff *h);                  /* the life of one thread; returns after handoff_quit */
void handoff_quit(struct handoff *h);

/* No further connections. With `sweep_backlog` those that wait in the socket's queue are still taken. */
void handoff_drain(struct handoff *h, bool sweep_backlog);
/* Closes connections that were silent for `idle_us`, never one with a byte to read. */
void handoff_close_idle(struct handoff *h, int64_t idle_us);
int handoff_connections(const struct handoff *h);

#endif
