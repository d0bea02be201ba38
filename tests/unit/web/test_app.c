#include "web/app.h"
#include "unit_arena.h"

#include <unistd.h>

static const struct route routes[] = {{0}};
static const struct config config = {.base_url = "https://shop.example:8443/x", .allowed_origins = "", .mode = "sandbox", .home = "/nonexistent", .redis = "", .redis_ms = 50, .master_key_file = "",
                                     .db = "host=/nonexistent", .db_keys = "host=/nonexistent", .db_connect_ms = 100, .db_idle_s = 60};
static struct shared *shared;
static struct app *app;
static struct err e;
static bool start_ok, started;

static bool start(struct service_env *env, struct arena *arena, struct err *err)
{
    (void)arena;
    started = env->config == &config;
    return start_ok ? true : err_set(err, PROBLEM_UNAVAILABLE, "no provider");
}

static bool make(const struct pool_spec *spec)
{
    err_clear(&e);
    return app_new(spec, &config, NULL, shared, &shared->slots[0], &app, &e);
}

static void without_a_database(void **state)
{
    const struct pool_spec spec = {.name = "test", .routes = routes, .no_db = true};
    (void)state;
    assert_true(make(&spec));
    assert_null(app->db_pool);
    assert_str(app->origin, "https://shop.example:8443");
    app_refresh(app, NULL);
    assert_int_equal(shared->slots[0].db_ok, 1);
    struct app_thread t;
    app_thread_init(&t, app);
    assert_null(t.db);
    assert_non_null(t.kv);
    app_thread_close(&t);
    struct state *one = app_state_get(app), *two = app_state_get(app);
    assert_ptr_equal(one, two);
    assert_int_equal(one->refs, 3);
    state_unref(one);
    state_unref(two);
    app_destroy(app);
}

static void a_database_that_is_away_leaves_the_fallback_and_says_so(void **state)
{
    const struct pool_spec spec = {.name = "test", .routes = routes};
    struct log *quiet = log_new(STDERR_FILENO, LOG_ERROR, "test");
    (void)state;
    assert_true(make(&spec));
    app->log = quiet;
    shared->slots[0].db_ok = 1;
    struct db *db = db_new(app->db_pool);
    app_refresh(app, db);
    assert_int_equal(shared->slots[0].db_ok, 0);
    struct state *s = app_state_get(app);
    assert_str(state_market(s, STR_NULL)->code, "de");
    state_unref(s);
    db_destroy(db);
    app_destroy(app);
    log_destroy(quiet);
}

static void the_start_of_a_pool_may_fail(void **state)
{
    const struct pool_spec spec = {.name = "test", .routes = routes, .no_db = true, .start = start};
    (void)state;
    start_ok = false;
    assert_false(make(&spec));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    start_ok = true;
    assert_true(make(&spec));
    assert_true(started);
    app_destroy(app);
}

static void a_pool_with_personal_data_needs_the_master_key(void **state)
{
    const struct pool_spec spec = {.name = "test", .routes = routes, .no_db = true, .keyring = true};
    (void)state;
    assert_false(make(&spec));
    assert_true(e.problem != PROBLEM_NONE);
}

static int begin(void **state)
{
    shared = shared_new(0);
    return setup(state);
}

static int end(void **state)
{
    shared_free(shared);
    return teardown(state);
}

#define SHARED(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {SHARED(without_a_database), SHARED(a_database_that_is_away_leaves_the_fallback_and_says_so), SHARED(the_start_of_a_pool_may_fail),
                                       SHARED(a_pool_with_personal_data_needs_the_master_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
