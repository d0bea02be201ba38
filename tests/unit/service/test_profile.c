/* The profile: what may be changed, what is refused, who was faster. */
#include "service/profile.h"
#include "signed_in.h"

static void a_change_stays_and_is_sealed(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "profile@example.com");
    struct err e = {0};
    struct account a;
    char id[40];
    struct profile_patch patch = {.name = STR("  Ada Example "), .phone = STR("+49 (0)30 12345"), .locale = STR("de-AT"), .version = 1};
    assert_good(profile_change(call_as(s, ada), &patch, &a, &e), e);
    assert_str(a.name, "Ada Example");
    assert_str(a.phone, "+493012345");
    assert_str(a.locale, "de-AT");
    assert_str(a.email, "profile@example.com");
    assert_int_equal(a.version, 2);
    uuid_sql(ada.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND position('Ada'::bytea IN name) = 0", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE object_id = %s AND type = 'customer.updated' AND payload::text NOT LIKE '%%Ada%%'", id), 1);
    assert_good(profile_change(call_as(s, ada), &(struct profile_patch){.phone = STR("")}, &a, &e), e);
    assert_str(a.name, "Ada Example");
    assert_true(str_is_null(a.phone));
    assert_refused(profile_change(call_as(s, ada), &(struct profile_patch){.name = STR("Eve"), .version = 2}, &a, &e), e, PROBLEM_PRECONDITION_FAILED);
}

static void bad_values_are_named_together(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "values@example.com");
    struct err e = {0};
    struct account a;
    struct profile_patch patch = {.name = STR("Ada\nBcc: eve@example.com"), .phone = STR("12"), .locale = STR("../etc")};
    assert_refused(profile_change(call_as(s, ada), &patch, &a, &e), e, PROBLEM_INVALID);
    assert_int_equal(e.n_fields, 3);
    static const char *const bad[] = {"d", "deutsch-sprache-hier", "1e", "de_AT", "de-", "abcd"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&e);
        assert_refused(profile_change(call_as(s, ada), &(struct profile_patch){.locale = str_from(bad[i])}, &a, &e), e, PROBLEM_INVALID);
    }
}

static void preferences_are_a_fixed_list(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "preferences@example.com");
    struct err e = {0};
    struct preferences p;
    char id[40];
    assert_good(preferences_read(call_as(s, ada), &p, &e), e);
    assert_true(str_is_null(p.theme));
    assert_good(preferences_put(call_as(s, ada), &(struct preferences){.theme = STR("dark"), .product_view = STR("list")}, &p, &e), e);
    assert_good(preferences_read(call_as(s, ada), &p, &e), e);
    assert_str(p.theme, "dark");
    assert_str(p.product_view, "list");
    assert_true(str_is_null(p.motion));
    assert_refused(preferences_put(call_as(s, ada), &(struct preferences){.theme = STR("pink")}, &p, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    shop_sql(s, "UPDATE identity.account SET preferences = '{\"theme\":\"pink\",\"motion\":\"reduced\",\"gone\":\"x\"}' WHERE id = %s", uuid_sql(ada.u, id));
    assert_good(preferences_read(call_as(s, ada), &p, &e), e);
    assert_true(str_is_null(p.theme));
    assert_str(p.motion, "reduced");
}

static void nobody_has_no_profile(void **state)
{
    struct err e = {0};
    struct account a;
    assert_refused(profile_change(call_as(*state, (struct account_id){{{9}}}), &(struct profile_patch){.name = STR("X")}, &a, &e), e, PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_change_stays_and_is_sealed), cmocka_unit_test(bad_values_are_named_together),
                                       cmocka_unit_test(preferences_are_a_fixed_list), cmocka_unit_test(nobody_has_no_profile)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
