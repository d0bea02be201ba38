#include "unit.h"

static void grows_and_formats(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, 0);
    for (int i = 0; i < 1000; i++) buf_char(&b, 'x');
    assert_int_equal(b.n, 1000);
    buf_clear(&b);
    BUF_LIT(&b, "n=");
    buf_int64(&b, INT64_MIN);
    buf_cstr(&b, ",");
    buf_int64(&b, 0);
    buf_printf(&b, ",%05d", 42);
    buf_str(&b, STR("!"));
    assert_str(buf_view(&b), "n=-9223372036854775808,0,00042!");
    assert_str(buf_to_str(&b, a), "n=-9223372036854775808,0,00042!");
    buf_free(&b);
    assert_str(buf_view(&b), "");
    arena_destroy(a);
}

static void the_limit_sticks(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    BUF_LIT(&b, "12345");
    BUF_LIT(&b, "678901");
    assert_true(b.failed);
    buf_char(&b, 'x');
    assert_str(buf_view(&b), "12345");
    buf_clear(&b);
    assert_false(b.failed);
    BUF_LIT(&b, "1234567890");
    assert_false(b.failed);
    buf_free(&b);
}

static void lives_with_an_arena(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf *b = ARENA_NEW(a, struct buf);
    buf_init_arena(b, a, 0);
    BUF_LIT(b, "freed by the arena (a leak would be seen by the sanitizer)");
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(grows_and_formats), cmocka_unit_test(the_limit_sticks), cmocka_unit_test(lives_with_an_arena)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
