#include "with_arena.h"

#include "auth/refresh.h"

static void secrets(void **state)
{
    uint8_t key[AEAD_KEY_LEN] = {7}, other[AEAD_KEY_LEN] = {8}, hash[SHA256_LEN], again[SHA256_LEN];
    struct str one = secret_new(*state), two = secret_new(*state);
    assert_true(one.n == SECRET_TEXT_LEN && two.n == SECRET_TEXT_LEN && !str_eq(one, two));
    struct str next = secret_successor(*state, key, one), same = secret_successor(*state, key, one);
    assert_true(next.n == SECRET_TEXT_LEN && str_eq(next, same) && !str_eq(next, one));
    assert_false(str_eq(next, secret_successor(*state, other, one)));
    assert_false(str_eq(next, secret_successor(*state, key, two)));
    assert_false(str_eq(next, secret_successor(*state, key, next)));
    secret_hash(one, hash);
    secret_hash(one, again);
    assert_memory_equal(hash, again, sizeof hash);
    secret_hash(two, again);
    assert_memory_not_equal(hash, again, sizeof hash);
}

static void tokens(void **state)
{
    struct uuid id = uuid_v7(1700000000000000), got;
    struct str secret = secret_new(*state), back, token = secret_token(*state, ID_session, id, secret);
    assert_true(str_starts(token, STR("ses_")));
    assert_true(secret_token_split(token, ID_session, &got, &back) && uuid_eq(id, got) && str_eq(secret, back));
    assert_false(secret_token_split(token, ID_challenge, &got, &back));
    for (size_t n = 0; n < token.n; n++)
        assert_false(secret_token_split(str_sub(token, 0, n), ID_session, &got, &back));
    assert_false(secret_token_split(STR_NULL, ID_session, &got, &back));
    static const char *const ends[] = {"x", "=", ".", "\n", " "};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        assert_false(secret_token_split(str_printf(*state, STR_FMT "%s", STR_ARG(token), ends[i]), ID_session, &got, &back));
        assert_false(secret_token_split(str_printf(*state, "%s" STR_FMT, ends[i], STR_ARG(token)), ID_session, &got, &back));
        struct str changed = str_printf(*state, "%.*s%s", (int)token.n - 1, token.p, ends[i]);
        if (i > 0) assert_false(secret_token_split(changed, ID_session, &got, &back));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(secrets), WITH_ARENA(tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
