/* Which rows an operator may write. */
#include "outside.h"

static bool put(struct outside *o, struct identity_provider_set in, struct err *e)
{
    bool created;
    err_clear(e);
    return identity_provider_put(outside_call(o, "souk_admin"), &in, &created, e);
}

static void made_and_changed(void **state)
{
    struct outside *o = *state;
    struct err e;
    struct str clients[] = {STR("c1"), STR("c2")}, groups[] = {STR("admins=owner"), STR("helpers=support"), STR("admins=support")};
    struct identity_provider_set in = {.name = STR("aws"), .kind = STR("cognito"), .issuer = STR("http://127.0.0.1:9/p"), .has_clients = true,
                                       .allowed_clients = {2, clients}, .has_groups = true, .groups = {3, groups}};
    shop_sql(o->s, "INSERT INTO identity.role (id, name, title, permissions, created_at, updated_at) SELECT gen_random_uuid(), n, n, '{read_orders}', '2026-01-01', '2026-01-01' "
                   "FROM unnest(ARRAY['owner', 'support']) n ON CONFLICT DO NOTHING");
    assert_good(put(o, in, &e), e);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider WHERE name = 'aws' AND label = 'aws' AND enabled AND NOT second_factor AND client_secret IS NULL "
                                    "AND group_roles = '{\"admins\": [\"owner\", \"support\"], \"helpers\": [\"support\"]}'"), 1);
    assert_good(put(o, (struct identity_provider_set){.name = STR("aws"), .label = STR("Amazon"), .second_factor = OPT(true), .enabled = OPT(false)}, &e), e);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider WHERE name = 'aws' AND label = 'Amazon' AND NOT enabled AND second_factor AND version = 2 "
                                    "AND group_roles ? 'admins' AND allowed_clients = '{c1,c2}'"), 1);
    assert_good(put(o, (struct identity_provider_set){.name = STR("aws"), .has_groups = true}, &e), e);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider WHERE name = 'aws' AND group_roles = '{}'"), 1);
    assert_good(put(o, (struct identity_provider_set){.name = STR("fake"), .client_secret = STR("")}, &e), e);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider WHERE name = 'fake' AND client_secret IS NULL"), 1);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM platform.audit WHERE action IN ('provider.created', 'provider.changed')"), 5);
    shop_sql(o->s, "UPDATE identity.provider SET enabled = false WHERE name = 'aws'");
}

static void refused(void **state)
{
    struct outside *o = *state;
    struct str bad_redirect = STR("javascript:alert(1)"), no_role = STR("a=nobody"), no_group = STR("admins");
    const struct { struct identity_provider_set in; const char *param; } table[] = {
        {{.name = STR("Google"), .issuer = STR("https://a.example"), .client_id = STR("c")}, "name"},
        {{.name = STR("-x"), .issuer = STR("https://a.example"), .client_id = STR("c")}, "name"},
        {{.name = STR("x"), .kind = STR("saml"), .issuer = STR("https://a.example"), .client_id = STR("c")}, "kind"},
        {{.name = STR("x"), .client_id = STR("c")}, "issuer"},
        {{.name = STR("x"), .issuer = STR("ftp://a.example"), .client_id = STR("c")}, "issuer"},
        {{.name = STR("x"), .issuer = STR("https://a.example/?x"), .client_id = STR("c")}, "issuer"},
        {{.name = STR("x"), .issuer = STR("https://u:p@a.example"), .client_id = STR("c")}, "issuer"},
        {{.name = STR("x"), .issuer = STR("https://a.example")}, "client-id"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("a b")}, "client-id"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("c"), .scopes = STR("email")}, "scopes"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("c"), .label = STR("a\nb")}, "label"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("c"), .jwks_url = STR("file:///etc")}, "jwks-url"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("c"), .has_redirects = true, .app_redirects = {1, &bad_redirect}}, "app-redirect"},
        {{.name = STR("x"), .kind = STR("cognito"), .issuer = STR("https://a.example")}, "client"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("c"), .has_groups = true, .groups = {1, &no_role}}, "group"},
        {{.name = STR("x"), .issuer = STR("https://a.example"), .client_id = STR("c"), .has_groups = true, .groups = {1, &no_group}}, "group"},
        {{.name = STR("fake"), .kind = STR("cognito")}, "kind"},
        {{.name = STR("fake"), .issuer = STR("https://other.example")}, "issuer"}};       /* its subjects would be other people */
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct err e;
        if (put(o, table[i].in, &e))
            fail_msg("row %zu", i);
        if (strcmp(e.param, table[i].param) != 0)
            fail_msg("row %zu: %s %s", i, e.param, e.detail);
    }
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider WHERE name = 'x'"), 0);
}

static void production_wants_tls(void **state)
{
    struct outside *o = *state;
    struct call *c = outside_call(o, "souk_admin");
    struct config config = *c->env->config;
    struct err e = {0};
    bool created;
    config.mode = "production";
    o->env.config = &config;
    struct identity_provider_set in = {.name = STR("plain"), .issuer = STR("http://a.example"), .client_id = STR("c")};
    assert_refused(identity_provider_put(c, &in, &created, &e), e, PROBLEM_INVALID);
    assert_string_equal(e.param, "issuer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(made_and_changed), cmocka_unit_test(refused), cmocka_unit_test(production_wants_tls)};
    return cmocka_run_group_tests(tests, outside_start, outside_stop);
}
