/* A FastCGI client of a few lines, for the tests of workers in this process or in a child. */
#ifndef SOUK_TESTS_WEB_DIAL_H
#define SOUK_TESTS_WEB_DIAL_H

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

/* -1 when nobody listens there. */
static inline int dial(const char *path)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct timeval guard = {5, 0};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    memcpy(un.sun_path, path, strlen(path) + 1);
    if (connect(fd, (struct sockaddr *)&un, sizeof(un)) != 0) {
        close(fd);
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof(guard));
    return fd;
}

static inline void put_param(struct buf *b, const char *name, const char *value)
{
    buf_char(b, (char)strlen(name));
    buf_char(b, (char)strlen(value));
    buf_cstr(b, name);
    buf_cstr(b, value);
}

/* GET target; `extra` may name one more parameter (NULL: none). */
static inline struct str request_text(struct arena *a, const char *target, const char *extra, const char *value)
{
    struct buf params, out;
    buf_init_arena(&params, a, 0);
    buf_init_arena(&out, a, 0);
    put_param(&params, "REQUEST_METHOD", "GET");
    put_param(&params, "REQUEST_URI", target);
    if (extra)
        put_param(&params, extra, value);
    buf_put(&out, "\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00", 16);
    buf_put(&out, "\x01\x04\x00\x01\x00", 5);
    buf_char(&out, (char)params.n);
    buf_put(&out, "\x00\x00", 2);
    buf_put(&out, params.p, params.n);
    buf_put(&out, "\x01\x04\x00\x01\x00\x00\x00\x00\x01\x05\x00\x01\x00\x00\x00\x00", 16);
    return buf_view(&out);
}

/* Everything up to the end of the request, the marks of records included; absent when the peer went away. */
static inline struct str read_answer(struct arena *a, int fd)
{
    struct buf b;
    char chunk[4096];
    buf_init_arena(&b, a, 0);
    for (;;) {
        ssize_t r = recv(fd, chunk, sizeof(chunk), 0);
        if (r <= 0)
            return STR_NULL;
        buf_put(&b, chunk, (size_t)r);
        size_t n = b.n;
        bool ended = n > 16 && b.p[n - 16] == 1 && b.p[n - 15] == 3;                      /* END_REQUEST is the last record */
        bool last = n > 32 && b.p[n - 16] == 1 && b.p[n - 15] == 11 && b.p[n - 31] == 3;  /* or stands before the mark of a last answer */
        if (ended || last)
            return buf_view(&b);
    }
}

static inline struct str ask_for(struct arena *a, int fd, const char *target)
{
    struct str text = request_text(a, target, NULL, NULL);
    if (send(fd, text.p, text.n, MSG_NOSIGNAL) != (ssize_t)text.n)
        return STR_NULL;
    return read_answer(a, fd);
}

static inline bool says(struct str answer, const char *words)
{
    return !str_is_null(answer) && memmem(answer.p, answer.n, words, strlen(words)) != NULL;
}

#endif
