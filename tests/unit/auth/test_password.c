#include "with_arena.h"

#include "auth/password.h"

static const struct password_params cheap = {8192, 1, 1};

static bool right(struct arena *a, struct str encoded, struct str password)
{
    bool match = false;
    struct err e;
    err_clear(&e);
    if (!password_verify(a, encoded, password, &match, &e)) fail_msg("%s", e.cause);
    return match;
}

static void round_trip(void **state)
{
    struct str one, two;
    struct err e;
    err_clear(&e);
    assert_true(password_encode(&cheap, *state, STR("Grüße aus Köln"), &one, &e));
    assert_true(password_encode(&cheap, *state, STR("Grüße aus Köln"), &two, &e));
    assert_true(str_starts(one, STR("$argon2id$v=19$m=8192,t=1,p=1$")));
    assert_false(str_eq(one, two));
    assert_true(right(*state, one, STR("Grüße aus Köln")));
    assert_true(right(*state, one, STR("Gru\xcc\x88ße aus\xc2\xa0Ko\xcc\x88ln")));      /* another keyboard's way to type it */
    assert_false(right(*state, one, STR("grüße aus köln")));
    assert_false(right(*state, one, STR("")));
    assert_false(right(*state, one, STR_NULL));
    assert_false(right(*state, one, STR("\xff\xff\xff\xff\xff\xff\xff\xff")));
    char *big = arena_alloc(*state, PASSWORD_BYTES_MAX + 1);
    memset(big, 'x', PASSWORD_BYTES_MAX + 1);
    assert_false(right(*state, one, str_of(big, PASSWORD_BYTES_MAX + 1)));
    assert_false(password_encode(&cheap, *state, str_of(big, PASSWORD_BYTES_MAX + 1), &two, &e));
    assert_int_equal(e.problem, PROBLEM_WEAK_PASSWORD);
    assert_false(password_encode(&cheap, *state, STR("a\tb"), &two, &e));
    assert_false(right(*state, one, STR("-")));         /* what is hashed instead of the unreadable */
}

/* Hashes of others know nothing of normal forms: the bytes as typed are tried, too. */
static void as_typed(void **state)
{
    struct str bcrypt = STR("$2b$05$CCCCCCCCCCCCCCCCCCCCC./Qp/x9zR4v/7t3mbX9m/FMKUc.JvnTi");      /* "pässwörd größe" */
    assert_true(right(*state, bcrypt, STR("pässwörd größe")));
    assert_true(right(*state, bcrypt, STR("pa\xcc\x88sswo\xcc\x88rd gro\xcc\x88ße")));
    assert_false(right(*state, bcrypt, STR("password grosse")));
}

static void rehash(void **state)
{
    (void)state;
    static const struct { const char *encoded; bool needs; } rows[] = {
        {"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false},
        {"$argon2id$v=19$m=65536,t=3,p=2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false},
        {"$argon2id$v=19$m=19455,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true},
        {"$argon2id$v=19$m=19456,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true},
        {"$argon2id$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true},
        {"$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true},
        {"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true},
        {"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", true},
        {"$2b$12$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.", true}, {"", true}, {"nonsense", true}};
    const struct password_params p = {19456, 2, 1};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (password_needs_rehash(&p, str_from(rows[i].encoded)) != rows[i].needs) fail_msg("%s", rows[i].encoded);
}

static void broken(void **state)
{
    bool match;
    struct err e;
    err_clear(&e);
    assert_false(password_verify(*state, STR("nonsense"), STR("password"), &match, &e));
    assert_int_equal(e.problem, PROBLEM_INTERNAL);
    err_clear(&e);
    assert_false(password_encoded_check(*state, STR("nonsense"), &e));
    assert_int_equal(e.problem, PROBLEM_INVALID);
    assert_true(password_encoded_check(*state, STR("$2b$12$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."), &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(round_trip), WITH_ARENA(as_typed), WITH_ARENA(rehash), WITH_ARENA(broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
