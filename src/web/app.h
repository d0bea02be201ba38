/* Inside web/ only: what one worker process has, and what one of its threads has. Built after the fork, passed down. */
#ifndef SOUK_WEB_APP_H
#define SOUK_WEB_APP_H

#include <pthread.h>

#include "http/fcgi.h"
#include "web/bucket.h"
#include "web/index.h"
#include "web/shared.h"
#include "web/state.h"

struct app {
    const struct pool_spec *spec;
    const struct config *config;
    struct log *log;
    struct shared *shared;
    struct worker_slot *slot;
    struct arena *arena;                    /* as long as the process */
    struct route_index *index;
    struct db_pool *db_pool, *db_keys_pool; /* NULL where not used */
    struct kv_pool *kv_pool;
    struct bucket_table *buckets;
    struct keyring *keyring;
    struct session_keys *keys;
    struct session_news *news;
    struct service_env env;
    int threads, ordinary;                  /* ordinary: requests of rows without .reserved that are at work; atomic */
    struct str origin;                      /* of base_url: scheme, host, port */
    pthread_mutex_t state_mutex;
    struct state *state;                    /* the newest; a request takes a reference */
};

struct app_thread {
    struct app *app;
    struct arena *arena;                    /* of the request, reset after each */
    struct fcgi *fcgi;
    struct db *db, *db_keys;
    struct kv *kv;
};

MUST_CHECK bool app_new(const struct pool_spec *spec, const struct config *config, struct log *log, struct shared *shared,
                        struct worker_slot *slot, struct app **ret_app, struct err *e);
void app_destroy(struct app *app);
void app_thread_init(struct app_thread *t, struct app *app);
void app_thread_close(struct app_thread *t);

struct state *app_state_get(struct app *app);              /* give back with state_unref */
/* Reads markets and clock again over `db` (the main thread's own) and says in the slot whether the pool can work. */
void app_refresh(struct app *app, struct db *db);
/* Reads the news of revocations: more often than the rest. */
void app_news(struct app *app, struct db *db);

struct str origin_of(struct str url);                      /* "https://shop.example:8443" of any URL */

/* One request from gates to answer. The response is complete afterwards. */
struct serving {
    struct app_thread *thread;
    struct http_request *http;
    struct http_response response;
    struct req req;
    struct call call;
    struct service_env env;                 /* a copy with the clock of this request */
    struct state *state;
    struct route_match match;
    int64_t started;                        /* monotonic */
    bool is_page;                           /* decides how errors look, also where no row matched */
    bool publishable;                       /* a pk_ key came along */
    bool head;
    bool ordinary;                          /* counted in app->ordinary */
    bool gone;                              /* nobody waits for the answer */
};
/* Serves what fcgi_begin() read; `e` is what it said. `is_last` is asked before the answer goes out: true makes it the connection's last one. Returns whether
 * the connection may be kept. */
bool serve(struct app_thread *t, struct http_request *http, bool (*is_last)(void *arg), void *arg, struct err *e);

#endif
