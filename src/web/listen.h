/* Listening sockets: inherited on descriptor 0 or our own. */
#ifndef SOUK_WEB_LISTEN_H
#define SOUK_WEB_LISTEN_H

#include "base/arena.h"
#include "base/err.h"

bool listen_inherited(int fd);             /* is `fd` a listening socket? */
/* A unix socket at `path`. A stale file is taken away; a file behind which somebody answers is an error. */
MUST_CHECK bool listen_unix(const char *path, int backlog, int *ret_fd, struct err *e);

#endif
