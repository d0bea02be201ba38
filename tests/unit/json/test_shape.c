#include "sample.h"
#include "unit_arena.h"

static struct str written(const struct sample *v)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    shape_write(&b, a, &sample, v);
    return buf_view(&b);
}

static void absent_fields_are_left_out_or_null(void **state)
{
    (void)state;
    assert_str(written(&(struct sample){.name = STR("Ada"), .count = 1}),
               "{\"name\":\"Ada\",\"note\":null,\"count\":1,\"flag\":false,\"price\":null,\"parts\":[],\"words\":[],\"numbers\":[],\"ids\":[]}");
}

static void every_kind_is_written(void **state)
{
    struct sample_part parts[] = {{STR("Bonn"), 1}, {STR("Ulm"), -1}};
    struct str words[] = {STR("a"), STR("\"")};
    int64_t numbers[] = {1, -2};
    struct uuid u = {{0x01, 0x93, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1}};
    struct sample v = {.name = STR("A"), .note = STR("x\ny"), .color = STR("red"), .email = STR("a@b.cd"), .count = 2, .limit = OPT(0), .flag = true, .maybe = OPT(false),
                       .price = {2499, {"EUR"}}, .at = INT64_C(1763848200000000), .product = {u}, .part = &parts[0], .parts = {2, parts}, .words = {2, words},
                       .numbers = {2, numbers}, .ids = {1, &u}};
    char id[ID_TEXT_MAX], variant[ID_TEXT_MAX];
    (void)state;
    id_format(ID_product, u, id);
    id_format(ID_variant, u, variant);
    struct str want = str_printf(a, "{\"name\":\"A\",\"note\":\"x\\ny\",\"color\":\"red\",\"email\":\"a@b.cd\",\"count\":2,\"limit\":0,\"flag\":true,\"maybe\":false,"
                                 "\"price\":{\"amount\":2499,\"currency\":\"EUR\"},\"at\":\"2025-11-22T21:50:00Z\",\"product_id\":\"%s\",\"part\":{\"city\":\"Bonn\",\"floor\":1},"
                                 "\"parts\":[{\"city\":\"Bonn\",\"floor\":1},{\"city\":\"Ulm\",\"floor\":-1}],\"words\":[\"a\",\"\\\"\"],\"numbers\":[1,-2],\"ids\":[\"%s\"]}", id, variant);
    assert_str(written(&v), want.p);
}

static void lists_have_their_envelope(void **state)
{
    struct sample_part parts[] = {{STR("Bonn"), 1}};
    struct buf b;
    (void)state;
    buf_init_arena(&b, a, 0);
    shape_write_list(&b, a, &sample_part, (struct shape_list){1, parts}, STR("next"));
    assert_str(buf_view(&b), "{\"data\":[{\"city\":\"Bonn\",\"floor\":1}],\"has_more\":true,\"next_cursor\":\"next\"}");
    buf_clear(&b);
    shape_write_list(&b, a, &sample_part, (struct shape_list){0, NULL}, STR_NULL);
    assert_str(buf_view(&b), "{\"data\":[],\"has_more\":false,\"next_cursor\":null}");
    buf_clear(&b);
    shape_write_counted(&b, a, &sample_part, (struct shape_list){0, NULL}, STR_NULL, (struct opt_int64){true, 41});
    assert_str(buf_view(&b), "{\"data\":[],\"has_more\":false,\"next_cursor\":null,\"total\":41}");
}

static void defaults(void **state)
{
    struct sample v;
    (void)state;
    memset(&v, 0xff, sizeof(v));
    shape_defaults(&sample, &v);
    assert_int_equal(v.count, 3);
    assert_true(v.flag);
    assert_false(v.limit.set);
    assert_true(str_is_null(v.name));
    assert_null(v.part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(absent_fields_are_left_out_or_null), WITH_ARENA(every_kind_is_written), WITH_ARENA(lists_have_their_envelope), WITH_ARENA(defaults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
