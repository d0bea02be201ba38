#include "unit.h"

static void zeroed_aligned_and_distinct(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    unsigned char *previous = NULL;
    for (size_t size = 1; size < 5000; size += 7) {
        unsigned char *p = arena_alloc(a, size);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
        memset(p, 0xAA, size);
        assert_ptr_not_equal(p, previous);
        previous = p;
    }
    assert_true(arena_used(a) > 1000000);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_int_equal(*(unsigned char *)arena_alloc(a, 1), 0);
    arena_destroy(a);
    arena_destroy(NULL);
}

static char trail[8];

static void leave(void *arg)
{
    trail[strlen(trail)] = *(const char *)arg;
}

static void deferred_run_last_in_first_out_and_once(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    memset(trail, 0, sizeof trail);
    arena_defer(a, leave, (void *)"1");
    arena_defer(a, leave, (void *)"2");
    arena_reset(a);
    assert_string_equal(trail, "21");
    arena_defer(a, leave, (void *)"3");
    arena_destroy(a);
    assert_string_equal(trail, "213");
}

static void text_helpers(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_null(arena_strdup(a, NULL));
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
    char *secret = arena_strdup(a, "secret");
    arena_cleanse(a, secret, 6);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(zeroed_aligned_and_distinct), cmocka_unit_test(deferred_run_last_in_first_out_and_once),
                                       cmocka_unit_test(text_helpers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
