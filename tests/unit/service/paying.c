#include "paying.h"

#include <unistd.h>

#include "crypto/keyring.h"
#include "service/cart.h"

static struct {
    struct arena *arena;
    struct config config;
    struct service_env env;
    struct keyring *keyring;
} paying;

int paying_start(void **state)
{
    struct err e;
    uint8_t master[AEAD_KEY_LEN] = {7};          /* the shop's */
    shop_start(state);
    err_clear(&e);
    paying.arena = arena_new();
    const struct call *c = shop_call(*state, "souk_payment");
    paying.config = *c->env->config;
    paying.config.db = arena_printf(paying.arena, "host=/tmp/souk-uss.%d dbname=souk", (int)getpid());
    paying.config.db_sandbox = paying.config.db;
    paying.config.base_url = "https://shop.example";
    paying.keyring = keyring_from_bytes(master);
    paying.env = *c->env;
    paying.env.config = &paying.config;
    assert_good(payment_providers_open(paying.arena, &paying.config, paying.env.log, paying.keyring, &paying.env.providers, &e), e);
    return 0;
}

int paying_stop(void **state)
{
    payment_providers_close(paying.env.providers);
    keyring_destroy(paying.keyring);
    arena_destroy(paying.arena);
    return shop_stop(state);
}

struct call *paying_call(struct shop *s, const char *role)
{
    struct call *c = shop_call(s, role);
    c->env = &paying.env;
    return c;
}

const struct payment_provider *paying_sandbox(void)
{
    return payment_provider(&paying.env, STR("sandbox"));
}

struct config *paying_config(void)
{
    return &paying.config;
}

struct checkout_result order_to_pay(struct shop *s, struct variant_id v, const char *token)
{
    static const struct cart_contact ada = {{"ada@example.com", 15}, {NULL, 0}};
    static const struct address berlin = {.name = {"Ada Example", 11}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"DE", 2}};
    struct call *c = paying_call(s, "souk_order");
    struct cart_patch p = {.contact = &ada, .shipping_address = &berlin};
    struct checkout_in in = {.method = str_from(token)};
    struct checkout_result r;
    struct cart *cart;
    struct str cart_token;
    struct err e;
    bool replayed;
    err_clear(&e);
    c->idempotency_key = STR_NULL;
    assert_good(cart_create(c, STR_NULL, &cart_token, &cart, &e) && cart_add(c, cart, v, 1, &cart, &replayed, &e) &&
                cart_change(c, cart, &p, &cart, &replayed, &e) && checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e);
    r.payment_token = str_dup(paying.arena, r.payment_token);
    r.access_token = str_dup(paying.arena, r.access_token);
    r.number = str_dup(paying.arena, r.number);
    return r;
}

void work_payments(struct shop *s)
{
    static bool (*const works[])(struct call *, int *, struct err *) = {payment_work_pull, payment_work_events, payment_work_commands, payment_work_sweep};
    int done, all, rounds = 0;
    do {
        all = 0;
        for (size_t i = 0; i < ARRAY_LEN(works); i++) {
            struct call *c = paying_call(s, "souk_jobs_payment");
            struct err e;
            err_clear(&e);
            done = 0;
            assert_good(works[i](c, &done, &e), e);
            all += done;
        }
    } while (all > 0 && ++rounds < 50);
    assert_true(rounds < 50);
}
