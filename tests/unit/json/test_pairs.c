#include "sample.h"
#include "unit_arena.h"

static struct sample v;
static struct err e;

#define PAIRS(...) ((struct shape_pairs){sizeof((struct shape_pair[]){__VA_ARGS__}) / sizeof(struct shape_pair), (struct shape_pair[]){__VA_ARGS__}})
#define P(n, t) {STR(n), STR(t)}

static bool reads(enum shape_place place, struct shape_pairs pairs)
{
    err_clear(&e);
    shape_defaults(&sample, &v);
    return shape_read_pairs(&sample, place, pairs, a, &v, &e);
}

static void reads_a_form(void **state)
{
    (void)state;
    assert_true(reads(SHAPE_BODY, PAIRS(P("name", " Ada "), P("count", "4"), P("flag", "on"), P("maybe", "0"), P("price", "250 EUR"), P("part.city", "Ulm"), P("part.floor", "7"),
                                        P("words", "a"), P("words[]", "b"), P("_csrf", "x"))));
    assert_str(v.name, "Ada");
    assert_int_equal(v.count, 4);
    assert_true(v.flag && v.maybe.set && !v.maybe.v);
    assert_int_equal(v.price.amount, 250);
    assert_str(v.part->city, "Ulm");
    assert_int_equal(v.part->floor, 7);
    assert_int_equal(v.words.n, 2);
}

static void empty_inputs_say_nothing(void **state)
{
    (void)state;
    assert_true(reads(SHAPE_BODY, PAIRS(P("name", "Ada"), P("note", ""), P("count", " "), P("part.city", ""), P("part.floor", ""), P("words", ""))));
    assert_int_equal(v.count, 3);
    assert_null(v.part);
    assert_int_equal(v.words.n, 0);
    assert_false(reads(SHAPE_BODY, PAIRS(P("name", " "))));
    assert_int_equal(sample_problem(&e, "name"), PROBLEM_REQUIRED);
}

static void places_are_separate(void **state)
{
    (void)state;
    assert_true(reads(SHAPE_QUERY, PAIRS(P("q", "x"))));
    assert_str(v.from_query, "x");
    assert_true(reads(SHAPE_PATH, PAIRS(P("slug", "y"))));
    assert_str(v.from_path, "y");
    assert_false(reads(SHAPE_PATH, PAIRS(P("q", "y"))));
    assert_int_equal(sample_problem(&e, "slug"), PROBLEM_REQUIRED);
    assert_int_equal(sample_problem(&e, "q"), PROBLEM_UNKNOWN_FIELD);
    assert_false(reads(SHAPE_QUERY, PAIRS(P("name", "y"))));
}

static void refusals(void **state)
{
    (void)state;
    assert_false(reads(SHAPE_BODY, PAIRS(P("name", "Ada"), P("name", "Eve"), P("part.floor", "x"), P("part.zip", "1"), P("words", "1"), P("words", "2"), P("words", "3"), P("words", "4"),
                                         P("count", "10"), P("color", "pink"), P("name.first", "x"), P("product_id", "x"))));
    assert_int_equal(sample_problem(&e, "name"), PROBLEM_INVALID);
    assert_int_equal(sample_problem(&e, "part.city"), PROBLEM_REQUIRED);
    assert_int_equal(sample_problem(&e, "part.floor"), PROBLEM_INVALID);
    assert_int_equal(sample_problem(&e, "part.zip"), PROBLEM_UNKNOWN_FIELD);
    assert_int_equal(sample_problem(&e, "words"), PROBLEM_OUT_OF_RANGE);
    assert_int_equal(sample_problem(&e, "count"), PROBLEM_OUT_OF_RANGE);
    assert_int_equal(sample_problem(&e, "name.first"), PROBLEM_UNKNOWN_FIELD);
}

static void names_from_outside_are_cut(void **state)
{
    char name[300];
    struct shape_pair p = {{name, sizeof(name)}, STR("1")};
    (void)state;
    memset(name, 'n', sizeof(name));
    assert_false(reads(SHAPE_QUERY, (struct shape_pairs){1, &p}));
    assert_true(strlen(e.fields[0].param) < ERR_PARAM_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(reads_a_form), WITH_ARENA(empty_inputs_say_nothing), WITH_ARENA(places_are_separate), WITH_ARENA(refusals), WITH_ARENA(names_from_outside_are_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
