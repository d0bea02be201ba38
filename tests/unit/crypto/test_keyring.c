#include "crypto/keyring.h"
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;
static char path[64];

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    snprintf(path, sizeof path, "/tmp/souk-test-keyring-%d", (int)getpid());
    unlink(path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    arena_destroy(a);
    return 0;
}

static void put(const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

static bool loads(void)
{
    struct keyring *k = NULL;
    struct err e = {0};
    bool ok = keyring_load(path, &k, &e);
    if (!ok)
        assert_non_null(strstr(e.cause, path));
    keyring_destroy(k);
    return ok;
}

static void file_is_made_once_and_private(void **state)
{
    (void)state;
    struct err e = {0};
    struct stat st;
    assert_false(loads());
    assert_true(keyring_create_file(path, &e));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(loads());
    struct keyring *k1, *k2;
    uint8_t d1[32], d2[32];
    assert_true(keyring_load(path, &k1, &e));
    assert_true(keyring_create_file(path, &e));
    assert_true(keyring_load(path, &k2, &e));
    keyring_derive(k1, "x", d1);
    keyring_derive(k2, "x", d2);
    assert_memory_equal(d1, d2, 32);
    keyring_destroy(k1);
    keyring_destroy(k2);
}

static void odd_files_are_refused(void **state)
{
    (void)state;
    put("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0600);
    assert_true(loads());
    put("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0640);
    assert_false(loads());
    put("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e\n", 0600);
    assert_false(loads());
    put("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\n", 0600);
    assert_false(loads());
    put("not hexadecimal", 0600);
    assert_false(loads());
    put("", 0600);
    assert_false(loads());
}

/* HKDF of RFC 5869: made by python3-cryptography with salt "souk" and the purpose as info. Changing it loses data. */
static void derives_by_hkdf(void **state)
{
    (void)state;
    uint8_t master[32], d[32];
    for (size_t i = 0; i < 32; i++)
        master[i] = (uint8_t)i;
    struct keyring *k = keyring_from_bytes(master);
    keyring_derive(k, KEY_EMAIL_HASH, d);
    assert_str(crypto_hex(a, d, 32), "0d2afc01fa0cd0d9440d590c5e0eeec38bc5603b1f60245d09871e55cd8a1f3f");
    keyring_destroy(k);
    keyring_destroy(NULL);
}

static void wraps_for_one_person(void **state)
{
    (void)state;
    uint8_t master[32] = {7}, key[32] = {9, 8, 7}, back[32];
    struct err e = {0};
    struct keyring *k = keyring_from_bytes(master);
    struct str w = keyring_wrap(k, a, STR("person:1"), key);
    assert_true(keyring_unwrap(k, a, STR("person:1"), w, back, &e));
    assert_memory_equal(back, key, 32);
    assert_false(keyring_unwrap(k, a, STR("person:2"), w, back, &e));
    master[0] = 8;
    struct keyring *other = keyring_from_bytes(master);
    assert_false(keyring_unwrap(other, a, STR("person:1"), w, back, &e));
    keyring_destroy(k);
    keyring_destroy(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_is_made_once_and_private), cmocka_unit_test(odd_files_are_refused), cmocka_unit_test(derives_by_hkdf),
        cmocka_unit_test(wraps_for_one_person),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
