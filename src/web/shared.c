#include "web/shared.h"

#include <sys/mman.h>

#include "http/parse.h"

/* Upper bounds in microseconds, and the same in seconds as Prometheus wants to read them. */
static const struct { int64_t us; const char *le; } bounds[DURATION_BUCKETS] = {
    {250, "0.00025"}, {500, "0.0005"}, {1000, "0.001"}, {2500, "0.0025"}, {5000, "0.005"}, {10000, "0.01"}, {25000, "0.025"}, {50000, "0.05"},
    {100000, "0.1"}, {250000, "0.25"}, {500000, "0.5"}, {1000000, "1"}, {2500000, "2.5"}, {10000000, "10"},
};

static size_t shared_size(size_t n_routes)
{
    return sizeof(struct shared) + (n_routes + 1) * sizeof(struct route_counters);
}

struct shared *shared_new(size_t n_routes)
{
    struct shared *s = mmap(NULL, shared_size(n_routes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    BUG_IF(s == MAP_FAILED);
    s->n_routes = n_routes;
    s->start_real = clock_real();
    return s;
}

void shared_free(struct shared *s)
{
    (void)munmap(s, shared_size(s->n_routes));
}

void shared_count(struct shared *s, size_t route, int status, int64_t us)
{
    struct route_counters *c = &s->routes[route < s->n_routes ? route : s->n_routes];
    size_t i = 0;
    while (i < DURATION_BUCKETS && us > bounds[i].us)
        i++;
    ADD(c->by_class[status >= 100 && status < 600 ? status / 100 : 0], 1);
    ADD(c->buckets[i], 1);
    ADD(c->sum_us, us);
}

size_t shared_ready(const struct shared *s, int generation, size_t *ret_all)
{
    size_t ready = 0, all = 0;
    for (size_t i = 0; i < WORKER_SLOTS; i++) {
        const struct worker_slot *w = &s->slots[i];
        if (GET(w->pid) == 0 || GET(w->draining) || (generation >= 0 && GET(w->generation) != generation))
            continue;
        all++;
        ready += GET(w->started) && GET(w->db_ok);
    }
    *ret_all = all;
    return ready;
}

static void metric(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(struct buf *out, const struct pool_spec *spec, const char *name, const char *type, const char *help, int64_t v)
{
    metric(out, name, type, help);
    buf_printf(out, "%s{pool=\"%s\"} %lld\n", name, spec->name, (long long)v);
}

static void seconds(struct buf *out, int64_t us)
{
    buf_printf(out, "%lld.%06lld", (long long)(us / USEC_PER_SEC), (long long)(us % USEC_PER_SEC));
}

static const char *route_name(const struct shared *s, const struct pool_spec *spec, size_t i)
{
    return i < s->n_routes ? spec->routes[i].name : "none";
}

static const char *route_method(const struct shared *s, const struct pool_spec *spec, size_t i)
{
    return i < s->n_routes ? http_method_name(spec->routes[i].method) : "any";
}

static void put_requests(const struct shared *s, const struct pool_spec *spec, struct buf *out)
{
    static const char *const classes[] = {"gone", "1xx", "2xx", "3xx", "4xx", "5xx"};
    metric(out, "souk_requests_total", "counter", "Requests answered, by route and class of status.");
    for (size_t i = 0; i <= s->n_routes; i++) {
        for (size_t k = 0; k < 6; k++) {
            int64_t v = GET(s->routes[i].by_class[k]);
            if (v == 0 && k != 2)
                continue;
            buf_printf(out, "souk_requests_total{pool=\"%s\",route=\"%s\",method=\"%s\",status=\"%s\"} %lld\n", spec->name, route_name(s, spec, i),
                       route_method(s, spec, i), classes[k], (long long)v);
        }
    }
    metric(out, "souk_request_errors_total", "counter", "Requests that failed on our side (5xx), by route.");
    for (size_t i = 0; i <= s->n_routes; i++)
        buf_printf(out, "souk_request_errors_total{pool=\"%s\",route=\"%s\"} %lld\n", spec->name, route_name(s, spec, i), (long long)GET(s->routes[i].by_class[5]));
}

static void put_durations(const struct shared *s, const struct pool_spec *spec, struct buf *out)
{
    metric(out, "souk_request_duration_seconds", "histogram", "Time from the first byte of a request to the last of its answer.");
    for (size_t i = 0; i <= s->n_routes; i++) {
        const char *route = route_name(s, spec, i);
        int64_t sum = 0;
        for (size_t k = 0; k <= DURATION_BUCKETS; k++) {
            sum += GET(s->routes[i].buckets[k]);
            buf_printf(out, "souk_request_duration_seconds_bucket{pool=\"%s\",route=\"%s\",le=\"%s\"} %lld\n", spec->name, route,
                       k < DURATION_BUCKETS ? bounds[k].le : "+Inf", (long long)sum);
        }
        buf_printf(out, "souk_request_duration_seconds_sum{pool=\"%s\",route=\"%s\"} ", spec->name, route);
        seconds(out, GET(s->routes[i].sum_us));
        buf_printf(out, "\nsouk_request_duration_seconds_count{pool=\"%s\",route=\"%s\"} %lld\n", spec->name, route, (long long)sum);
    }
}

void shared_metrics(const struct shared *s, const struct pool_spec *spec, struct buf *out)
{
    int64_t workers = 0, ready = 0, busy = 0, threads = 0, connections = 0;
    for (size_t i = 0; i < WORKER_SLOTS; i++) {
        const struct worker_slot *w = &s->slots[i];
        if (GET(w->pid) == 0)
            continue;
        workers++;
        ready += GET(w->started) && GET(w->db_ok) && !GET(w->draining);
        busy += GET(w->busy);
        threads += GET(w->threads);
        connections += GET(w->connections);
    }
    put_requests(s, spec, out);
    put_durations(s, spec, out);
    single(out, spec, "souk_workers", "gauge", "Worker processes, those that drain included.", workers);
    single(out, spec, "souk_workers_ready", "gauge", "Worker processes that are at work and reach their database.", ready);
    single(out, spec, "souk_threads", "gauge", "Threads of all workers.", threads);
    single(out, spec, "souk_threads_busy", "gauge", "Threads that are inside a request.", busy);
    single(out, spec, "souk_connections", "gauge", "Open connections from nginx.", connections);
    single(out, spec, "souk_requests_abandoned_total", "counter", "Connections given up in the middle of a request.", GET(s->gone));
    single(out, spec, "souk_worker_restarts_total", "counter", "Workers that died and were replaced.", GET(s->worker_restarts));
    single(out, spec, "souk_db_round_trips_total", "counter", "Round trips to PostgreSQL.", GET(s->db.round_trips) + GET(s->db_keys.round_trips));
    single(out, spec, "souk_db_connects_total", "counter", "Connections opened to PostgreSQL.", GET(s->db.connects) + GET(s->db_keys.connects));
    single(out, spec, "souk_db_failures_total", "counter", "Connections to PostgreSQL that failed or broke.", GET(s->db.failures) + GET(s->db_keys.failures));
    single(out, spec, "souk_db_gathered_total", "counter", "Reads that the round trip of another thread answered.", GET(s->db.gathered) + GET(s->db_keys.gathered));
    single(out, spec, "souk_db_waits_total", "counter", "Requests that waited for a connection to be lent.", GET(s->db.waits) + GET(s->db_keys.waits));
    single(out, spec, "souk_redis_round_trips_total", "counter", "Round trips to Redis.", GET(s->kv.round_trips));
    single(out, spec, "souk_redis_failures_total", "counter", "Calls to Redis that failed.", GET(s->kv.failures));
    metric(out, "souk_start_time_seconds", "gauge", "When the master started, in seconds since the epoch.");
    buf_printf(out, "souk_start_time_seconds{pool=\"%s\"} ", spec->name);
    seconds(out, s->start_real);
    buf_char(out, '\n');
}
