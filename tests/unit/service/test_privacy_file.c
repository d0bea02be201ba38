/* Files of exports: sealed at rest, nobody else's to read, gone with the key. */
#include "erasing.h"

static void what_was_put_is_read_by_its_person_only(void **state)
{
    struct shop *s = *state;
    struct person_id ada = person_of(s, "file@example.com"), eve = person_of(s, "other@example.com");
    struct data_request_id id = {uuid_v7(1)}, there[4];
    struct err e = {0};
    struct str zip;
    struct stat st;
    int64_t bytes;
    struct call *c = shop_call(s, "souk_admin");
    assert_good(export_file_put(c, id, ada, STR("the archive of Ada Example"), &bytes, &e), e);
    assert_int_equal(bytes, 26);
    const char *path = arena_printf(c->arena, "%s/exports/" STR_FMT ".zip.sealed", c->env->config->home, STR_ARG(id_str(c->arena, ID_data_request, id.u)));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    char raw[200] = {0};
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(raw, 1, sizeof raw - 1, f);
    fclose(f);
    assert_null(memmem(raw, n, "Ada", 3));
    assert_good(export_file_get(c, id, ada, &zip, &e), e);
    assert_str(zip, "the archive of Ada Example");
    assert_refused(export_file_get(c, id, eve, &zip, &e), e, PROBLEM_INTERNAL);
    assert_int_equal(export_files(c, there, 4), 1);
    assert_true(uuid_eq(there[0].u, id.u));
    export_file_remove(c, id);
    err_clear(&e);
    assert_refused(export_file_get(c, id, ada, &zip, &e), e, PROBLEM_EXPIRED);
    assert_int_equal(export_files(c, there, 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_put_is_read_by_its_person_only)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
