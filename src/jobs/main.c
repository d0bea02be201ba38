#include "jobs/jobs.h"
#include "service/identity_provider.h"
#include "service/payment.h"
#include "service/person.h"

struct group {
    const char *name;
    const char *role;                 /* database role, unless the connection string names one */
    bool keys, providers, calls;      /* calls: asks outside identity providers */
    int lend;                         /* connections for all threads together; most of them pause at any moment. 0: each has its own */
};

/* Two processes of a group fit under the connection limit of their role (sql/roles.sql), person keys included: one is replaced by
 * another that runs already. */
static const struct group groups[] = {
    {"core", "souk_jobs_core", true, false, true, 6},
    {"payment", "souk_jobs_payment", false, true, false, 4},
    {NULL, NULL, false, false, false, 0}};

static int usage(FILE *out, int code)
{
    fprintf(out, "usage: souk-jobs GROUP [--config FILE] [--SETTING VALUE] [--check-config]\n\n");
    for (const struct group *g = groups; g->name != NULL; g++) {
        fprintf(out, "%s:\n", g->name);
        for (const struct job *j = job_table; j->name != NULL; j++)
            if (strcmp(j->group, g->name) == 0)
                fprintf(out, "  %-14s %s\n", j->name, j->doc);
    }
    fprintf(out, "\n");
    config_help(out);
    return code;
}

static int complain(const struct err *e)
{
    fprintf(stderr, "souk-jobs: %s\n", e->cause[0] ? e->cause : e->detail[0] ? e->detail : problem_info(e->problem)->title);
    return 2;
}

static enum log_level level_of(const char *name)
{
    static const char *const names[] = {[LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
        if (strcmp(names[i], name) == 0)
            return (enum log_level)i;
    return LOG_INFO;
}

static struct db_pool *open_pool(struct arena *a, const struct config *config, const struct group *g, const char *conninfo)
{
    return db_pool_new(&(struct db_settings){.conninfo = conninfo, .user = g->role, .connect_ms = (int)config->db_connect_ms, .idle_s = (int)config->db_idle_s,
                                             .lend = g->lend, .application = arena_printf(a, "souk-jobs-%s", g->name)}, NULL);
}

static bool open_setup(struct arena *a, const struct config *config, const struct group *g, struct keyring **ret_keyring, struct jobs_setup *setup, struct err *e)
{
    if (!person_keyring_open(config, ret_keyring, e))
        return false;
    setup->env.keyring = *ret_keyring;
    setup->db = open_pool(a, config, g, config->db);
    if (g->keys)
        setup->db_keys = open_pool(a, config, g, config->db_keys);
    return (!g->providers || payment_providers_open(a, config, setup->env.log, *ret_keyring, &setup->env.providers, e)) &&
           (!g->calls || identity_http_open(config, &setup->env.http, e));
}

static int run(struct arena *a, const struct config *config, const struct group *g)
{
    struct err e = {0};
    struct keyring *keyring = NULL;
    char *name = arena_printf(a, "jobs-%s", g->name);
    struct jobs_setup setup = {.group = g->name, .env = {.config = config, .log = log_new(2, level_of(config->log_level), name)},
                               .status_path = str_printf(a, "%s/run/%s.prom", config->home, name)};
    int code = open_setup(a, config, g, &keyring, &setup, &e) ? jobs_run(&setup) : complain(&e);
    identity_http_close(setup.env.http);
    payment_providers_close(setup.env.providers);
    db_pool_destroy(setup.db);
    db_pool_destroy(setup.db_keys);
    person_keyring_close(keyring);
    log_destroy(setup.env.log);
    return code;
}

/* Takes GROUP, --config and --check-config out; what is left is the configuration's. */
static bool arguments(struct arena *a, int argc, char **argv, const struct group **ret_group, const char **ret_path, bool *ret_check, int *ret_n, char ***ret_rest)
{
    char **rest = ARENA_ARRAY(a, char *, (size_t)argc + 1);
    int n = 0;
    for (int i = 0; i < argc; i++) {
        const struct group *g = groups;
        while (i > 0 && g->name != NULL && strcmp(g->name, argv[i]) != 0)
            g++;
        if (i > 0 && g->name != NULL && *ret_group == NULL)
            *ret_group = g;
        else if (strcmp(argv[i], "--check-config") == 0)
            *ret_check = true;
        else if (strncmp(argv[i], "--config=", 9) == 0)
            *ret_path = argv[i] + 9;
        else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            *ret_path = argv[++i];
        else
            rest[n++] = argv[i];
    }
    *ret_n = n;
    *ret_rest = rest;
    return *ret_group != NULL;
}

static int start(struct arena *a, int argc, char **argv)
{
    const struct group *g = NULL;
    const char *path = NULL;
    bool check = false;
    struct config config;
    struct err e = {0};
    int n, n_left;
    char **rest, **left;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return usage(stdout, 0);
    if (!arguments(a, argc, argv, &g, &path, &check, &n, &rest))
        return usage(stderr, 2);
    if (!config_load(a, path, n, rest, &config, &n_left, &left, &e))
        return complain(&e);
    if (n_left > 0) {
        fprintf(stderr, "souk-jobs: there is no flag or setting %s (--help lists them)\n", left[0]);
        return 2;
    }
    if (!check)
        return run(a, &config, g);
    printf("souk-jobs: the settings are fine\n");
    return 0;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    int code = start(a, argc, argv);
    arena_destroy(a);
    return code;
}
