/* Accounts that can have sessions, for the tests of sessions, roles and keys. */
#ifndef SOUK_TESTS_UNIT_SERVICE_SIGNING_H
#define SOUK_TESTS_UNIT_SERVICE_SIGNING_H

#include "service/session.h"
#include "service/session_keys.h"
#include "service/session_news.h"
#include "service/signing_key.h"
#include "shop.h"

/* An active account without address and password; `roles` (names, blanks between; NULL: none) make it staff. */
static inline struct account_id an_account(struct shop *s, const char *roles)
{
    struct account_id id = {uuid_v7(shop_now(s))};
    char account[40], person[40];
    uuid_sql(id.u, account);
    uuid_sql(uuid_v7(shop_now(s)), person);
    shop_sql(s, "INSERT INTO identity.person (id, kind, created_at, updated_at) VALUES (%s, 'claimed', '2026-01-01', '2026-01-01')", person);
    shop_sql(s, "INSERT INTO identity.account (id, person_id, staff, created_at, updated_at) VALUES (%s, %s, %s, '2026-01-01', '2026-01-01')", account, person,
             roles ? "true" : "false");
    if (roles)
        shop_sql(s, "INSERT INTO identity.account_role (account_id, role_id, granted_by, created_at) SELECT %s, r.id, 'unit', '2026-01-01' FROM identity.role r "
                    "WHERE r.name = ANY (string_to_array('%s', ' '))", account, roles);
    return id;
}

/* What a worker of the user pool has: a signer with the shop's key, the keys that check, and news. */
struct signing {
    struct service_env env;
    struct session_keys *keys;
    struct session_news *news;
};

static inline void signing_begin(struct shop *s, struct signing *g)
{
    struct call *c = shop_call(s, "souk_user");
    struct err e = {0};
    g->env = *c->env;
    g->env.keys = g->keys = session_keys_new();
    g->env.news = g->news = session_news_new(900 * USEC_PER_SEC);
    signing_key_start(&g->env);
    assert_good(signing_key_tick(&g->env, c->db, &e), e);
    assert_good(session_keys_refresh(g->keys, c->db, &e), e);
    session_news_read(g->news, clock_real());
}

static inline void signing_end(struct signing *g)
{
    signing_key_stop(&g->env);
    session_keys_destroy(g->keys);
    session_news_destroy(g->news);
}

/* A call of that worker, or of another pool's with the same knowledge. */
static inline struct call *signing_call(struct shop *s, struct signing *g, const char *role)
{
    struct call *c = shop_call(s, role);
    c->env = &g->env;
    return c;
}

#endif
