/* What every use case needs to know of the call it serves. Made by web/, jobs/ or cli/, handed to each service function. */
#ifndef SOUK_SERVICE_CALL_H
#define SOUK_SERVICE_CALL_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/money.h"
#include "auth/permission.h"
#include "base/str.h"
#include "db/db.h"
#include "kv/kv.h"

struct keyring;                     /* crypto/: master key and wrapped person keys */
struct person_keys;                 /* service/person.c: unwrapped keys of this request */
struct payment_provider;            /* net/: table of functions of one provider */
struct hasher;                      /* auth/: threads that hash passwords, behind a bounded queue */
struct token_signer;                /* auth/: the present key of access tokens */
struct http_client;                 /* net/: calls to outside identity providers */
struct session_keys;                /* service/session_keys.h: public keys that check access tokens */
struct session_news;                /* service/session_news.h: revocations that this process heard of */

enum actor_kind { ACTOR_ANONYMOUS, ACTOR_GUEST, ACTOR_CUSTOMER, ACTOR_STAFF, ACTOR_KEY, ACTOR_SYSTEM };

struct actor {
    enum actor_kind kind;
    struct str id;                  /* prefixed id; absent for anonymous */
    struct account_id account;      /* zero: none */
    struct session_id session;      /* zero: none, or an API key */
    permission_set permissions;     /* of a staff session or a key */
    bool second_factor;             /* the session was opened with one */
    usec_t fresh_at;                /* when the person last proved to be there; 0: never */
};

/* Country, currency, locale, tax display and price list: resolved per request, stored by carts and orders. */
struct market {
    struct market_id id;
    struct str code;                /* "de" */
    struct str country;             /* ISO 3166-1 alpha-2 */
    struct currency currency;
    struct str locale;              /* BCP 47 */
    bool prices_include_tax;
    struct price_list_id price_list;
    struct str time_zone;           /* IANA */
};

/* Built once at start; read-only afterwards. */
struct service_env {
    const struct config *config;
    struct log *log;
    struct clock clock;
    const struct keyring *keyring;                          /* NULL where no personal data is read */
    const struct payment_provider *const *providers;        /* NULL-terminated; NULL outside payment */
    struct hasher *hasher;                                  /* NULL outside user and cli */
    struct token_signer *signer;                            /* NULL outside user */
    struct http_client *http;                               /* NULL outside user, cli and jobs */
    struct session_keys *keys;                              /* NULL outside web */
    struct session_news *news;                              /* NULL outside web */
};

struct call {
    const struct service_env *env;
    struct arena *arena;
    struct db *db;
    struct db *db_keys;             /* database souk_keys; NULL where not used */
    struct person_keys *person_keys;   /* NULL at the start of a request; cleansed with its arena */
    struct kv *kv;
    usec_t now;                     /* business time, the same during one call */
    int64_t deadline;               /* monotonic microseconds */
    const struct market *market;
    struct actor actor;
    struct str request_id;          /* "req_..." */
    struct str trace_id;            /* 32 hexadecimal digits */
    struct str client;              /* the peer's address; absent outside web */
    struct str user_agent;          /* as sent, at most 512 bytes; may be absent */
    struct str idempotency_key;     /* absent when none was sent */
    struct str body_hash;           /* SHA-256 of method, route and canonical body, hexadecimal; with an idempotency key */
};

#endif
