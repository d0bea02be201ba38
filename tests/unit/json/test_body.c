#include "sample.h"
#include "unit_arena.h"

static struct sample v;
static struct err e;

static bool reads(const char *text)
{
    err_clear(&e);
    shape_defaults(&sample, &v);
    return shape_read_json(&sample, str_from(text), a, &v, &e);
}

static void reads_every_kind(void **state)
{
    (void)state;
    assert_true(reads("{\"name\":\"Ada\",\"note\":\"x\\ny\",\"color\":\"blue\",\"email\":\"a@b.cd\",\"count\":9,\"limit\":-1,\"flag\":false,\"maybe\":true,"
                      "\"price\":{\"currency\":\"EUR\",\"amount\":5},\"at\":\"2025-11-22T21:50:00Z\",\"product_id\":\"prod_01jd9v7q3e8m2k5x6r4t0w1y9z\",\"part\":{\"city\":\"Ulm\"},"
                      "\"parts\":[{\"city\":\"A\",\"floor\":0}],\"words\":[\"a\",\"b\"],\"numbers\":[1],\"ids\":[\"var_01jd9v7q3e8m2k5x6r4t0w1y9z\"]}"));
    assert_str(v.name, "Ada");
    assert_str(v.note, "x\ny");
    assert_str(v.color, "blue");
    assert_int_equal(v.count, 9);
    assert_true(v.limit.set && v.limit.v == -1 && !v.flag && v.maybe.set && v.maybe.v);
    assert_int_equal(v.price.amount, 5);
    assert_int_equal(v.at, INT64_C(1763848200000000));
    assert_false(uuid_is_zero(v.product.u));
    assert_str(v.part->city, "Ulm");
    assert_int_equal(v.part->floor, 2);
    assert_int_equal(v.parts.n, 1);
    assert_int_equal(((struct sample_part *)v.parts.v)[0].floor, 0);
    assert_str(((struct str *)v.words.v)[1], "b");
    assert_int_equal(v.ids.n, 1);
}

static void null_is_absent(void **state)
{
    (void)state;
    assert_true(reads("{\"name\":\"Ada\",\"note\":null,\"part\":null,\"count\":null,\"words\":null}"));
    assert_true(str_is_null(v.note));
    assert_null(v.part);
    assert_int_equal(v.count, 3);
    assert_false(reads("{\"name\":null}"));
    assert_int_equal(sample_problem(&e, "name"), PROBLEM_REQUIRED);
}

static void fields_of_other_places_are_left_alone_and_not_known_here(void **state)
{
    (void)state;
    shape_defaults(&sample, &v);
    err_clear(&e);
    v.from_query = STR("kept");
    assert_true(shape_read_json(&sample, STR("{\"name\":\"Ada\"}"), a, &v, &e));
    assert_str(v.from_query, "kept");
    assert_false(reads("{\"name\":\"Ada\",\"q\":\"x\"}"));
    assert_int_equal(sample_problem(&e, "q"), PROBLEM_UNKNOWN_FIELD);
}

static void collects_every_bad_field(void **state)
{
    static const struct { const char *param; enum problem p; } want[] = {
        {"name", PROBLEM_OUT_OF_RANGE}, {"color", PROBLEM_INVALID}, {"count", PROBLEM_INVALID}, {"flag", PROBLEM_INVALID}, {"price", PROBLEM_INVALID}, {"part.city", PROBLEM_REQUIRED},
        {"part.x", PROBLEM_UNKNOWN_FIELD}, {"parts[1]", PROBLEM_INVALID}, {"words", PROBLEM_OUT_OF_RANGE}, {"numbers[0]", PROBLEM_INVALID}, {"ids[0]", PROBLEM_INVALID}};
    (void)state;
    assert_false(reads("{\"name\":\"A\",\"color\":\"pink\",\"count\":1.5,\"flag\":\"true\",\"price\":{\"amount\":1},\"part\":{\"x\":1},\"parts\":[{\"city\":\"A\"},5],"
                       "\"words\":[\"1\",\"2\",\"3\",\"4\"],\"numbers\":[\"1\"],\"ids\":[\"prod_01jd9v7q3e8m2k5x6r4t0w1y9z\"]}"));
    assert_int_equal(e.n_fields, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        if (sample_problem(&e, want[i].param) != want[i].p)
            fail_msg("%s: %d", want[i].param, sample_problem(&e, want[i].param));
    }
    assert_string_equal(e.param, e.fields[0].param);
}

static void a_body_is_an_object(void **state)
{
    (void)state;
    assert_false(reads("[]"));
    assert_int_equal(e.problem, PROBLEM_INVALID_JSON);
    assert_false(reads("null"));
    assert_false(reads("{\"name\":\"Ada\",\"name\":\"Eve\"}"));
    assert_int_equal(e.problem, PROBLEM_INVALID_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(reads_every_kind), WITH_ARENA(null_is_absent), WITH_ARENA(fields_of_other_places_are_left_alone_and_not_known_here),
                                       WITH_ARENA(collects_every_bad_field), WITH_ARENA(a_body_is_an_object)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
