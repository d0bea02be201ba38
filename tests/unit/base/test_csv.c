#include "unit.h"

#include "base/csv.h"

struct feed { const char *p; size_t n, step; };

static bool feed_read(void *arg, void *p, size_t n, size_t *ret_n, struct err *e)
{
    struct feed *f = arg;
    size_t take = f->n < f->step ? f->n : f->step;
    (void)e;
    if (take > n) take = n;
    if (take) memcpy(p, f->p, take);
    f->p += take;
    f->n -= take;
    *ret_n = take;
    return true;
}

/* The whole file as one text: fields in [], states by number, line numbers in front. */
static struct str dump(struct arena *a, const char *text, size_t n, size_t step)
{
    struct feed f = {text, n, step};
    struct csv *c = csv_new(a, feed_read, &f);
    struct csv_record r;
    struct err e = {0};
    struct buf b;
    bool found;
    buf_init_arena(&b, a, 0);
    for (;;) {
        assert_true(csv_next(c, &r, &found, &e));
        if (!found) break;
        buf_printf(&b, "%lld+%lld:", (long long)r.line, (long long)r.lines);
        if (r.state != CSV_OK) buf_printf(&b, "!%d", (int)r.state);
        for (size_t i = 0; i < r.n; i++) buf_printf(&b, "[" STR_FMT "]", STR_ARG(r.fields[i]));
        buf_char(&b, ';');
    }
    return buf_view(&b);
}

static void files_of_people(void **state)
{
    static const struct { const char *text, *expect; } cases[] = {
        {"", ""},
        {"\n\n", ""},
        {"a,b\nc,d\n", "1+1:[a][b];2+1:[c][d];"},
        {"a,b", "1+1:[a][b];"},
        {"a,", "1+1:[a][];"},
        {",\n", "1+1:[][];"},
        {"a,b\r\nc\r\n", "1+1:[a][b];2+1:[c];"},
        {"a\r", "1+1:[a];"},
        {"\xef\xbb\xbf" "a,b\n", "1+1:[a][b];"},
        {"a\n\n\r\nb\n", "1+1:[a];4+1:[b];"},
        {"\"a,b\",c\n", "1+1:[a,b][c];"},
        {"\"a\"\"b\"\"\",c\n", "1+1:[a\"b\"][c];"},
        {"\"a\nb\",c\nd\n", "1+2:[a\nb][c];3+1:[d];"},
        {"\"a\r\nb\"\r\nd\n", "1+2:[a\r\nb];3+1:[d];"},
        {"a\"b,c\n", "1+1:[a\"b][c];"},
        {"\"a\"x,c\nd\n", "1+1:!3;2+1:[d];"},
        {"\"a\nb,c\n", "1+2:!3;"},
        {"a,\xff\nb\n", "1+1:!4;2+1:[b];"},
        {"a,\x01\nb\n", "1+1:!4;2+1:[b];"},
        {"\xef,\xbb\xbf\n", "1+1:!4;"},                      /* one character, cut by a comma */
        {"\"\"\n", ""},
        {"\"\",\"\"\n", "1+1:[][];"},
        {"a\tb, c\n", "1+1:[a\tb][ c];"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t n = strlen(cases[i].text);
        for (size_t step = 1; step < 8; step++) {           /* however the bytes arrive */
            struct arena *a = arena_new();
            assert_str(dump(a, cases[i].text, n, step), cases[i].expect);
            arena_destroy(a);
        }
    }
}

static void a_nul_is_no_text(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_str(dump(a, "a\0b\nc\n", 6, 100), "1+1:!4;2+1:[c];");
    arena_destroy(a);
}

/* Ten megabytes in one line, quoted or not: one bad row, and the reader goes on. */
static void overlong_lines(void **state)
{
    enum { N = 10 << 20 };
    (void)state;
    for (int quoted = 0; quoted < 2; quoted++) {
        struct arena *a = arena_new();
        char *text = malloc(N + 64);
        size_t n = 0;
        memcpy(text + n, "a,b\n", 4);
        n += 4;
        if (quoted) text[n++] = '"';
        memset(text + n, 'x', N);
        n += N;
        if (quoted) text[n++] = '"';
        memcpy(text + n, ",y\nc,d\n", 7);
        n += 7;
        assert_str(dump(a, text, n, 50000), "1+1:[a][b];2+1:!1;3+1:[c][d];");
        free(text);
        arena_destroy(a);
    }
}

static void a_quote_that_is_never_closed(void **state)
{
    struct arena *a = arena_new();
    struct buf b;
    (void)state;
    buf_init_arena(&b, a, 0);
    buf_cstr(&b, "\"oops,1\n");
    for (int i = 0; i < 200000; i++) buf_cstr(&b, "abc,def\n");
    struct str out = dump(a, b.p, b.n, 4096);
    assert_true(str_starts(out, STR("1+1")));               /* the record that reached the limit … */
    assert_true(str_ends(out, STR("[abc][def];")));         /* … and good rows behind it */
    arena_destroy(a);
}

static void too_many_fields(void **state)
{
    struct arena *a = arena_new();
    struct buf b;
    (void)state;
    buf_init_arena(&b, a, 0);
    for (int i = 0; i < CSV_FIELDS_MAX; i++) buf_cstr(&b, "x,");
    buf_cstr(&b, "x\na\n");
    assert_str(dump(a, b.p, b.n, 7), "1+1:!2;2+1:[a];");
    arena_destroy(a);
}

static bool broken_read(void *arg, void *p, size_t n, size_t *ret_n, struct err *e)
{
    (void)arg; (void)p; (void)n; (void)ret_n;
    return err_set(e, PROBLEM_INVALID, "broken");
}

static void reading_fails(void **state)
{
    struct arena *a = arena_new();
    struct csv *c = csv_new(a, broken_read, NULL);
    struct csv_record r;
    struct err e = {0};
    bool found;
    (void)state;
    assert_false(csv_next(c, &r, &found, &e));
    for (enum csv_state s = CSV_OK; s <= CSV_BAD_UTF8; s++) assert_true(strlen(csv_state_text(s)) > 0);
    assert_int_equal(csv_lines(c), 0);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_people), cmocka_unit_test(a_nul_is_no_text), cmocka_unit_test(overlong_lines),
        cmocka_unit_test(a_quote_that_is_never_closed), cmocka_unit_test(too_many_fields), cmocka_unit_test(reading_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
