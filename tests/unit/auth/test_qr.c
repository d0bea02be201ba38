/* The path is drawn into a raster again and compared with what libqrencode says of the same text. */
#include "with_arena.h"

#include <qrencode.h>

#include "auth/qr.h"

enum { SIDE_MAX = 200 };

static int number(const char **p)
{
    return (int)strtol(*p, (char **)(void *)p, 10);
}

static void draw(const char *p, char raster[SIDE_MAX][SIDE_MAX])
{
    while (*p == 'M') {
        p++;
        int x = number(&p), y = number(&p);
        assert_int_equal(*p++, 'h');
        int n = number(&p);
        assert_memory_equal(p, "v1h-", 4);
        p += 4;
        assert_int_equal(number(&p), n);
        assert_int_equal(*p++, 'z');
        for (int i = 0; i < n; i++)
            raster[y][x + i] = 1;
    }
    assert_int_equal(*p, '"');
}

static void same_modules(void **state)
{
    struct str text = STR("otpauth://totp/Souk:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Souk&algorithm=SHA1&digits=6&period=30"), svg;
    struct err e;
    err_clear(&e);
    assert_true(qr_svg(*state, text, STR("Scan <me> & \"go\""), &svg, &e));
    char *s = str_cstr(*state, svg), (*raster)[SIDE_MAX] = arena_alloc(*state, SIDE_MAX * SIDE_MAX);
    assert_non_null(strstr(s, "<title>Scan &lt;me&gt; &amp; &quot;go&quot;</title>"));
    assert_null(strstr(s, "style"));
    const char *path = strstr(s, "fill=\"#000\" d=\"");
    assert_non_null(path);
    draw(path + 15, raster);
    QRcode *q = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    assert_non_null(q);
    for (int y = 0; y < q->width + 8; y++)
        for (int x = 0; x < q->width + 8; x++) {
            bool inside = x >= 4 && y >= 4 && x < q->width + 4 && y < q->width + 4;
            assert_int_equal(raster[y][x], inside ? q->data[(y - 4) * q->width + x - 4] & 1 : 0);
        }
    QRcode_free(q);
}

static void refused(void **state)
{
    struct str svg;
    struct err e;
    char *big = arena_alloc(*state, QR_TEXT_MAX + 1);
    memset(big, 'x', QR_TEXT_MAX + 1);
    err_clear(&e);
    assert_false(qr_svg(*state, str_of(big, QR_TEXT_MAX + 1), STR("t"), &svg, &e));
    assert_int_equal(e.problem, PROBLEM_INVALID);
    assert_true(qr_svg(*state, str_of(big, QR_TEXT_MAX), STR("t"), &svg, &e));
    assert_false(qr_svg(*state, STR(""), STR("t"), &svg, &e));
    assert_false(qr_svg(*state, STR_NULL, STR("t"), &svg, &e));
    assert_false(qr_svg(*state, str_of("a\0b", 3), STR("t"), &svg, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(same_modules), WITH_ARENA(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
