#include "unit.h"

#include <unistd.h>

#include "base/config.h"

static char path[] = "/tmp/souk-config-XXXXXX";

static bool load(struct arena *a, const char *file, int argc, char **argv, struct config *c, struct err *e)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(file, f);
    fclose(f);
    int n;
    char **rest;
    err_clear(e);
    return config_load(a, path, argc, argv, c, &n, &rest, e);
}

static void the_later_source_wins(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct config c;
    struct err e;
    char *argv[] = {(char *)"souk", (char *)"--threads", (char *)"5", (char *)"word", (char *)"--shop-name=Flag", NULL};
    assert_true(load(a, "# comment\n\n threads = 3 \nprocesses=2\nshop_name = File\n", 1, argv, &c, &e));
    assert_int_equal(c.threads, 3);
    assert_int_equal(c.processes, 2);
    assert_int_equal(c.request_ms, 10000);
    setenv("SOUK_THREADS", "4", 1);
    assert_true(load(a, "threads = 3\n", 1, argv, &c, &e));
    assert_int_equal(c.threads, 4);
    assert_true(load(a, "threads = 3\n", 5, argv, &c, &e));
    unsetenv("SOUK_THREADS");
    assert_int_equal(c.threads, 5);
    assert_string_equal(c.shop_name, "Flag");
    arena_destroy(a);
}

static void a_wrong_value_names_place_and_range(void **state)
{
    (void)state;
    static const struct { const char *file; const char *says; } rows[] = {
        {"\nthreads = 999\n", ":2: threads = \"999\": a whole number from 0 to 128"}, {"threads = many\n", "a whole number"}, {"thread = 3\n", "no setting \"thread\""},
        {"threads 3\n", "\"name = value\""}, {"mode = test\n", "sandbox production"}, {"shop_name = \x01\n", "not plain"},
        {"base_url = https://shop.example/\n", ":1: base_url = \"https://shop.example/\": like https://"}, {"base_url = shop.example\n", "like https://"},
        {"base_url = https://Shop.example\n", "small letters"}, {"base_url = https://\n", "like https://"}, {"base_url =\n", "like https://"},
        {"base_url = https://a b\n", "like https://"}, {"base_url = ftp://a\n", "like https://"}, {"allowed_origins = https://a.example https://b.example/x\n", "like https://"},
        {"threads = 3\n# x\nprocesses = 1\nthreads = 4\n", ":4: threads was given in line 1 already"}};
    struct arena *a = arena_new();
    struct config c;
    struct err e;
    char *argv[] = {(char *)"souk", NULL};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(load(a, rows[i].file, 1, argv, &c, &e));
        if (!strstr(e.detail, rows[i].says)) fail_msg("\"%s\" does not say \"%s\"", e.detail, rows[i].says);
    }
    char *flag[] = {(char *)"souk", (char *)"--threads", NULL};
    assert_false(load(a, "", 2, flag, &c, &e));
    assert_non_null(strstr(e.detail, "--threads needs a value"));
    char *swallowed[] = {(char *)"souk", (char *)"--home", (char *)"--threads=3", NULL};
    assert_false(load(a, "", 3, swallowed, &c, &e));
    assert_non_null(strstr(e.detail, "--home needs a value"));
    int n;
    char **rest;
    assert_false(config_load(a, "/nowhere/souk.conf", 1, argv, &c, &n, &rest, &e));
    assert_non_null(strstr(e.detail, "No such file"));
    assert_false(config_load(a, "/tmp", 1, argv, &c, &n, &rest, &e));
    assert_non_null(strstr(e.detail, "Is a directory"));
    arena_destroy(a);
}

static void origins_as_browsers_write_them(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct config c;
    struct err e;
    char *argv[] = {(char *)"souk", NULL};
    assert_true(load(a, "base_url = https://[::1]:8443\nallowed_origins =  https://a.example  http://127.0.0.1:80 \n", 1, argv, &c, &e));
    assert_string_equal(c.base_url, "https://[::1]:8443");
    assert_string_equal(c.allowed_origins, "https://a.example  http://127.0.0.1:80");
    assert_true(load(a, "allowed_origins =\n", 1, argv, &c, &e));
    assert_string_equal(c.allowed_origins, "");
    arena_destroy(a);
}

static void the_sample_is_accepted(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    config_sample(out);
    fclose(out);
    for (char *p = text; (p = strstr(p, "\n# ")) != NULL; p++)      /* "# name = value" becomes "name = value" */
        if (strstr(p + 3, " = ") && strcspn(p + 3, " ") == (size_t)(strstr(p + 3, " = ") - (p + 3))) p[1] = ' ';
    struct config c;
    struct err e;
    char *argv[] = {(char *)"souk", NULL};
    if (!load(a, text, 1, argv, &c, &e)) fail_msg("%s", e.detail);
    assert_int_equal(c.request_ms, 10000);
    free(text);
    arena_destroy(a);
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd < 0) return 1;
    close(fd);
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_later_source_wins), cmocka_unit_test(a_wrong_value_names_place_and_range),
                                       cmocka_unit_test(origins_as_browsers_write_them), cmocka_unit_test(the_sample_is_accepted)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
