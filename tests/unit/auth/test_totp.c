#include "with_arena.h"

#include "auth/totp.h"

#define RFC_SECRET "12345678901234567890"

/* RFC 6238 appendix B (SHA1), six digits of its eight; RFC 4226 appendix D. */
static void vectors(void **state)
{
    static const struct { int64_t time; uint32_t code; } rows[] = {{59, 287082}, {1111111109, 81804}, {1111111111, 50471}, {1234567890, 5924}, {2000000000, 279037}, {INT64_C(20000000000), 353130}};
    static const uint32_t hotp[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(totp_code(STR(RFC_SECRET), rows[i].time / TOTP_STEP_S), rows[i].code);
    for (size_t i = 0; i < ARRAY_LEN(hotp); i++)
        assert_int_equal(totp_code(STR(RFC_SECRET), (int64_t)i), hotp[i]);
}

static struct str code_at(struct arena *a, int64_t step)
{
    return str_printf(a, "%06u", totp_code(STR(RFC_SECRET), step));
}

static void window(void **state)
{
    const uint8_t *secret = (const uint8_t *)RFC_SECRET;
    int64_t now = 1111111111, step = now / 30, got = 0;
    for (int64_t d = -3; d <= 3; d++)
        assert_int_equal(totp_check(secret, code_at(*state, step + d), now, 0, &got), d >= -1 && d <= 1);
    /* the step that was used is named, and it and those before do not work again */
    assert_true(totp_check(secret, code_at(*state, step), now, 0, &got) && got == step);
    assert_false(totp_check(secret, code_at(*state, step), now, got, &got));
    assert_false(totp_check(secret, code_at(*state, step - 1), now, step, &got));
    assert_true(totp_check(secret, code_at(*state, step + 1), now, step, &got) && got == step + 1);
    assert_true(totp_check(secret, STR(" 050 471 "), now, 0, &got));
    static const char *const bad[] = {"", "50471", "0050471", "05047a", "+50471", "-50471", "050471\n", "05.0471", "\xd9\xa0\xd9\xa5\xd9\xa0"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (totp_check(secret, str_from(bad[i]), now, 0, &got)) fail_msg("%s", bad[i]);
    assert_false(totp_check(secret, STR_NULL, now, 0, &got));
    assert_false(totp_check(secret, STR("050471"), -1, 0, &got));
}

static void uri(void **state)
{
    const uint8_t *secret = (const uint8_t *)RFC_SECRET;
    assert_str(totp_uri(*state, secret, STR("Souk: Tür & Tor"), STR("ada+x@example.com")),
               "otpauth://totp/Souk%20T%C3%BCr%20%26%20Tor:ada%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Souk%20T%C3%BCr%20%26%20Tor&algorithm=SHA1&digits=6&period=30");
    assert_str(totp_secret_text(*state, secret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    uint8_t one[TOTP_SECRET_LEN], two[TOTP_SECRET_LEN];
    totp_secret_new(one);
    totp_secret_new(two);
    assert_memory_not_equal(one, two, sizeof one);
}

static void recovery(void **state)
{
    struct str code, again, last = STR_NULL;
    for (int i = 0; i < 200; i++) {
        code = recovery_code_new(*state);
        assert_true(code.n == RECOVERY_TEXT_LEN && code.p[5] == '-' && !str_eq(code, last));
        assert_true(recovery_code_normalise(*state, code, &again) && str_eq(code, again));
        last = code;
    }
    static const char *const same[] = {"0123a-bcdef", "0123ABCDEF", " oi23a bcdef ", "OL23A-BCDEF", "0-1-2-3-a-b-c-d-e-f"};
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        assert_true(recovery_code_normalise(*state, str_from(same[i]), &again));
        assert_str(again, "0123a-bcdef");
    }
    static const char *const bad[] = {"", "0123a-bcde", "0123a-bcdef0", "0123a-bcdeu", "0123a_bcdef", "0123a-bcde\xc3\xa4"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (recovery_code_normalise(*state, str_from(bad[i]), &again)) fail_msg("%s", bad[i]);
    assert_false(recovery_code_normalise(*state, STR_NULL, &again));
    assert_false(recovery_code_normalise(*state, str_of("0123a\0bcdef", 11), &again));
}

static void recovery_hash(void **state)
{
    uint8_t key[AEAD_KEY_LEN] = {1}, other[AEAD_KEY_LEN] = {2}, a[SHA256_LEN], b[SHA256_LEN];
    (void)state;
    recovery_code_hash(key, STR("acc_1"), STR("0123a-bcdef"), a);
    recovery_code_hash(key, STR("acc_1"), STR("0123a-bcdef"), b);
    assert_memory_equal(a, b, sizeof a);
    recovery_code_hash(other, STR("acc_1"), STR("0123a-bcdef"), b);
    assert_memory_not_equal(a, b, sizeof a);
    recovery_code_hash(key, STR("acc_2"), STR("0123a-bcdef"), b);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(vectors), WITH_ARENA(window), WITH_ARENA(uri), WITH_ARENA(recovery), WITH_ARENA(recovery_hash)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
