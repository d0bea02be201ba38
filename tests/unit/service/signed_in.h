/* Accounts for tests: made as a registration leaves them, without the mails. */
#ifndef SOUK_TESTS_UNIT_SERVICE_SIGNED_IN_H
#define SOUK_TESTS_UNIT_SERVICE_SIGNED_IN_H

#include "crypto/crypto.h"
#include "service/person.h"
#include "shop.h"

/* An account with this verified address; its person has a key. */
static inline struct account_id account_for(struct shop *s, const char *email)
{
    struct err e = {0};
    struct person_id p;
    struct account_id account = {uuid_v7(shop_now(s))};
    char person[40], id[40];
    struct call *c = shop_call(s, "souk_user");
    assert_good(person_for_contact(c, str_from(email), &p, &e), e);
    struct str sealed, hash = person_email_hash(c, str_from(email));
    assert_good(person_seal(c, p, person_context(c->arena, "identity.account.email", account.u), str_from(email), &sealed, &e), e);
    struct str hash_hex = crypto_hex(c->arena, hash.p, hash.n), sealed_hex = crypto_hex(c->arena, sealed.p, sealed.n);
    shop_sql(s, "INSERT INTO identity.account (id, person_id, email_hash, email, email_verified_at, created_at, updated_at) VALUES (%s, %s, '\\x" STR_FMT "', '\\x" STR_FMT
             "', '2026-06-01', '2026-06-01', '2026-06-01')", uuid_sql(account.u, id), uuid_sql(p.u, person), STR_ARG(hash_hex), STR_ARG(sealed_hex));
    shop_sql(s, "UPDATE identity.person SET kind = 'claimed', account_id = %s WHERE id = %s", id, person);
    return account;
}

/* A fresh call of the user pool, signed in as `account`. */
static inline struct call *call_as(struct shop *s, struct account_id account)
{
    static char id[ID_TEXT_MAX];
    struct call *c = shop_call(s, "souk_user");
    size_t n = id_format(ID_account, account.u, id);
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .id = {id, n}, .account = account, .fresh_at = c->now};
    return c;
}

#endif
