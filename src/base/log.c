#include "base/log.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct log {
    int fd;
    enum log_level least;
    const char *component;
};

struct log *log_new(int fd, enum log_level least, const char *component)
{
    struct log *l = malloc(sizeof *l);
    BUG_IF(!l);
    *l = (struct log){fd, least, component};
    return l;
}

void log_destroy(struct log *l)
{
    free(l);
}

int log_fd(const struct log *l)
{
    return l->fd;
}

static void put_string(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\') buf_char(b, '\\'), buf_char(b, (char)c);
        else if (c < 0x20 || c == 0x7F) buf_printf(b, "\\u%04x", c);
        else buf_char(b, (char)c);
    }
    buf_char(b, '"');
}

void log_line(struct log *l, enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < l->least) return;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, 64 * 1024);
    BUF_LIT(&b, "{\"time\":\"");
    buf_str(&b, time_format(a, clock_real()));
    buf_printf(&b, "\",\"level\":\"%s\",\"component\":\"%s\",\"event\":\"%s\"", names[level], l->component, event);
    for (size_t i = 0; i < n; i++) {
        const struct log_field *f = &fields[i];
        if (f->kind == LOG_FIELD_STR && !f->s.p) continue;
        buf_printf(&b, ",\"%s\":", f->name);
        /* A text from outside that is no UTF-8 would spoil the line for its readers. */
        if (f->kind == LOG_FIELD_INT) buf_int64(&b, f->i);
        else put_string(&b, str_is_utf8(f->s) ? f->s : STR("(not text)"));
    }
    BUF_LIT(&b, "}\n");
    /* A log that cannot be written must not stop the shop. */
    ssize_t written = b.failed ? 0 : write(l->fd, b.p, b.n);
    (void)written;
    buf_free(&b);
    arena_destroy(a);
}
