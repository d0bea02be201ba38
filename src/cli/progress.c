#include "cli/progress.h"

#include <unistd.h>

struct progress progress_begin(bool all_notes)
{
    return (struct progress){.out = stderr, .terminal = isatty(STDERR_FILENO), .all_notes = all_notes};
}

static void clear_bar(struct progress *p)
{
    if (p->bar) fputs("\r\033[K", p->out);
    p->bar = false;
}

void progress_show(void *arg, int64_t done, int64_t all, int64_t count, const char *things)
{
    struct progress *p = arg;
    enum { WIDTH = 40 };
    char bar[WIDTH + 1];
    int64_t now = clock_monotonic();
    if (!p->terminal || now - p->shown_at < 100 * USEC_PER_MS) return;
    p->shown_at = now;
    p->bar = true;
    if (all <= 0) {                     /* from standard input: nobody knows how long it is */
        fprintf(p->out, "\r%lld %s", (long long)count, things);
        return;
    }
    if (done > all) done = all;
    for (int i = 0; i < WIDTH; i++) bar[i] = i < done * WIDTH / all ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(p->out, "\r\033[K[%s] %3d %% %lld %s", bar, (int)(done * 100 / all), (long long)count, things);
}

void progress_note(void *arg, int64_t line, const char *what)
{
    struct progress *p = arg;
    if (++p->notes > PROGRESS_NOTES && !p->all_notes) return;
    clear_bar(p);
    if (line > 0) fprintf(p->out, "line %lld: ", (long long)line);
    fprintf(p->out, "%s\n", what);
}

void progress_end(struct progress *p)
{
    clear_bar(p);
    if (p->notes > PROGRESS_NOTES && !p->all_notes) fprintf(p->out, "and %lld more (--all shows them)\n", (long long)(p->notes - PROGRESS_NOTES));
}
