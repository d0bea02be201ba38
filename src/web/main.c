#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include "web/index.h"
#include "web/listen.h"
#include "web/master.h"

enum { BACKLOG = 4096 };

struct start {
    const struct pool_spec *spec;
    struct arena *arena;
    const char *config_path;
    int argc;                      /* without --config */
    char **argv;
    struct config config;
    struct log *log;
    bool check_only;
};

static int complain(const char *pool, const struct err *e)
{
    fprintf(stderr, "souk-%s: %s%s%s\n", pool, e->detail[0] ? e->detail : problem_info(e->problem)->title, e->cause[0] ? ": " : "", e->cause);
    return 2;
}

static void print_help(const struct pool_spec *spec)
{
    printf("souk-%s: the FastCGI pool of the %s domain.\n\n  --config FILE        settings\n  --check-config       read the settings and the route table, then exit\n"
           "  --sample-config      print a sample file with every default\n\n", spec->name, spec->name);
    config_help(stdout);
}

static bool load(const struct start *s, struct arena *a, struct config *ret, struct err *e)
{
    int n;
    char **rest;
    if (!config_load(a, s->config_path, s->argc, s->argv, ret, &n, &rest, e))
        return false;
    if (n > 0)
        return err_set(e, PROBLEM_UNKNOWN_FIELD, "there is no flag or setting %s (--help lists them)", rest[0]);
    return true;
}

/* Takes our own flags out; the rest is the configuration's. *ret_code >= 0: there is nothing more to do. */
static bool read_arguments(struct start *s, int argc, char **argv, int *ret_code, struct err *e)
{
    *ret_code = -1;
    s->argv = ARENA_ARRAY(s->arena, char *, (size_t)argc + 1);
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help(s->spec);
            *ret_code = 0;
        } else if (strcmp(argv[i], "--sample-config") == 0) {
            config_sample(stdout);
            *ret_code = 0;
        } else if (strcmp(argv[i], "--check-config") == 0) {
            s->check_only = true;
        } else if (strncmp(argv[i], "--config=", 9) == 0) {
            s->config_path = argv[i] + 9;
        } else if (strcmp(argv[i], "--config") == 0) {
            if (i + 1 == argc)
                return err_set(e, PROBLEM_REQUIRED, "--config needs the name of a file");
            s->config_path = argv[++i];
        } else {
            s->argv[s->argc++] = argv[i];
        }
    }
    return true;
}

static bool reload(void *arg, const struct config **ret_config)
{
    struct start *s = arg;
    struct err e;
    struct config *fresh = ARENA_NEW(s->arena, struct config);
    err_clear(&e);
    if (!load(s, s->arena, fresh, &e)) {
        LOG(s->log, LOG_ERROR, "reload_refused", LOGC("detail", e.detail), LOGC("cause", e.cause));
        return false;
    }
    *ret_config = fresh;
    return true;
}

static enum log_level level_of(const char *name)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(name, names[i]) == 0)
            return (enum log_level)i;
    }
    UNREACHABLE();
}

/* Connections are descriptors: as many as we are allowed to have. */
static void raise_limits(void)
{
    struct rlimit lim;
    if (getrlimit(RLIMIT_NOFILE, &lim) != 0)
        return;
    lim.rlim_cur = lim.rlim_max < 65536 ? lim.rlim_max : 65536;
    (void)setrlimit(RLIMIT_NOFILE, &lim);
}

/* Threads share two heaps, and what is larger than 256 KB goes back to the system at once: a worker stays small after a large answer. */
static void tame_malloc(void)
{
    (void)mallopt(M_ARENA_MAX, 2);
    (void)mallopt(M_MMAP_THRESHOLD, 256 << 10);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

static bool open_sockets(struct start *s, struct master_start *m, struct err *e)
{
    const struct config *c = &s->config;
    const char *home = c->home, *pool = s->spec->name;
    const char *path = c->socket[0] ? c->socket : arena_printf(s->arena, "%s/run/%s.sock", home, pool);
    const char *ops = c->ops_socket[0] ? c->ops_socket : arena_printf(s->arena, "%s/run/%s.ops.sock", home, pool);
    if (listen_inherited(STDIN_FILENO)) {
        m->listen_fd = STDIN_FILENO;
        if (fcntl(m->listen_fd, F_SETFL, fcntl(m->listen_fd, F_GETFL) | O_NONBLOCK) != 0)
            return err_cause(e, "descriptor 0: %s", strerror(errno));
    } else {
        if (!listen_unix(path, BACKLOG, &m->listen_fd, e))
            return false;
        m->own_socket = path;
    }
    m->own_ops_socket = ops;
    return listen_unix(ops, 64, &m->ops_fd, e);
}

static int run(struct start *s, struct err *e)
{
    struct master_start m = {.spec = s->spec, .config = &s->config, .reload = reload, .reload_arg = s};
    struct route_index *index;
    if (!load(s, s->arena, &s->config, e) || !route_index_new(s->spec, s->arena, &index, e))
        return complain(s->spec->name, e);
    if (s->check_only) {
        printf("souk-%s: the settings and %zu routes are fine\n", s->spec->name, route_count(s->spec->routes));
        return 0;
    }
    raise_limits();
    tame_malloc();
    if (!open_sockets(s, &m, e))
        return complain(s->spec->name, e);
    s->log = m.log = log_new(STDERR_FILENO, level_of(s->config.log_level), s->spec->name);
    int code = master_run(&m);
    log_destroy(s->log);
    return code;
}

int pool_main(int argc, char **argv, const struct pool_spec *spec)
{
    struct start s = {.spec = spec, .arena = arena_new()};
    struct err e;
    int code;
    err_clear(&e);
    if (!read_arguments(&s, argc, argv, &code, &e))
        code = complain(spec->name, &e);
    else if (code < 0)
        code = run(&s, &e);
    arena_destroy(s.arena);
    return code;
}
