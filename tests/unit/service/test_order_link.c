/* Signed links to orders: made again the same, open one order, and only until their time is over. */
#include "unit_arena.h"

#include "crypto/keyring.h"
#include "service/order_link.h"

struct shop {
    struct keyring *keys;
    struct service_env env;
    struct call c;
};

static void open_shop(struct shop *s, uint8_t key_byte, usec_t now)
{
    uint8_t master[AEAD_KEY_LEN];
    memset(s, 0, sizeof *s);
    memset(master, key_byte, sizeof master);
    s->keys = keyring_from_bytes(master);
    s->env.keyring = s->keys;
    s->c.env = &s->env;
    s->c.arena = a;
    s->c.now = now;
}

static const usec_t placed = INT64_C(1800000000000000);

static void one_order(void **state)
{
    (void)state;
    struct shop s, other;
    open_shop(&s, 1, placed);
    open_shop(&other, 2, placed);
    struct order_id o = {uuid_v7(placed)}, p = {uuid_v7(placed)};
    struct str t = order_link_token(&s.c, o, placed);
    assert_true(order_link_opens(&s.c, o, t));
    assert_false(order_link_opens(&s.c, p, t));
    assert_false(order_link_opens(&other.c, o, t));                       /* another shop's key */
    assert_true(str_eq(t, order_link_token(&s.c, o, placed)));            /* nothing has to be stored */
    assert_false(str_eq(t, order_link_token(&s.c, p, placed)));
    struct str path = order_page_path(&s.c, o, placed), id = id_str(a, ID_order, o.u);
    assert_true(str_eq(path, str_printf(a, "/orders/" STR_FMT "?t=" STR_FMT, STR_ARG(id), STR_ARG(t))));
    keyring_destroy(s.keys);
    keyring_destroy(other.keys);
}

static void its_time(void **state)
{
    (void)state;
    static const struct { usec_t later; bool opens; } rows[] = {
        {0, true}, {ORDER_LINK_LIFE - USEC_PER_SEC, true}, {ORDER_LINK_LIFE, false}, {ORDER_LINK_LIFE + USEC_PER_DAY, false}};
    struct order_id o = {uuid_v7(placed)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct shop s;
        open_shop(&s, 1, placed + rows[i].later);
        assert_int_equal(order_link_opens(&s.c, o, order_link_token(&s.c, o, placed)), rows[i].opens);
        keyring_destroy(s.keys);
    }
}

static void forgeries(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, 1, placed);
    struct order_id o = {uuid_v7(placed)};
    struct str t = order_link_token(&s.c, o, placed);
    for (size_t i = 0; i < t.n; i++) {
        char *changed = arena_strndup(a, t.p, t.n);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        struct str forged = str_of(changed, t.n);
        /* the last sign of base64 may hold bits that say nothing */
        if (i + 1 < t.n && changed[i + 1] != '.') assert_false(order_link_opens(&s.c, o, forged));
        assert_false(order_link_opens(&s.c, o, str_sub(t, 0, i)));
    }
    assert_false(order_link_opens(&s.c, o, STR_NULL) || order_link_opens(&s.c, o, STR("")) || order_link_opens(&s.c, o, STR(".")));
    keyring_destroy(s.keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(one_order), WITH_ARENA(its_time), WITH_ARENA(forgeries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
