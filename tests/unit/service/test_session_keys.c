#include "signing.h"

/* Somebody's unknown kid makes us read at most once in ten seconds; a change is noticed without it. */
static void how_often(void **state)
{
    struct shop *s = *state;
    struct signing g;
    struct str kid;
    struct err e = {0};
    signing_begin(s, &g);
    struct call *c = signing_call(s, &g, "souk_order");
    assert_good(session_keys_unknown(g.keys, c->db, &e), e);
    assert_good(signing_key_rotate(signing_call(s, &g, "souk_admin"), false, &kid, &e), e);
    struct token_keys *before = session_keys_get(g.keys);
    assert_false(token_keys_has(before, kid));
    assert_good(session_keys_unknown(g.keys, c->db, &e), e);         /* too soon */
    struct token_keys *same = session_keys_get(g.keys);
    assert_true(before == same);
    assert_good(session_keys_refresh(g.keys, c->db, &e), e);
    struct token_keys *after = session_keys_get(g.keys);
    assert_true(token_keys_has(after, kid) && token_keys_count(after) == 2);
    assert_good(session_keys_refresh(g.keys, c->db, &e), e);         /* nothing changed: nothing is parsed again */
    struct token_keys *still = session_keys_get(g.keys);
    assert_true(after == still);
    token_keys_unref(before);
    token_keys_unref(same);
    token_keys_unref(after);
    token_keys_unref(still);
    signing_end(&g);
}

static void none_yet(void **state)
{
    struct session_keys *k = session_keys_new();
    (void)state;
    assert_null(session_keys_get(k));
    session_keys_destroy(k);
    session_keys_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(how_often), cmocka_unit_test(none_yet)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
