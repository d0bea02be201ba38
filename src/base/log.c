#include "base/log.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
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

static bool plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
}

/* Runs of plain characters go out in one piece: a line is written for each request. */
static void put_string(struct buf *b, struct str s)
{
    size_t from = 0;
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (plain(c)) continue;
        buf_put(b, s.p + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') buf_char(b, '\\'), buf_char(b, (char)c);
        else buf_printf(b, "\\u%04x", c);
    }
    buf_put(b, s.p + from, s.n - from);
    buf_char(b, '"');
}

/* A text from outside that is no UTF-8 would spoil the line for its readers. */
static bool readable(struct str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] < 0x80) i++;
    return i == s.n || str_is_utf8(s);
}

static void put_field(struct buf *b, const struct log_field *f)
{
    BUF_LIT(b, ",\"");
    buf_cstr(b, f->name);
    BUF_LIT(b, "\":");
    if (f->kind == LOG_FIELD_INT) buf_int64(b, f->i);
    else put_string(b, readable(f->s) ? f->s : STR("(not text)"));
}

void log_line(struct log *l, enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < l->least) return;
    char stamp[TIME_STAMP_LEN];
    struct buf b;
    buf_init(&b, 64 * 1024);
    buf_reserve(&b, 1024);
    time_stamp(clock_real(), stamp);
    BUF_LIT(&b, "{\"time\":\"");
    buf_put(&b, stamp, sizeof stamp);
    BUF_LIT(&b, "\",\"level\":\"");
    buf_cstr(&b, names[level]);
    BUF_LIT(&b, "\",\"component\":\"");
    buf_cstr(&b, l->component);
    BUF_LIT(&b, "\",\"event\":\"");
    buf_cstr(&b, event);
    buf_char(&b, '"');
    for (size_t i = 0; i < n; i++) {
        if (fields[i].kind == LOG_FIELD_STR && !fields[i].s.p) continue;
        put_field(&b, &fields[i]);
    }
    BUF_LIT(&b, "}\n");
    /* A log that cannot be written must not stop the shop. */
    ssize_t written = b.failed ? 0 : write(l->fd, b.p, b.n);
    (void)written;
    buf_free(&b);
}
