/* A shop with a home folder, and people with orders who may ask for their data. */
#ifndef SOUK_TESTS_UNIT_SERVICE_ERASING_H
#define SOUK_TESTS_UNIT_SERVICE_ERASING_H

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/address_book.h"
#include "service/cart_internal.h"
#include "service/privacy_internal.h"
#include "signed_in.h"

static inline const char *home_of(struct shop *s)
{
    struct call *c = shop_call(s, "souk_admin");
    return c->env->config->home;
}

static inline int home_start(void **state)
{
    char path[64];
    if (shop_start(state) != 0) return -1;
    snprintf(path, sizeof path, "/tmp/souk-home.%d", (int)getpid());
    mkdir(path, 0700);
    ((struct config *)(uintptr_t)shop_call(*state, "souk_admin")->env->config)->home = strdup(path);
    return 0;
}

static inline int home_stop(void **state)
{
    char command[128];
    char *home = (char *)(uintptr_t)home_of(*state);
    snprintf(command, sizeof command, "rm -rf /tmp/souk-home.%d", (int)getpid());
    if (system(command) != 0) return -1;
    free(home);
    return shop_stop(state);
}

static inline struct person_id person_of(struct shop *s, const char *email)
{
    struct err e = {0};
    struct person_id p;
    assert_good(person_for_contact(shop_call(s, "souk_order"), str_from(email), &p, &e), e);
    return p;
}

static inline struct str hex_sealed(struct call *c, struct person_id p, const char *place, struct uuid row, const char *plain)
{
    struct err e = {0};
    struct str sealed;
    assert_good(person_seal(c, p, person_context(c->arena, place, row), str_from(plain), &sealed, &e), e);
    return crypto_hex(c->arena, sealed.p, sealed.n);
}

/* An order of this person in this state, as checkout leaves it. */
static inline struct order_id order_for(struct shop *s, struct person_id person, struct account_id account, const char *state)
{
    struct call *c = shop_call(s, "souk_order");
    struct order_id order = {uuid_v7(c->now)};
    struct cart_id cart = {uuid_v7(c->now)};
    char o[40], k[40], p[40], a[40];
    struct str email = hex_sealed(c, person, CART_PLACE_EMAIL, cart.u, "ada@example.com"),
               address = hex_sealed(c, person, CART_PLACE_ADDRESS, cart.u, "{\"name\":\"Ada Example\",\"line1\":\"Example Street 1\",\"postal_code\":\"10115\",\"city\":\"Berlin\"}");
    uuid_sql(order.u, o), uuid_sql(cart.u, k), uuid_sql(person.u, p);
    const char *owner = uuid_is_zero(account.u) ? "NULL" : uuid_sql(account.u, a);
    shop_sql(s, "INSERT INTO orders.cart (id, state, token_hash, market_id, person_id, expires_at, created_at, updated_at) VALUES (%s, 'ordered', sha256(%s::text::bytea), "
             "'01900000-0000-7000-8000-000000000201', %s, '2026-07-01', '2026-06-01', '2026-06-01')", k, k, p);
    shop_sql(s, "INSERT INTO orders.orders (id, number, cart_id, access_hash, person_id, account_id, email_hash, email_sealed, address_sealed, ship_country, ship_postal_area, market_id, "
             "market_code, locale, currency, prices_include_tax, shipping_option_id, shipping_name, subtotal, discount, shipping, shipping_tax_rate, shipping_tax, tax, total, "
             "calc_version, explanation, expires_at, created_at, updated_at) VALUES (%s, nextval('orders.order_number') || '-ABCDEF', %s, sha256('x'), %s, %s, sha256('e'), '\\x" STR_FMT
             "', '\\x" STR_FMT "', 'DE', '10', '01900000-0000-7000-8000-000000000201', 'de', 'en', 'EUR', true, '01900000-0000-7000-8000-000000000401', 'Standard', 1000, 0, 490, "
             "190000, 78, 238, 1490, 1, '{}', '2026-06-02', '2026-06-01', '2026-06-01')", o, k, p, owner, STR_ARG(email), STR_ARG(address));
    if (strcmp(state, "pending_payment") != 0)
        shop_sql(s, "UPDATE orders.orders SET state = 'paid', paid_at = '2026-06-01', paid_attempt_id = gen_random_uuid() WHERE id = %s", o);
    if (strcmp(state, "completed") == 0) {
        shop_sql(s, "UPDATE orders.orders SET state = 'fulfilling' WHERE id = %s", o);
        shop_sql(s, "UPDATE orders.orders SET state = 'completed', completed_at = '2026-06-03' WHERE id = %s", o);
    }
    return order;
}

static inline bool pack_plain(struct call *c, const struct privacy_export *x, struct str *ret_zip, struct err *e)
{
    (void)e;
    *ret_zip = str_printf(c->arena, "zip of " STR_FMT, STR_ARG(x->json));
    return true;
}

/* One portion of the job. */
static inline int work(struct shop *s)
{
    struct err e = {0};
    int done;
    assert_good(privacy_work(shop_call(s, "souk_jobs_core"), pack_plain, &done, &e), e);
    return done;
}

static inline void mails_are_sent(struct shop *s)
{
    shop_sql(s, "UPDATE notification.message SET state = 'sent', sent_at = '2026-06-01' WHERE state = 'queued'");
    shop_sql(s, "UPDATE identity.data_request SET next_try_at = '2020-01-01'");
}

#endif
