#include "json/tree.h"
#include "sample.h"
#include "unit_arena.h"

static struct json_object *schema(void)
{
    struct buf b;
    struct err e = {0};
    struct json_object *o = NULL;
    buf_init_arena(&b, a, 0);
    shape_schema(&b, &sample, false);
    assert_true(json_tree(buf_view(&b), a, &o, &e));
    return o;
}

static const char *property(const char *name)
{
    struct json_object *p = json_object_object_get(json_object_object_get(schema(), "properties"), name);
    return p ? json_object_to_json_string_ext(p, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;
}

static void describes_fields(void **state)
{
    (void)state;
    assert_string_equal(property("name"), "{\"type\":\"string\",\"minLength\":2,\"maxLength\":5,\"description\":\"A name\",\"examples\":[\"Ada\"]}");
    assert_string_equal(property("note"), "{\"type\":[\"string\",\"null\"]}");
    assert_string_equal(property("color"), "{\"type\":\"string\",\"enum\":[\"red\",\"blue\"]}");
    assert_string_equal(property("count"), "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":1,\"maximum\":9,\"default\":3}");
    assert_string_equal(property("price"), "{\"anyOf\":[{\"$ref\":\"#/components/schemas/Money\"},{\"type\":\"null\"}]}");
    assert_string_equal(property("part"), "{\"$ref\":\"#/components/schemas/SamplePart\"}");
    assert_string_equal(property("parts"), "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/SamplePart\"},\"maxItems\":2}");
    assert_string_equal(property("ids"), "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^var_[0-9a-hjkmnp-tv-z]{26}$\"}}");
    assert_string_equal(property("at"), "{\"type\":\"string\",\"format\":\"date-time\"}");
}

static void holds_the_body_only(void **state)
{
    (void)state;
    assert_null(property("q"));
    assert_null(property("slug"));
    assert_string_equal(json_object_to_json_string_ext(json_object_object_get(schema(), "required"), JSON_C_TO_STRING_PLAIN), "[\"name\"]");
}

static void what_is_answered_may_be_empty(void **state)
{
    (void)state;
    static const struct shape_field fields[] = {{"title", SHAPE_STR, 0, .required = true}, {NULL}};
    static const struct shape titled = {"Titled", fields, sizeof(struct str)};
    struct buf b;
    buf_init_arena(&b, a, 0);
    shape_schema(&b, &titled, false);
    assert_true(str_eq_c(buf_view(&b), "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\",\"minLength\":1}},\"required\":[\"title\"]}"));
    buf_clear(&b);
    shape_schema(&b, &titled, true);
    assert_true(str_eq_c(buf_view(&b), "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}},\"required\":[\"title\"]}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(describes_fields), WITH_ARENA(holds_the_body_only), WITH_ARENA(what_is_answered_may_be_empty)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
