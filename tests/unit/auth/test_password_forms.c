/* What an import may bring, and what would stop the shop. */
#include "with_arena.h"

#include "auth/password_forms.h"

#define SALT "AAAAAAAAAAAAAAAAAAAAAA"
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void taken(void **state)
{
    struct password_form f;
    struct err e;
    err_clear(&e);
    assert_true(password_form_parse(*state, STR("$argon2d$v=16$m=262144,t=10,p=16$" SALT "$" HASH), &f, &e));
    assert_true(f.kind == PASSWORD_ARGON2 && f.variant == 0 && f.version == 16 && f.memory_kib == 262144 && f.passes == 10 && f.lanes == 16 && f.salt.n == 16 && f.hash.n == 32);
    assert_true(password_form_parse(*state, STR("$scrypt$ln=17,r=8,p=1$" SALT "$" HASH), &f, &e));
    assert_true(f.kind == PASSWORD_SCRYPT && f.passes == 17 && f.memory_kib == 8 && f.lanes == 1);
    assert_true(password_form_parse(*state, STR("pbkdf2_sha256$1$$AAAAAAAAAAAAAAAAAAAAAA=="), &f, &e));
    assert_true(f.kind == PASSWORD_PBKDF2 && f.passes == 1 && f.salt.n == 0 && f.hash.n == 16);
    assert_true(password_form_parse(*state, STR("$2y$15$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."), &f, &e));
    assert_true(f.kind == PASSWORD_BCRYPT && f.passes == 15);
}

static void refused(void **state)
{
    static const char *const rows[] = {
        "", "plain", "$", "$$", "$1$salt$hash", "$6$rounds=5000$salt$hash", "$argon2$v=19$m=8192,t=1,p=1$" SALT "$" HASH,
        /* too dear */
        "$argon2id$v=19$m=10485760,t=1,p=1$" SALT "$" HASH, "$argon2id$v=19$m=262144,t=13,p=1$" SALT "$" HASH, "$argon2id$v=19$m=4294967295,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=8192,t=4294967295,p=1$" SALT "$" HASH, "$argon2id$v=19$m=8192,t=1,p=1000000$" SALT "$" HASH, "$argon2id$v=19$m=18446744073709551617,t=1,p=1$" SALT "$" HASH,
        "$scrypt$ln=21,r=8,p=1$" SALT "$" HASH, "$scrypt$ln=20,r=8,p=1$" SALT "$" HASH, "$scrypt$ln=17,r=8,p=16$" SALT "$" HASH, "$scrypt$ln=10,r=33,p=1$" SALT "$" HASH,
        "$scrypt$ln=63,r=8,p=1$" SALT "$" HASH, "$pbkdf2-sha256$5000001$" SALT "$" HASH, "pbkdf2_sha256$99999999999$salt$" HASH "=",
        "$2b$16$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.", "$2b$31$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
        /* too little */
        "$argon2id$v=19$m=7,t=1,p=1$" SALT "$" HASH, "$argon2id$v=19$m=8192,t=0,p=1$" SALT "$" HASH, "$argon2id$v=19$m=8192,t=1,p=0$" SALT "$" HASH,
        "$argon2id$v=19$m=64,t=1,p=9$" SALT "$" HASH, "$scrypt$ln=0,r=8,p=1$" SALT "$" HASH, "$scrypt$ln=4,r=0,p=1$" SALT "$" HASH, "$scrypt$ln=4,r=8,p=0$" SALT "$" HASH,
        "$pbkdf2-sha256$0$" SALT "$" HASH, "$2b$03$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
        "$argon2id$v=19$m=8192,t=1,p=1$" SALT "$AAAA", "$argon2id$v=19$m=8192,t=1,p=1$AAAA$" HASH, "pbkdf2_sha256$1000$salt$AAAA",
        /* malformed */
        "$argon2id$v=18$m=8192,t=1,p=1$" SALT "$" HASH, "$argon2id$v=19$m=8192,t=1$" SALT "$" HASH, "$argon2id$v=19$t=1,m=8192,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=8192,t=1,p=1,data=AAAA$" SALT "$" HASH, "$argon2id$v=19$m=08192,t=1,p=1$" SALT "$" HASH, "$argon2id$v=19$m=-1,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=+8192,t=1,p=1$" SALT "$" HASH, "$argon2id$v=19$m= 8192,t=1,p=1$" SALT "$" HASH, "$argon2id$v=19$m=8192,t=1,p=1$" SALT "$" HASH "$",
        "$argon2id$v=19$m=8192,t=1,p=1$" SALT, "$argon2id$v=19$m=8192,t=1,p=1", "$argon2id$v=19", "$argon2id$", "$argon2id$v=19$m=8192,t=1,p=1$" SALT "$A!AA" HASH,
        "$argon2id$v=19$m=8192,t=1,p=1$" SALT "$" HASH "\n", "$scrypt$ln=10,r=8,p=1$" SALT, "$scrypt$16,8,1$" SALT "$" HASH, "$pbkdf2-sha256$1000$" SALT, "$pbkdf2-sha256$x$" SALT "$" HASH,
        "$pbkdf2-md5$1000$" SALT "$" HASH, "pbkdf2_sha256$1000$salt", "pbkdf2_sha256$1000", "pbkdf2_sha256$1000$salt$" HASH "=$x",
        "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo", "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.x", "$2b$5$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.xx",
        "$2x$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.", "$2b$05$abcdefghijklmnopqrst:uD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.", "$2b$-5$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct password_form f;
        struct err e;
        err_clear(&e);
        if (password_form_parse(*state, str_from(rows[i]), &f, &e)) fail_msg("%s", rows[i]);
        assert_int_equal(e.problem, PROBLEM_INVALID);
    }
    char *big = arena_alloc(*state, 2000);
    memset(big, 'A', 2000);
    memcpy(big, "$argon2id$v=19$m=8192,t=1,p=1$", 30);
    struct password_form f;
    struct err e;
    err_clear(&e);
    assert_false(password_form_parse(*state, str_of(big, 2000), &f, &e));
    assert_false(password_form_parse(*state, STR_NULL, &f, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(taken), WITH_ARENA(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
