#include "web/ops.h"
#include "unit_arena.h"

static const struct route routes[] = {{0}};
static const struct pool_spec spec = {.name = "test", .routes = routes};

static const char *answer(struct shared *s, const char *request)
{
    struct ops o;
    struct buf b;
    ops_init(&o, -1, &spec, s);
    buf_init_arena(&b, a, 0);
    ops_answer(&o, str_from(request), &b);
    return str_cstr(a, buf_view(&b));
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void answers(void **state)
{
    struct shared *s = shared_new(0);
    (void)state;
    assert_true(begins(answer(s, "GET /readyz/test HTTP/1.1\r\n\r\n"), "HTTP/1.1 503 "));
    s->slots[0] = (struct worker_slot){.pid = 1, .started = 1, .db_ok = 1};
    assert_true(begins(answer(s, "GET /readyz/test HTTP/1.1\r\n\r\n"), "HTTP/1.1 200 "));
    assert_true(begins(answer(s, "GET /readyz HTTP/1.1\r\n\r\n"), "HTTP/1.1 200 "));
    assert_non_null(strstr(answer(s, "GET /metrics/test HTTP/1.1\r\n\r\n"), "\nsouk_workers_ready{pool=\"test\"} 1\n"));
    s->stopping = 1;
    assert_true(begins(answer(s, "GET /readyz/test HTTP/1.1\r\n\r\n"), "HTTP/1.1 503 "));
    static const char *const missing[] = {"GET / HTTP/1.1\r\n\r\n", "GET /readyz/other HTTP/1.1\r\n\r\n", "GET /metricsx HTTP/1.1\r\n\r\n", "GET  HTTP/1.1\r\n\r\n"};
    for (size_t i = 0; i < ARRAY_LEN(missing); i++)
        assert_true(begins(answer(s, missing[i]), "HTTP/1.1 404 "));
    static const char *const wrong[] = {"POST /readyz/test HTTP/1.1\r\n\r\n", "", "\n\n", "GET\r\n\r\n"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_true(begins(answer(s, wrong[i]), "HTTP/1.1 405 "));
    shared_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
