#include "unit.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include "base/input.h"

static char folder[] = "/tmp/souk-test-input-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

static struct str read_all(struct arena *a, const char *path, bool *ret_good)
{
    struct input *in;
    struct err e = {0};
    struct buf b;
    char block[1000];
    size_t n;
    buf_init_arena(&b, a, 0);
    *ret_good = input_open(a, path, &in, &e);
    while (*ret_good) {
        *ret_good = input_read(in, block, sizeof block, &n, &e);
        if (!*ret_good || n == 0) break;
        buf_put(&b, block, n);
    }
    if (*ret_good) assert_int_equal(input_offset(in), input_size(in));
    return buf_view(&b);
}

static void plain_gzip_and_cut_off(void **state)
{
    struct arena *a = arena_new();
    char *path = arena_printf(a, "%s/x", folder);
    bool good;
    (void)state;
    FILE *f = fopen(path, "wb");
    fputs("hello, world\n", f);
    fclose(f);
    assert_str(read_all(a, path, &good), "hello, world\n");
    assert_true(good);

    gzFile g = gzopen(path, "wb");
    for (int i = 0; i < 5000; i++) gzprintf(g, "line %d\n", i);
    gzclose(g);
    assert_int_equal(read_all(a, path, &good).n, 10 * 7 + 90 * 8 + 900 * 9 + 4000 * 10);
    assert_true(good);

    assert_int_equal(truncate(path, 4000), 0);
    (void)read_all(a, path, &good);
    assert_false(good);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(read_all(a, path, &good).n, 0);
    assert_true(good);
    arena_reset(a);
    unlink(arena_printf(a, "%s/x", folder));
    arena_destroy(a);
}

static void what_is_no_file(void **state)
{
    struct arena *a = arena_new();
    bool good;
    (void)state;
    (void)read_all(a, folder, &good);
    assert_false(good);
    (void)read_all(a, "/no/such/file", &good);
    assert_false(good);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_gzip_and_cut_off), cmocka_unit_test(what_is_no_file)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
