#include "auth/token_sign.h"
#include "crypto/keyring.h"
#include "signing.h"

static struct str kid_of(struct shop *s, struct signing *g)
{
    return token_signer_kid(g->env.signer, signing_call(s, g, "souk_user")->arena);
}

/* Two workers that start at once make one key; every role that checks tokens reads it; its private half does not stand in clear. */
static void the_first_key(void **state)
{
    struct shop *s = *state;
    struct signing one, two;
    static const char *const roles[] = {"souk_product", "souk_order", "souk_payment", "souk_inventory"};
    signing_begin(s, &one);
    signing_begin(s, &two);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.signing_key"), 1);
    struct str a = str_from(strndup(kid_of(s, &one).p, kid_of(s, &one).n)), b = kid_of(s, &two);
    assert_true(str_eq(a, b) && a.n >= 8);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.signing_key WHERE octet_length(private_key) > 100 AND get_byte(private_key, 0) <> 48"), 1);
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        struct session_keys *keys = session_keys_new();
        struct err e = {0};
        assert_good(session_keys_refresh(keys, shop_call(s, roles[i])->db, &e), e);
        struct token_keys *set = session_keys_get(keys);
        assert_true(token_keys_has(set, a));
        token_keys_unref(set);
        session_keys_destroy(keys);
    }
    free((char *)(uintptr_t)a.p);
    signing_end(&one);
    signing_end(&two);
}

static void rotation(void **state)
{
    struct shop *s = *state;
    struct signing g;
    struct shape_list list;
    struct str next;
    struct err e = {0};
    char old[80], fresh[80];
    signing_begin(s, &g);
    snprintf(old, sizeof old, STR_FMT, STR_ARG(kid_of(s, &g)));
    struct call *c = signing_call(s, &g, "souk_admin");
    assert_good(signing_key_rotate(c, false, &next, &e), e);
    snprintf(fresh, sizeof fresh, STR_FMT, STR_ARG(next));
    assert_good(signing_key_list(c, &list, &e), e);
    const struct signing_key *v = list.v;
    assert_int_equal(list.n, 2);
    assert_str(v[0].kid, fresh);
    assert_str(v[0].state, "next");
    assert_str(v[1].state, "signs");
    /* the old one lives until its last token is over: two minutes, then the life of a token and its leeway */
    assert_true(v[1].retires_at >= v[0].activates_at + 900 * USEC_PER_SEC && v[0].activates_at >= v[0].created_at + SIGNING_KEY_AHEAD);
    assert_good(signing_key_tick(&g.env, signing_call(s, &g, "souk_user")->db, &e), e);
    assert_str(kid_of(s, &g), old);
    assert_good(session_keys_refresh(g.keys, signing_call(s, &g, "souk_user")->db, &e), e);
    struct token_keys *set = session_keys_get(g.keys);
    assert_true(token_keys_has(set, str_from(old)) && token_keys_has(set, str_from(fresh)));
    token_keys_unref(set);
    /* time passes */
    shop_sql(s, "UPDATE identity.signing_key SET activates_at = activates_at - interval '3 minutes'");
    assert_good(signing_key_tick(&g.env, signing_call(s, &g, "souk_user")->db, &e), e);
    assert_str(kid_of(s, &g), fresh);
    assert_good(signing_key_list(signing_call(s, &g, "souk_admin"), &list, &e), e);
    v = list.v;
    assert_str(v[0].state, "signs");
    assert_str(v[1].state, "verifies");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'signing_key.rotated'"), 1);
    signing_end(&g);
}

static void at_once(void **state)
{
    struct shop *s = *state;
    struct signing g;
    struct str next;
    struct actor who;
    struct session_grant grant;
    struct err e = {0};
    char token[2000];
    signing_begin(s, &g);
    assert_good(session_open(signing_call(s, &g, "souk_user"), &(struct session_new){.account = an_account(s, NULL), .kind = SESSION_APP}, &grant, &e), e);
    snprintf(token, sizeof token, STR_FMT, STR_ARG(grant.access_token));
    assert_good(session_by_token(signing_call(s, &g, "souk_order"), str_from(token), &who, &e), e);
    assert_good(signing_key_rotate(signing_call(s, &g, "souk_admin"), true, &next, &e), e);
    assert_good(signing_key_tick(&g.env, signing_call(s, &g, "souk_user")->db, &e), e);
    assert_good(session_keys_refresh(g.keys, signing_call(s, &g, "souk_user")->db, &e), e);
    assert_refused(session_by_token(signing_call(s, &g, "souk_order"), str_from(token), &who, &e), e, PROBLEM_INVALID_TOKEN);
    err_clear(&e);
    assert_good(session_open(signing_call(s, &g, "souk_user"), &(struct session_new){.account = an_account(s, NULL), .kind = SESSION_APP}, &grant, &e), e);
    snprintf(token, sizeof token, STR_FMT, STR_ARG(grant.access_token));
    assert_good(session_by_token(signing_call(s, &g, "souk_user"), str_from(token), &who, &e), e);
    signing_end(&g);
}

static void another_master_key(void **state)
{
    struct shop *s = *state;
    struct signing g;
    struct err e = {0};
    uint8_t master[AEAD_KEY_LEN] = {9};
    struct keyring *other = keyring_from_bytes(master);
    signing_begin(s, &g);
    g.env.keyring = other;
    signing_key_stop(&g.env);
    signing_key_start(&g.env);
    assert_false(signing_key_tick(&g.env, signing_call(s, &g, "souk_user")->db, &e));
    keyring_destroy(other);
    signing_end(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_key), cmocka_unit_test(rotation), cmocka_unit_test(at_once), cmocka_unit_test(another_master_key)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
