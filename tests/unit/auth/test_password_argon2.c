/* Vectors of the reference implementation's own tests (phc-winner-argon2, src/test.c). */
#include "with_arena.h"

#include "auth/password.h"

static void reference(void **state)
{
    static const struct { const char *password, *encoded; } rows[] = {
        {"password", "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"},
        {"password", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"},
        {"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
        {"password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
        {"differentpassword", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
        {"password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool match = false;
        struct err e;
        err_clear(&e);
        if (!password_verify(*state, str_from(rows[i].encoded), str_from(rows[i].password), &match, &e)) fail_msg("%s", e.cause);
        if (!match) fail_msg("%s", rows[i].encoded);
        assert_true(password_verify(*state, str_from(rows[i].encoded), STR("passwore"), &match, &e));
        assert_false(match);
    }
}

/* Lanes are hashed by threads of their own; the result does not depend on how many. */
static void lanes(void **state)
{
    const struct password_params p = {8192, 1, 8};
    struct str encoded;
    bool match = false;
    struct err e;
    err_clear(&e);
    assert_true(password_encode(&p, *state, STR("eight lanes"), &encoded, &e));
    assert_true(password_verify(*state, encoded, STR("eight lanes"), &match, &e) && match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(reference), WITH_ARENA(lanes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
