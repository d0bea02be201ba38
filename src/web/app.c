#include "web/app.h"

#include "crypto/keyring.h"
#include "service/session_keys.h"
#include "service/session_news.h"

static struct str file_or(struct arena *a, const char *given, const char *home, const char *rest)
{
    return given[0] ? str_from(given) : str_printf(a, "%s/%s", home, rest);
}

static struct db_pool *open_pool(struct app *app, const char *conninfo, struct db_counters *counters)
{
    const struct config *c = app->config;
    struct db_settings s = {
        .conninfo = conninfo,
        .connect_ms = (int)c->db_connect_ms,
        .idle_s = (int)c->db_idle_s,
        .lend = (int)(c->db_lend > 0 ? c->db_lend : app->spec->db_lend),
        .application = arena_printf(app->arena, "souk-%s", app->spec->name),
    };
    return db_pool_new(&s, counters);
}

static bool open_keyring(struct app *app, struct err *e)
{
    struct str path = file_or(app->arena, app->config->master_key_file, app->config->home, "secrets/master.key");
    if (!keyring_load(path.p, &app->keyring, e))
        return false;
    app->env.keyring = app->keyring;
    app->db_keys_pool = open_pool(app, app->config->db_keys, &app->shared->db_keys);
    return true;
}

bool app_new(const struct pool_spec *spec, const struct config *config, struct log *log, struct shared *shared, struct worker_slot *slot,
             struct app **ret_app, struct err *e)
{
    struct app *app = calloc(1, sizeof(*app));
    BUG_IF(app == NULL);
    *app = (struct app){.spec = spec, .config = config, .log = log, .shared = shared, .slot = slot, .arena = arena_new()};
    BUG_IF(pthread_mutex_init(&app->state_mutex, NULL) != 0);
    app->env = (struct service_env){.config = config, .log = log};
    app->env.keys = app->keys = session_keys_new();
    app->env.news = app->news = session_news_new(config->access_token_s * USEC_PER_SEC);
    app->threads = (int)(config->threads > 0 ? config->threads : spec->threads > 0 ? spec->threads : 8);
    app->origin = origin_of(str_from(config->base_url));
    app->buckets = bucket_table_new();
    app->state = state_fallback();
    app->kv_pool = kv_pool_new(config->redis, (int)config->redis_ms, &shared->kv);
    if (!spec->no_db)
        app->db_pool = open_pool(app, config->db, &shared->db);
    bool ok = route_index_new(spec, app->arena, &app->index, e) && (!spec->keyring || open_keyring(app, e)) &&
              (!spec->start || spec->start(&app->env, app->arena, e));
    if (!ok) {
        app_destroy(app);
        return false;
    }
    *ret_app = app;
    return true;
}

void app_destroy(struct app *app)
{
    if (app->spec->stop)
        app->spec->stop(&app->env);
    db_pool_destroy(app->db_pool);
    db_pool_destroy(app->db_keys_pool);
    kv_pool_destroy(app->kv_pool);
    bucket_table_destroy(app->buckets);
    keyring_destroy(app->keyring);
    session_keys_destroy(app->keys);
    session_news_destroy(app->news);
    state_unref(app->state);
    arena_destroy(app->arena);
    (void)pthread_mutex_destroy(&app->state_mutex);
    free(app);
}

void app_thread_init(struct app_thread *t, struct app *app)
{
    *t = (struct app_thread){.app = app, .arena = arena_new(), .fcgi = fcgi_new(), .kv = kv_new(app->kv_pool)};
    if (app->db_pool)
        t->db = db_new(app->db_pool);
    if (app->db_keys_pool)
        t->db_keys = db_new(app->db_keys_pool);
}

void app_thread_close(struct app_thread *t)
{
    if (t->db)
        db_destroy(t->db);
    if (t->db_keys)
        db_destroy(t->db_keys);
    kv_destroy(t->kv);
    fcgi_destroy(t->fcgi);
    arena_destroy(t->arena);
}

struct state *app_state_get(struct app *app)
{
    BUG_IF(pthread_mutex_lock(&app->state_mutex) != 0);
    struct state *s = app->state;
    (void)__atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
    BUG_IF(pthread_mutex_unlock(&app->state_mutex) != 0);
    return s;
}

static void publish(struct app *app, struct state *fresh)
{
    BUG_IF(pthread_mutex_lock(&app->state_mutex) != 0);
    struct state *old = app->state;
    app->state = fresh;
    BUG_IF(pthread_mutex_unlock(&app->state_mutex) != 0);
    state_unref(old);
}

void app_news(struct app *app, struct db *db)
{
    struct err e;
    if (!db)
        return;
    err_clear(&e);
    db_deadline(db, clock_monotonic() + app->config->db_connect_ms * USEC_PER_MS);
    (void)!state_news(db, app->news, &e);            /* a database that is away shows in app_refresh; what is remembered counts no more after a while */
    db_release(db);
}

void app_refresh(struct app *app, struct db *db)
{
    struct state *fresh;
    struct err e;
    bool was = GET(app->slot->db_ok) != 0;
    if (!db) {
        PUT(app->slot->db_ok, 1);
        return;
    }
    err_clear(&e);
    db_deadline(db, clock_monotonic() + app->config->db_connect_ms * USEC_PER_MS);
    bool ok = state_read(db, strcmp(app->config->mode, "production") == 0, &fresh, &e);
    if (ok)
        publish(app, fresh);
    ok = ok && session_keys_refresh(app->keys, db, &e) && (!app->spec->tick || app->spec->tick(&app->env, db, &e));
    db_release(db);
    PUT(app->slot->db_ok, ok);
    if (ok != was)
        LOG(app->log, ok ? LOG_INFO : LOG_WARN, ok ? "database_reached" : "database_lost", LOGC("detail", ok ? NULL : e.detail),
            LOGC("cause", ok ? NULL : e.cause));
}
