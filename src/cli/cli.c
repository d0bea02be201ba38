#include "cli/cli.h"

#include "service/person.h"
#include "sql/platform.h"

static void take_out(struct cli *cli, int at, int n)
{
    char **rest = ARENA_ARRAY(cli->arena, char *, (size_t)cli->argc + 1);
    int kept = 0;
    for (int i = 0; i < cli->argc; i++) {
        if (i < at || i >= at + n) {
            rest[kept++] = cli->argv[i];
        }
    }
    cli->argc = kept;
    cli->argv = rest;
}

bool cli_flag(struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->argc; i++) {
        if (strcmp(cli->argv[i], name) == 0) {
            take_out(cli, i, 1);
            return true;
        }
    }
    return false;
}

bool cli_option(struct cli *cli, const char *name, const char **ret_value)
{
    size_t n = strlen(name);
    for (int i = 0; i < cli->argc; i++) {
        if (strcmp(cli->argv[i], name) == 0) {
            *ret_value = i + 1 < cli->argc ? cli->argv[i + 1] : "";
            take_out(cli, i, 2);
            return true;
        }
        if (strncmp(cli->argv[i], name, n) == 0 && cli->argv[i][n] == '=') {
            *ret_value = cli->argv[i] + n + 1;
            take_out(cli, i, 1);
            return true;
        }
    }
    return false;
}

int cli_usage(const struct cli *cli, const char *why)
{
    fprintf(stderr, "souk %s: %s\nusage: souk %s %s\n", cli->command->name, why, cli->command->name, cli->command->usage);
    return 2;
}

int cli_fail(const struct cli *cli, const struct err *e)
{
    fprintf(stderr, "souk %s: %s\n", cli->command->name, e->detail[0] ? e->detail : problem_info(e->problem)->title);
    if (e->cause[0] && strcmp(e->cause, e->detail) != 0) {
        fprintf(stderr, "  because: %s\n", e->cause);
    }
    return 1;
}

bool cli_open(struct cli *cli, const char *role, struct err *e)
{
    const struct config *c = cli->config;
    struct db_settings s = {.conninfo = c->db, .user = role, .connect_ms = (int)c->db_connect_ms, .idle_s = (int)c->db_idle_s,
                            .application = arena_printf(cli->arena, "souk %s", cli->command->name)};
    struct q_clock_offset_row clock;

    cli->db_pool = db_pool_new(&s, NULL);
    s.conninfo = c->db_keys;
    cli->keys_pool = db_pool_new(&s, NULL);
    cli->env = (struct service_env){.config = c, .log = log_new(2, LOG_WARN, "souk")};
    cli->call = (struct call){.env = &cli->env, .arena = cli->arena, .actor = {.kind = ACTOR_SYSTEM, .id = STR("souk")}};
    cli->call.db = db_new(cli->db_pool);
    cli->call.db_keys = db_new(cli->keys_pool);
    if (!q_clock_offset(cli->call.db, cli->arena, &clock, e)) {
        return false;
    }
    cli->env.clock.offset_us = clock.offset_us;
    cli->call.now = clock_now(&cli->env.clock);
    return true;
}

bool cli_open_personal(struct cli *cli, struct err *e)
{
    if (!cli_open(cli, "souk_admin", e) || !person_keyring_open(cli->config, &cli->keyring, e)) {
        return false;
    }
    cli->env.keyring = cli->keyring;
    cli->call.request_id = id_str(cli->arena, ID_request, uuid_v7(clock_real()));
    db_deadline(cli->call.db, clock_monotonic() + 600 * USEC_PER_SEC);
    db_deadline(cli->call.db_keys, clock_monotonic() + 600 * USEC_PER_SEC);
    return true;
}
