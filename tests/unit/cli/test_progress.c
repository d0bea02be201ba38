/* The bar of a terminal, notes, and how both share a line. */
#include "cli/progress.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static char *text;
static size_t length;

static struct progress begin(bool terminal, bool all_notes)
{
    struct progress p = progress_begin(all_notes);
    p.out = open_memstream(&text, &length);
    p.terminal = terminal;
    return p;
}

static void said(struct progress *p, const char *want)
{
    fclose(p->out);
    assert_string_equal(text, want);
    free(text);
}

static void a_bar(void **state)
{
    static const struct { int64_t done, all; const char *want; } rows[] = {
        {0, 200, "\r\033[K[........................................]   0 % 7 rows"}, {100, 200, "\r\033[K[####################....................]  50 % 7 rows"},
        {200, 200, "\r\033[K[########################################] 100 % 7 rows"}, {300, 200, "\r\033[K[########################################] 100 % 7 rows"},
        {5, 0, "\r7 rows"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct progress p = begin(true, false);
        progress_show(&p, rows[i].done, rows[i].all, 7, "rows");
        progress_show(&p, rows[i].done, rows[i].all, 8, "rows");          /* too soon to move */
        said(&p, rows[i].want);
    }
}

static void moves(void **state)
{
    struct progress p = begin(true, false);
    (void)state;
    progress_show(&p, 1, 0, 1, "rows");
    p.shown_at -= USEC_PER_SEC;
    progress_show(&p, 2, 0, 2, "products");
    progress_end(&p);
    said(&p, "\r1 rows\r2 products\r\033[K");
}

static void no_bar_where_nobody_sees_it(void **state)
{
    struct progress p = begin(false, false);
    (void)state;
    progress_show(&p, 1, 2, 1, "rows");
    progress_note(&p, 3, "odd");
    progress_note(&p, 0, "all of it is odd");
    progress_end(&p);
    said(&p, "line 3: odd\nall of it is odd\n");
}

static void a_note_takes_the_place_of_the_bar(void **state)
{
    struct progress p = begin(true, false);
    (void)state;
    progress_show(&p, 1, 0, 1, "rows");
    progress_note(&p, 1, "odd");
    progress_note(&p, 2, "odd");
    progress_end(&p);
    said(&p, "\r1 rows\r\033[Kline 1: odd\nline 2: odd\n");
}

static void many_notes(void **state)
{
    (void)state;
    for (int all = 0; all < 2; all++) {
        struct progress p = begin(false, all);
        for (int i = 1; i <= PROGRESS_NOTES + 2; i++) progress_note(&p, i, "odd");
        progress_end(&p);
        fclose(p.out);
        assert_non_null(strstr(text, "line 50: odd\n"));
        assert_int_equal(strstr(text, "line 51: odd\n") != NULL, all);
        assert_int_equal(strstr(text, "and 2 more (--all shows them)\n") == NULL, all);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bar), cmocka_unit_test(moves), cmocka_unit_test(no_bar_where_nobody_sees_it),
                                       cmocka_unit_test(a_note_takes_the_place_of_the_bar), cmocka_unit_test(many_notes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
