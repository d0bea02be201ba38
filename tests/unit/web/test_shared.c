#include "web/shared.h"
#include "unit_arena.h"

static const struct route routes[] = {{.method = HTTP_GET, .pattern = "/v1/a", .name = "a"}, {0}};
static const struct pool_spec spec = {.name = "test", .routes = routes};

static void counts(void **state)
{
    struct shared *s = shared_new(1);
    struct buf b;
    (void)state;
    shared_count(s, 0, 200, 300);
    shared_count(s, 0, 503, 20000000);
    shared_count(s, 0, 0, 1);
    shared_count(s, SIZE_MAX, 404, 10);
    buf_init_arena(&b, a, 0);
    shared_metrics(s, &spec, &b);
    const char *text = str_cstr(a, buf_view(&b));
    static const char *const lines[] = {
        "souk_requests_total{pool=\"test\",route=\"a\",method=\"GET\",status=\"2xx\"} 1\n", "souk_requests_total{pool=\"test\",route=\"a\",method=\"GET\",status=\"5xx\"} 1\n",
        "souk_requests_total{pool=\"test\",route=\"a\",method=\"GET\",status=\"gone\"} 1\n", "souk_requests_total{pool=\"test\",route=\"none\",method=\"any\",status=\"4xx\"} 1\n",
        "souk_request_errors_total{pool=\"test\",route=\"a\"} 1\n", "route=\"a\",le=\"0.00025\"} 1\n", "route=\"a\",le=\"0.0005\"} 2\n", "route=\"a\",le=\"10\"} 2\n", "route=\"a\",le=\"+Inf\"} 3\n",
        "souk_request_duration_seconds_sum{pool=\"test\",route=\"a\"} 20.000301\n", "souk_request_duration_seconds_count{pool=\"test\",route=\"a\"} 3\n"};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (!strstr(text, lines[i]))
            fail_msg("%s is missing in\n%s", lines[i], text);
    }
    shared_free(s);
}

static void who_is_ready(void **state)
{
    struct shared *s = shared_new(0);
    size_t all;
    (void)state;
    assert_int_equal(shared_ready(s, -1, &all), 0);
    assert_int_equal(all, 0);
    s->slots[0] = (struct worker_slot){.pid = 1, .generation = 1, .started = 1, .db_ok = 1};
    s->slots[1] = (struct worker_slot){.pid = 2, .generation = 2, .started = 1, .db_ok = 1};
    s->slots[2] = (struct worker_slot){.pid = 3, .generation = 2, .started = 1};
    s->slots[3] = (struct worker_slot){.pid = 4, .generation = 2, .started = 1, .db_ok = 1, .draining = 1};
    s->slots[4] = (struct worker_slot){.generation = 2, .started = 1, .db_ok = 1};
    assert_int_equal(shared_ready(s, -1, &all), 2);
    assert_int_equal(all, 3);
    assert_int_equal(shared_ready(s, 2, &all), 1);
    assert_int_equal(all, 2);
    shared_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(counts), WITH_ARENA(who_is_ready)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
