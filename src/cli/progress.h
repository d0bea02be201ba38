/* What a long command says while it works: a bar on a terminal, and notes about what needs somebody's eyes. All of it goes to standard error. */
#ifndef SOUK_CLI_PROGRESS_H
#define SOUK_CLI_PROGRESS_H

#include <stdio.h>

#include "base/clock.h"

enum { PROGRESS_NOTES = 50 };       /* so many are shown, unless all are asked for */

struct progress {
    FILE *out;
    bool terminal, bar;             /* `out` is one; a bar stands there now */
    int64_t shown_at, notes;
    bool all_notes;
};

struct progress progress_begin(bool all_notes);
/* Callbacks for the use cases; `arg` is a struct progress. The bar moves ten times a second at most; `all` is 0 where nobody knows how much there is. */
void progress_show(void *arg, int64_t done, int64_t all, int64_t count, const char *things);
void progress_note(void *arg, int64_t line, const char *what);       /* line 0: about no line in particular */
/* Takes the bar away and says how many notes were not shown. */
void progress_end(struct progress *p);

#endif
