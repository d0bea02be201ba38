/* Well-formed: rows of RFC 8949 appendix A that the canonical form keeps. Refused: the others, and its appendix F. */
#include "with_arena.h"

#include "auth/cbor.h"
#include "crypto/crypto.h"

static struct str bytes(struct arena *a, const char *hex)
{
    struct str s;
    assert_true(crypto_unhex(a, str_from(hex), &s));
    return s;
}

static void good(void **state)
{
    static const struct { const char *hex; enum cbor_kind kind; int64_t i; size_t n; } rows[] = {
        {"00", CBOR_INT, 0}, {"01", CBOR_INT, 1}, {"17", CBOR_INT, 23}, {"1818", CBOR_INT, 24}, {"1903e8", CBOR_INT, 1000}, {"1a000f4240", CBOR_INT, 1000000},
        {"1b000000e8d4a51000", CBOR_INT, INT64_C(1000000000000)}, {"1b7fffffffffffffff", CBOR_INT, INT64_MAX}, {"20", CBOR_INT, -1}, {"3863", CBOR_INT, -100}, {"3903e7", CBOR_INT, -1000},
        {"3b7fffffffffffffff", CBOR_INT, INT64_MIN}, {"f4", CBOR_BOOL, 0}, {"f5", CBOR_BOOL, 1}, {"f6", CBOR_NULL},
        {"40", CBOR_BYTES}, {"4401020304", CBOR_BYTES}, {"60", CBOR_TEXT}, {"62c3bc", CBOR_TEXT},
        {"80", CBOR_ARRAY, 0, 0}, {"83010203", CBOR_ARRAY, 0, 3}, {"8301820203820405", CBOR_ARRAY, 0, 3}, {"a0", CBOR_MAP, 0, 0}, {"a201020304", CBOR_MAP, 0, 2},
        {"a26161016162820203", CBOR_MAP, 0, 2}, {"a1018102", CBOR_MAP, 0, 1}, {"81818180", CBOR_ARRAY, 0, 1}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cbor c;
        struct str in = bytes(*state, rows[i].hex);
        if (!cbor_read_all(in, &c) || c.kind != rows[i].kind || c.i != rows[i].i || c.n != rows[i].n || !str_eq(c.all, in)) fail_msg("%s", rows[i].hex);
    }
}

static void refused(void **state)
{
    static const char *const rows[] = {
        "", "1800", "1817", "190018", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1bffffffffffffffff", "3bffffffffffffffff", "1bffff",      /* not shortest, too large, cut off */
        "f97e00", "fb3ff199999999999a", "fa47c35000", "f7", "f0", "f8ff", "f820", "f814",                                                       /* floats, undefined, simple */
        "c11a514b67b0", "d74401020304", "c0",                                                                                                /* tags */
        "5f42010243030405ff", "7f657374726561646d696e67ff", "9fff", "9f01ff", "bf61610161629f0203ffff", "ff",                                    /* indefinite */
        "1c", "1d", "1e", "1f", "3f", "5c", "7e", "9d", "be",                                                                                  /* reserved */
        "41", "4402", "5affffffff00", "5b7fffffffffffffff", "61", "62c3", "61ff", "63eda080", "81", "8201", "a1", "a101", "a20101",               /* cut off, no UTF-8 */
        "a201010102", "a2616101616102", "a141010a", "a1f501", "a18001", "a1a001",                                                            /* equal keys; keys of other kinds */
        "8181818180", "9841", "b841", "0000", "a000"};                                                                                       /* too deep, too many, more behind */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cbor c;
        if (cbor_read_all(bytes(*state, rows[i]), &c)) fail_msg("%s", rows[i]);
    }
    struct cbor c;
    assert_false(cbor_read_all(STR_NULL, &c));
}

static void look_up(void **state)
{
    struct cbor map, v;
    struct str in = bytes(*state, "a401020326616103200766"), all = bytes(*state, "a5010203266161032007656669727374f6");
    assert_false(cbor_read_all(in, &map));
    assert_true(cbor_read_all(all, &map));
    assert_true(cbor_by_int(&map, 1, &v) && v.i == 2);
    assert_true(cbor_by_int(&map, 3, &v) && v.i == -7);
    assert_true(cbor_by_int(&map, -1, &v) && v.i == 7);
    assert_true(cbor_by_text(&map, "a", &v) && v.i == 3);
    assert_true(cbor_by_text(&map, "first", &v) && v.kind == CBOR_NULL);
    assert_false(cbor_by_text(&map, "b", &v));
    assert_false(cbor_by_int(&map, 2, &v));
    struct cbor number;
    assert_true(cbor_read_all(bytes(*state, "01"), &number));
    assert_false(cbor_by_int(&number, 1, &v));
    struct str two = bytes(*state, "0a0b");
    assert_true(cbor_read(&two, &v) && v.i == 10 && two.n == 1);
    assert_true(cbor_read(&two, &v) && v.i == 11 && two.n == 0);
    assert_false(cbor_read(&two, &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(good), WITH_ARENA(refused), WITH_ARENA(look_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
