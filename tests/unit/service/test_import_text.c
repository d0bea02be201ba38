/* Names and slugs out of other people's data. */
#include "unit_arena.h"

#include "service/import_internal.h"

static void titles(void **state)
{
    static const struct { const char *from, *to; } rows[] = {
        {"WHITE METAL LANTERN", "White Metal Lantern"}, {"  SET  OF\t6 ", "Set Of 6"}, {"T-LIGHT HOLDER", "T-Light Holder"}, {"CHILD'S GARDEN", "Child's Garden"},
        {"60 TEATIME FAIRY CAKE CASES", "60 Teatime Fairy Cake Cases"}, {"3D DOG", "3d Dog"}, {"Already Fine iPad", "Already Fine iPad"}, {"lower case", "lower case"},
        {"TRAILING , .", "Trailing"}, {"", ""}, {" ", ""}, {"...", ""}, {"CAF\xc3\x89 NOIR", "Caf\xc3\x89 Noir"}, {"\xc3\x9c" "BER", "\xc3\x9c" "ber"}, {"A\r\nB", "A B"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str got = import_title(a, str_from(rows[i].from));
        if (!str_eq_c(got, rows[i].to)) fail_msg("'%s' became '" STR_FMT "'", rows[i].from, STR_ARG(got));
    }
}

static void slugs(void **state)
{
    static const struct { const char *from, *to; } rows[] = {
        {"White Metal Lantern", "white-metal-lantern"}, {"Child's Garden", "childs-garden"}, {" -- A & B -- ", "a-b"}, {"", "item"}, {"?!", "item"}, {"'", "item"},
        {"Caf\xc3\xa9 au lait", "caf-au-lait"}, {"\xe6\x97\xa5\xe6\x9c\xac", "item"}, {"a--b", "a-b"}, {"100%", "100"}, {"../../etc/passwd", "etc-passwd"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) assert_str(import_slug(a, str_from(rows[i].from)), rows[i].to);
    char long_name[400];
    memset(long_name, 'a', sizeof long_name);
    long_name[119] = ' ';
    assert_int_equal(import_slug(a, str_of(long_name, sizeof long_name)).n, 119);        /* cut, and no hyphen at the end */
}

static void names(void **state)
{
    static const struct { const char *text; bool is; } rows[] = {
        {"WHITE METAL LANTERN", true}, {"JAM JAR", true}, {"BINGO Set", true}, {"damaged", false}, {"Found", false}, {"?", false}, {"LOST ??", false}, {"", false}, {"12", false},
        {"AB", false}, {"ABC", true}, {"20713 wrongly marked", false}, {"Amazon", false}, {"CHECK?", false}};
    char long_name[201];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (import_is_name(str_from(rows[i].text)) != rows[i].is) fail_msg("'%s'", rows[i].text);
    memset(long_name, 'A', sizeof long_name);
    assert_true(import_is_name(str_of(long_name, 200)));
    assert_false(import_is_name(str_of(long_name, 201)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(titles), WITH_ARENA(slugs), WITH_ARENA(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
