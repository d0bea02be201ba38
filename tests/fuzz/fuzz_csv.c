/* The reader of CSV: no crash on any bytes, however they arrive; lines are counted like somebody else counts them; fields are text; the answer does not
 * depend on how the bytes were cut into portions. */
#include <stdlib.h>

#include "base/csv.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

struct feed { const uint8_t *p; size_t n, step; };

static bool feed_read(void *arg, void *p, size_t n, size_t *ret_n, struct err *e)
{
    struct feed *f = arg;
    size_t take = f->n < f->step ? f->n : f->step;
    (void)e;
    if (take > n) take = n;
    if (take) memcpy(p, f->p, take);
    f->p += take;
    f->n -= take;
    *ret_n = take;
    return true;
}

/* A number that stands for everything the reader said. */
static uint64_t read_all(const uint8_t *data, size_t size, size_t step)
{
    struct arena *a = arena_new();
    struct feed f = {data, size, step};
    struct csv *c = csv_new(a, feed_read, &f);
    struct csv_record r;
    struct err e = {0};
    uint64_t h = UINT64_C(14695981039346656037);
    int64_t next = 1, lines = 0;
    bool found = true;
    for (size_t i = 0; i < size; i++) lines += data[i] == '\n';
    if (size > 0 && data[size - 1] != '\n') lines++;
    for (;;) {
        MUST(csv_next(c, &r, &found, &e));
        if (!found) break;
        MUST(r.line >= next && r.lines >= 1 && r.n <= CSV_FIELDS_MAX && (r.state == CSV_OK) == (r.n > 0));
        next = r.line + r.lines;
        h = (h ^ (uint64_t)r.line) * 1099511628211u;
        h = (h ^ (uint64_t)r.state) * 1099511628211u;
        for (size_t i = 0; i < r.n; i++) {
            MUST(r.fields[i].p && str_is_text(r.fields[i], true));
            for (size_t k = 0; k < r.fields[i].n; k++) h = (h ^ (uint8_t)r.fields[i].p[k]) * 1099511628211u;
            h = (h ^ 0x100) * 1099511628211u;
        }
    }
    bool mark_alone = size == 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0;       /* a byte order mark and nothing else is no line */
    MUST(csv_lines(c) == (mark_alone ? 0 : lines) && next <= lines + 1);
    arena_destroy(a);
    return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = read_all(data, size, SIZE_MAX);
    MUST(read_all(data, size, 1) == whole);
    MUST(read_all(data, size, 7) == whole);
    return 0;
}
