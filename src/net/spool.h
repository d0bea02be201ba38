/* The mail spool: one file per message in a folder, complete or not there. The file's name is the message's own, so a message
 * that is put twice is there once. For tests, for small shops whose MTA reads a folder, and as the default driver. */
#ifndef SOUK_NET_SPOOL_H
#define SOUK_NET_SPOOL_H

#include "base/err.h"
#include "base/str.h"

/* Writes `mail` as <folder>/<name>.eml: to <folder>/tmp first, flushed to disk, then linked to its name. When the file is there already
 * nothing changes and *ret_new is false. Makes the folder when it is missing. */
MUST_CHECK bool spool_put(const char *folder, const char *name, struct str mail, bool *ret_new, struct err *e);

#endif
