/* A file read from its beginning to its end, plain or gzip (told apart by its first bytes). The only place that includes zlib's header. */
#ifndef SOUK_BASE_INPUT_H
#define SOUK_BASE_INPUT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct input;      /* closed with its arena */

/* "-" is standard input. PROBLEM_INVALID when the file cannot be opened or is a folder. */
MUST_CHECK bool input_open(struct arena *a, const char *path, struct input **ret_input, struct err *e);
/* Up to n bytes; 0 is the end. PROBLEM_INVALID when reading fails or the gzip data is damaged or cut off. */
MUST_CHECK bool input_read(struct input *in, void *p, size_t n, size_t *ret_n, struct err *e);
int64_t input_offset(struct input *in);              /* bytes of the file that were used so far (of gzip data: compressed ones) */
int64_t input_size(const struct input *in);          /* of the file; 0: not known */

#endif
