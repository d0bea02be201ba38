/* Providers: fetched, kept, renewed; buttons and lists. */
#include "outside.h"
#include "service/identity_internal.h"

static void fetched_once(void **state)
{
    struct outside *o = *state;
    struct provider p;
    struct err e = {0};
    int before = o->discoveries;
    struct call *c = outside_call(o, "souk_user");
    assert_good(provider_ready(c, STR("fake"), &p, &e), e);
    assert_true(str_ends(p.endpoints.token, STR("/token")) && str_ends(p.endpoints.jwks, STR("/jwks")) && str_starts(p.row.jwks, STR("{\"keys\":")));
    assert_int_equal(o->discoveries, before + 1);
    assert_good(provider_ready(outside_call(o, "souk_user"), STR("fake"), &p, &e), e);
    assert_int_equal(o->discoveries, before + 1);
    assert_refused(provider_ready(c, STR("nobody"), &p, &e), e, PROBLEM_NOT_FOUND);
    struct str secret;
    err_clear(&e);
    assert_good(provider_secret(c, &p, &secret, &e), e);
    assert_str(secret, "very secret");
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider WHERE position('very secret'::bytea IN client_secret) > 0"), 0);
}

static void what_is_known_outlives_the_provider(void **state)
{
    struct outside *o = *state;
    struct provider p;
    struct err e = {0};
    o->down = true;
    assert_good(provider_ready(outside_call(o, "souk_user"), STR("fake"), &p, &e), e);
    shop_sql(o->s, "DELETE FROM identity.provider_keys");
    assert_refused(provider_ready(outside_call(o, "souk_user"), STR("fake"), &p, &e), e, PROBLEM_UNAVAILABLE);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider_keys WHERE fetched_at IS NULL AND last_error IS NOT NULL"), 1);
    struct shape_list list;
    err_clear(&e);
    assert_good(identity_provider_list(outside_call(o, "souk_admin"), &list, &e), e);
    const struct identity_provider *v = list.v;
    assert_int_equal(list.n, 1);
    assert_true(v->has_secret && v->enabled && v->fetched_at == 0 && !str_is_null(v->last_error) && v->app_redirects.n == 1);
    o->down = false;
}

static void renewed(void **state)
{
    struct outside *o = *state;
    struct err e = {0};
    int done;
    shop_sql(o->s, "DELETE FROM identity.provider_keys");
    assert_good(identity_provider_refresh(outside_call(o, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 1);
    assert_good(identity_provider_refresh(outside_call(o, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 0);
    shop_sql(o->s, "UPDATE identity.provider_keys SET wanted_at = '2026-01-01'");
    assert_good(identity_provider_refresh(outside_call(o, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 0);                                   /* missed, but asked a moment ago */
    shop_sql(o->s, "UPDATE identity.provider_keys SET tried_at = tried_at - interval '11 seconds'");
    assert_good(identity_provider_refresh(outside_call(o, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 1);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider_keys WHERE wanted_at IS NULL"), 1);
    shop_sql(o->s, "UPDATE identity.provider_keys SET tried_at = tried_at - interval '2 hours', fetched_at = fetched_at - interval '2 hours'");
    o->down = true;
    assert_good(identity_provider_refresh(outside_call(o, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 0);
    o->down = false;
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider_keys WHERE jwks IS NOT NULL AND last_error IS NOT NULL"), 1);
}

static void one_key_fetch_each_ten_seconds(void **state)
{
    struct outside *o = *state;
    struct provider p;
    struct err e = {0};
    bool newer;
    shop_sql(o->s, "DELETE FROM identity.provider_keys");
    assert_good(provider_ready(outside_call(o, "souk_user"), STR("fake"), &p, &e), e);
    p.name = STR("fake");
    int before = o->discoveries;
    struct call *c = outside_call(o, "souk_user");
    assert_good(provider_ready(c, STR("fake"), &p, &e), e);
    assert_good(provider_keys_again(c, &p, &newer, &e), e);
    assert_true(!newer && o->discoveries == before);
    shop_sql(o->s, "UPDATE identity.provider_keys SET tried_at = tried_at - interval '11 seconds'");
    o->rotated = true;
    assert_good(provider_keys_again(c, &p, &newer, &e), e);
    o->rotated = false;
    assert_true(newer && o->discoveries == before + 1);
    shop_sql(o->s, "DELETE FROM identity.provider_keys");
}

static void buttons(void **state)
{
    struct outside *o = *state;
    struct shape_list list;
    struct err e = {0};
    assert_good(identity_providers_list(outside_call(o, "souk_user"), &list, &e), e);
    const struct identity_provider_info *v = list.v;
    assert_int_equal(list.n, 1);
    assert_str(v->href, "/v1/auth/oidc/fake");
    assert_str(v->label, "The Fake");
    shop_sql(o->s, "UPDATE identity.provider SET enabled = false");
    assert_good(identity_providers_list(outside_call(o, "souk_user"), &list, &e), e);
    assert_int_equal(list.n, 0);
    struct provider p;
    assert_refused(provider_load(outside_call(o, "souk_user"), STR("fake"), &p, &e), e, PROBLEM_NOT_FOUND);
    shop_sql(o->s, "UPDATE identity.provider SET enabled = true");
}

static void asked_by_an_operator(void **state)
{
    struct outside *o = *state;
    struct identity_provider_test t;
    struct err e = {0};
    assert_good(identity_provider_test(outside_call(o, "souk_admin"), STR("fake"), &t, &e), e);
    assert_int_equal(t.keys, 1);
    assert_true(str_ends(t.authorization, STR("/auth")));
    assert_refused(identity_provider_test(outside_call(o, "souk_admin"), STR("nobody"), &t, &e), e, PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fetched_once), cmocka_unit_test(what_is_known_outlives_the_provider), cmocka_unit_test(renewed),
                                       cmocka_unit_test(one_key_fetch_each_ten_seconds), cmocka_unit_test(buttons), cmocka_unit_test(asked_by_an_operator)};
    return cmocka_run_group_tests(tests, outside_start, outside_stop);
}
