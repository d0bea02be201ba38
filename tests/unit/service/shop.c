#include "shop.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crypto/keyring.h"
#include "db/conn.h"

enum { ROLES = 8 };

struct login {
    char role[32];
    struct db_pool *pool, *pool_keys;
    struct db *db, *db_keys;
};

struct shop {
    char dir[128];
    struct arena *arena;                 /* of the whole shop */
    struct arena *call_arena;
    struct config config;
    struct keyring *keyring;
    struct service_env env;
    struct market market;
    struct call call;
    struct login logins[ROLES];
    size_t n_logins;
    struct login root;
    usec_t now;
    const char *key, *body_hash;
    int made;
};

static void script(const struct shop *s, const char *word)
{
    char command[512];
    const char *src = getenv("srcdir");
    if (!src) src = getenv("SOUK_SRC");
    if (!src) src = "..";
    snprintf(command, sizeof command, "bash %s/tests/unit/service/shop.sh %s %s", src, word, s->dir);
    if (system(command) != 0) {
        fprintf(stderr, "failed: %s\n", command);
        abort();
    }
}

static struct db_pool *pool_of(struct shop *s, const char *role, const char *database)
{
    struct db_settings settings = {.conninfo = arena_printf(s->arena, "host=%s user=%s dbname=%s", s->dir, role, database), .connect_ms = 2000,
                                   .idle_s = 60, .application = "unit"};
    return db_pool_new(&settings, NULL);
}

static void log_in(struct shop *s, struct login *l, const char *role)
{
    snprintf(l->role, sizeof l->role, "%s", role);
    l->pool = pool_of(s, role, "souk");
    l->db = db_new(l->pool);
    l->pool_keys = pool_of(s, role, "souk_keys");
    l->db_keys = db_new(l->pool_keys);
}

static void log_out(struct login *l)
{
    db_destroy(l->db);
    db_destroy(l->db_keys);
    db_pool_destroy(l->pool);
    db_pool_destroy(l->pool_keys);
}

/* The market `de` as the migrations make it. */
static void fill_market(struct market *m)
{
    assert_true(uuid_parse(STR("01900000-0000-7000-8000-000000000201"), &m->id.u) &&
                uuid_parse(STR("01900000-0000-7000-8000-000000000101"), &m->price_list.u) && currency_parse(STR("EUR"), &m->currency));
    m->code = STR("de");
    m->country = STR("DE");
    m->locale = STR("en");
    m->prices_include_tax = true;
    m->time_zone = STR("Europe/Berlin");
}

int shop_start(void **state)
{
    struct shop *s = calloc(1, sizeof *s);
    struct err e;
    uint8_t master[AEAD_KEY_LEN] = {7};
    int rest;
    char **words, *none[] = {NULL};
    assert_non_null(s);
    err_clear(&e);
    snprintf(s->dir, sizeof s->dir, "/tmp/souk-uss.%d", (int)getpid());
    script(s, "start");
    s->arena = arena_new();
    s->call_arena = arena_new();
    if (!config_load(s->arena, NULL, 0, none, &s->config, &rest, &words, &e)) fail_msg("%s", e.detail);
    s->keyring = keyring_from_bytes(master);
    s->env = (struct service_env){.config = &s->config, .log = log_new(2, LOG_ERROR, "unit"), .keyring = s->keyring};
    fill_market(&s->market);
    assert_true(time_parse(STR("2026-06-01T12:00:00Z"), &s->now));
    log_in(s, &s->root, "postgres");
    *state = s;
    return 0;
}

int shop_stop(void **state)
{
    struct shop *s = *state;
    arena_destroy(s->call_arena);
    for (size_t i = 0; i < s->n_logins; i++) log_out(&s->logins[i]);
    log_out(&s->root);
    keyring_destroy(s->keyring);
    log_destroy(s->env.log);
    script(s, "stop");
    arena_destroy(s->arena);
    free(s);
    return 0;
}

void shop_at(struct shop *s, usec_t now)
{
    s->now = now;
}

usec_t shop_now(const struct shop *s)
{
    return s->now;
}

void shop_key(struct shop *s, const char *key, const char *body_hash)
{
    s->key = key;
    s->body_hash = body_hash;
}

static struct login *login_of(struct shop *s, const char *role)
{
    for (size_t i = 0; i < s->n_logins; i++)
        if (strcmp(s->logins[i].role, role) == 0) return &s->logins[i];
    assert_true(s->n_logins < ROLES);
    log_in(s, &s->logins[s->n_logins], role);
    return &s->logins[s->n_logins++];
}

struct call *shop_call(struct shop *s, const char *role)
{
    struct login *l = login_of(s, role);
    arena_reset(s->call_arena);
    db_deadline(l->db, clock_monotonic() + 30 * USEC_PER_SEC);
    db_deadline(l->db_keys, clock_monotonic() + 30 * USEC_PER_SEC);
    s->call = (struct call){.env = &s->env, .arena = s->call_arena, .db = l->db, .db_keys = l->db_keys, .now = s->now,
                            .deadline = clock_monotonic() + 30 * USEC_PER_SEC, .market = &s->market, .actor = {ACTOR_GUEST, STR("guest")},
                            .request_id = STR("req_unit"), .trace_id = STR("00000000000000000000000000000001"),
                            .idempotency_key = str_from(s->key), .body_hash = str_from(s->body_hash)};
    return &s->call;
}

static void run_at(struct db *db, const char *sql, PGresult **ret)
{
    struct err e;
    err_clear(&e);
    db_deadline(db, clock_monotonic() + 30 * USEC_PER_SEC);
    if (!db_sql(db, sql, 0, NULL, ret, &e)) fail_msg("%s: %s %s", sql, e.detail, e.cause);
}

static void run(struct shop *s, const char *sql, PGresult **ret)
{
    run_at(s->root.db, sql, ret);
}

void shop_sql_keys(struct shop *s, const char *sql)
{
    PGresult *r;
    run_at(s->root.db_keys, sql, &r);
    PQclear(r);
}

void shop_sql(struct shop *s, const char *fmt, ...)
{
    PGresult *r;
    va_list ap;
    va_start(ap, fmt);
    run(s, arena_vprintf(s->arena, fmt, ap), &r);
    va_end(ap);
    PQclear(r);
}

int64_t shop_ask(struct shop *s, const char *fmt, ...)
{
    PGresult *r;
    int64_t v = -1;
    va_list ap;
    va_start(ap, fmt);
    run(s, arena_vprintf(s->arena, fmt, ap), &r);
    va_end(ap);
    assert_int_equal(PQntuples(r), 1);
    assert_true(str_to_int64(str_from(PQgetvalue(r, 0, 0)), &v));
    PQclear(r);
    return v;
}

const char *uuid_sql(struct uuid u, char text[40])
{
    text[0] = '\'';
    uuid_format(u, text + 1);
    memcpy(text + 37, "'", 2);
    return text;
}

struct variant_id shop_variant(struct shop *s, int64_t price, int stock, int weight_g, const char *tax_class)
{
    struct variant_id v = {uuid_v7(s->now)};
    char variant[40], product[40];
    int n = ++s->made;
    uuid_sql(v.u, variant);
    uuid_sql(uuid_v7(s->now), product);
    shop_sql(s, "INSERT INTO catalog.products (id, status, slug, tax_class, published_at, created_at, updated_at) "
                "VALUES (%s, 'active', 'unit-%d', '%s', '2026-01-01', '2026-01-01', '2026-01-01')", product, n, tax_class);
    shop_sql(s, "INSERT INTO catalog.product_texts (product_id, locale, name) VALUES (%s, 'en', 'Unit %d')", product, n);
    shop_sql(s, "INSERT INTO catalog.variants (id, product_id, sku, weight_g, created_at, updated_at) "
                "VALUES (%s, %s, 'UNIT-%d', %d, '2026-01-01', '2026-01-01')", variant, product, n, weight_g);
    shop_sql(s, "INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, created_at) "
                "VALUES (%s, '01900000-0000-7000-8000-000000000101', 'EUR', %lld, '2026-01-01', '2026-01-01')", variant, (long long)price);
    shop_sql(s, "SELECT inventory.adjust_v1(%s, '01900000-0000-7000-8000-000000000301', %d, 'receive', NULL, 'unit', NULL, NULL, '2026-01-01')", variant, stock);
    return v;
}
