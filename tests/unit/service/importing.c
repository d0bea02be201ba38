#include "importing.h"

#include <stdio.h>
#include <unistd.h>

static void take_note(void *arg, int64_t line, const char *what)
{
    struct import_result *r = arg;
    size_t n = strlen(r->notes);
    snprintf(r->notes + n, sizeof r->notes - n, "line %lld: %s\n", (long long)line, what);
}

bool import_bytes(struct shop *s, const struct import_options *o, const void *bytes, size_t n, struct import_result *ret, struct err *e)
{
    char path[] = "/tmp/souk-import-XXXXXX";
    int fd = mkstemp(path);
    struct import_options options = *o;
    struct input *in;
    assert_true(fd >= 0);
    for (size_t at = 0; at < n;) {
        ssize_t written = write(fd, (const char *)bytes + at, n - at);
        assert_true(written > 0);
        at += (size_t)written;
    }
    close(fd);
    *ret = (struct import_result){0};
    options.note = take_note;
    options.arg = ret;
    err_clear(e);
    shop_at(s, shop_now(s) + USEC_PER_SEC);
    struct call *c = shop_call(s, "souk_admin");
    bool good = input_open(c->arena, path, &in, e) && import_run(c, in, &options, &ret->report, e);
    unlink(path);
    assert_false(db_in_transaction(c->db));
    if (!good) return false;
    int64_t sum = 0;
    for (int i = 0; i < IMPORT_OUTCOMES; i++) sum += ret->report.outcomes[i];
    assert_int_equal(sum, ret->report.rows);
    return true;
}

struct import_result import_good(struct shop *s, const struct import_options *o, const char *text)
{
    struct import_result r;
    struct err e;
    assert_good(import_bytes(s, o, text, strlen(text), &r, &e), e);
    return r;
}
