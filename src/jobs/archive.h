/* Inside jobs/ only: a zip in memory. The only file that includes libzip's header is archive.c. */
#ifndef SOUK_JOBS_ARCHIVE_H
#define SOUK_JOBS_ARCHIVE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

struct archive_file { const char *name; struct str bytes; };
/* `at`: the time that the files carry. The archive belongs to the arena. */
MUST_CHECK bool archive_make(struct arena *a, const struct archive_file *files, size_t n, usec_t at, struct str *ret_zip, struct err *e);

#endif
