#include "with_arena.h"

#include "auth/password.h"
#include "base/unicode.h"

/* The list is looked up by halving and compared with folded text. */
static void list(void **state)
{
    static const char *const all[] = {
#define COMMON(text) text,
#include "auth/common_passwords.def"
#undef COMMON
    };
    assert_true(ARRAY_LEN(all) >= 1000);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct str folded;
        assert_true(unicode_fold(*state, str_from(all[i]), &folded));
        assert_str(folded, all[i]);
        if (i > 0 && str_cmp(str_from(all[i - 1]), str_from(all[i])) >= 0) fail_msg("%s", all[i]);
        if (!password_is_common(*state, str_from(all[i]))) fail_msg("%s", all[i]);
    }
}

static void rules(void **state)
{
    static const struct { const char *password; enum password_weakness weakness; } rows[] = {
        {"", PASSWORD_TOO_SHORT}, {"abc", PASSWORD_TOO_SHORT}, {"1234567", PASSWORD_TOO_SHORT}, {"äöüäöüä", PASSWORD_TOO_SHORT}, {"🔥🔥🔥🔥🔥🔥🔥", PASSWORD_TOO_SHORT},
        {"u\xcc\x88u\xcc\x88u\xcc\x88u\xcc\x88", PASSWORD_TOO_SHORT},       /* four letters, eight code points as typed */
        {"line\nbreak is one", PASSWORD_UNREADABLE}, {"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", PASSWORD_UNREADABLE},
        {"12345678", PASSWORD_COMMON}, {"password", PASSWORD_COMMON}, {"PASSWORD", PASSWORD_COMMON}, {"Password1", PASSWORD_COMMON}, {"Password1!", PASSWORD_COMMON},
        {"P@ssw0rd", PASSWORD_COMMON}, {"P@ssw0rd2024!", PASSWORD_COMMON}, {"pa$$word", PASSWORD_COMMON}, {"!!password!!", PASSWORD_COMMON}, {"Passwort2025", PASSWORD_COMMON},
        {"qwertz123456", PASSWORD_COMMON}, {"iloveyou!", PASSWORD_COMMON}, {"Liverpool1892", PASSWORD_COMMON}, {"dr4g0n99", PASSWORD_COMMON}, {"aaaaaaaa", PASSWORD_COMMON},
        {"abababab", PASSWORD_COMMON}, {"monkeymonkey", PASSWORD_COMMON}, {"abcdefgh", PASSWORD_COMMON}, {"hgfedcba", PASSWORD_COMMON}, {"poiuytrewq", PASSWORD_COMMON},
        {"98765432", PASSWORD_COMMON}, {"йцукенгшщ", PASSWORD_COMMON}, {"äääääääää", PASSWORD_COMMON}, {"contraseña1", PASSWORD_COMMON}, {"contrasen\xcc\x83" "a1", PASSWORD_COMMON},
        {"ＰＡＳＳＷＯＲＤ１", PASSWORD_FINE},               /* another width is another password; nobody guesses it */
        {"correct horse battery staple", PASSWORD_FINE}, {"dragon83749201", PASSWORD_FINE}, {"xkcd936!Tr0ub4dor", PASSWORD_FINE}, {"        z       ", PASSWORD_FINE},
        {"漢字仮名交じり文だ", PASSWORD_FINE}, {"🦊🐻🐼🐨🐯🦁🐮🐷", PASSWORD_FINE}, {"wx7Kp2qL", PASSWORD_FINE}, {"Löwenzahn im Wind", PASSWORD_FINE},
        {"adalovelace1815", PASSWORD_PERSONAL}, {"Ada.Lovelace", PASSWORD_PERSONAL}, {"LovelaceAda!", PASSWORD_PERSONAL}, {"Lovelace123", PASSWORD_PERSONAL}, {"countess42!!", PASSWORD_PERSONAL},
        {"ada@analytical.example", PASSWORD_PERSONAL}, {"analytical99", PASSWORD_PERSONAL}, {"ecalevol", PASSWORD_FINE}, {"adapassword", PASSWORD_PERSONAL}, {"LOVELACE-ADA-KG", PASSWORD_PERSONAL},
        {"lovelace horse battery", PASSWORD_FINE}, {"adamantium shield", PASSWORD_FINE}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum password_weakness w = password_weakness(*state, str_from(rows[i].password), STR("ada.countess@analytical.example"), STR("Ada Lovelace"));
        if (w != rows[i].weakness) fail_msg("%s: %d", rows[i].password, w);
    }
}

static void lengths(void **state)
{
    struct buf b;
    buf_init_arena(&b, *state, 0);
    for (int i = 0; i < PASSWORD_MAX; i++)
        buf_cstr(&b, i % 3 == 0 ? "🦊" : i % 7 == 0 ? "ß" : "k");
    assert_int_equal(password_weakness(*state, buf_view(&b), STR_NULL, STR_NULL), PASSWORD_FINE);
    buf_cstr(&b, "x");
    assert_int_equal(password_weakness(*state, buf_view(&b), STR_NULL, STR_NULL), PASSWORD_TOO_LONG);
    for (int i = 0; i < PASSWORD_BYTES_MAX; i++)
        buf_cstr(&b, "x");
    assert_int_equal(password_weakness(*state, buf_view(&b), STR_NULL, STR_NULL), PASSWORD_TOO_LONG);
    assert_int_equal(password_weakness(*state, STR_NULL, STR_NULL, STR_NULL), PASSWORD_TOO_SHORT);
}

static void names(void **state)
{
    static const struct { const char *password, *email, *name; enum password_weakness weakness; } rows[] = {
        {"müllermüller1", "x@y.example", "Jörg MÜLLER", PASSWORD_PERSONAL}, {"MU\xcc\x88LLER1987", "x@y.example", "müller", PASSWORD_PERSONAL},
        {"山田太郎1234", "x@y.example", "山田 太郎", PASSWORD_PERSONAL}, {"al-and-bo-went-out", "al@bo.example", "Al Bo", PASSWORD_FINE},
        {"jean-pierre75", "jp@example.com", "Jean-Pierre Dupont", PASSWORD_PERSONAL}, {"jp75@example.com", "jp75@example.com", NULL, PASSWORD_PERSONAL},
        {"Tr0mb0ne-case-9", "no address", "", PASSWORD_FINE}, {"Tr0mb0ne-case-9", NULL, "\xff", PASSWORD_FINE}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum password_weakness w = password_weakness(*state, str_from(rows[i].password), str_from(rows[i].email), str_from(rows[i].name));
        if (w != rows[i].weakness) fail_msg("%s: %d", rows[i].password, w);
    }
}

static void told(void **state)
{
    struct err e;
    err_clear(&e);
    assert_false(password_rules(*state, STR("password1"), STR_NULL, STR_NULL, "password", &e));
    assert_int_equal(e.problem, PROBLEM_WEAK_PASSWORD);
    assert_string_equal(e.param, "password");
    err_clear(&e);
    assert_true(password_rules(*state, STR("correct horse battery staple"), STR_NULL, STR_NULL, "password", &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(list), WITH_ARENA(rules), WITH_ARENA(lengths), WITH_ARENA(names), WITH_ARENA(told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
