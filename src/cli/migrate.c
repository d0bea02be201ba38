/* souk migrate */
#include <unistd.h>

#include "cli/cli.h"
#include "db/migrate.h"

static void print_line(void *arg, const char *line)
{
    (void)arg;
    printf("%s\n", line);
    fflush(stdout);
}

static bool with_db(const struct migrate *m, struct cli *cli, const char *conninfo,
                    bool (*work)(const struct migrate *m, struct db *d, struct err *e), struct err *e)
{
    struct db_settings s = {.conninfo = conninfo, .user = "souk_migrate", .connect_ms = (int)cli->config->db_connect_ms, .application = "souk migrate"};
    struct db_pool *p = db_pool_new(&s, NULL);
    struct db *d = db_new(p);
    bool good = work(m, d, e);

    db_destroy(d);
    db_pool_destroy(p);
    return good;
}

int cmd_migrate(struct cli *cli)
{
    struct migrate m = {.arena = cli->arena, .sql_dir = SOUK_SQL_DIR, .say = print_line};
    const char *superuser = NULL, *database, *keys;
    struct err e = {0};

    if (cli_option(cli, "--sql", &m.sql_dir) && access(m.sql_dir, R_OK | X_OK) != 0) {
        return cli_usage(cli, "--sql names no folder that can be read");
    }
    if (cli_option(cli, "--roles", &superuser) && !superuser[0]) {
        return cli_usage(cli, "--roles needs a connection string");
    }
    if (cli->argc > 0) {
        return cli_usage(cli, arena_printf(cli->arena, "'%s' is not understood", cli->argv[0]));
    }
    if (superuser) {
        if (!db_conninfo_database(cli->arena, cli->config->db, &database, &e) ||
            !db_conninfo_database(cli->arena, cli->config->db_keys, &keys, &e) || !migrate_roles(&m, superuser, database, keys, &e)) {
            return cli_fail(cli, &e);
        }
        return 0;
    }
    if (!with_db(&m, cli, cli->config->db, migrate_shop, &e)) {
        return cli_fail(cli, &e);
    }
    print_line(NULL, "person keys:");
    if (!with_db(&m, cli, cli->config->db_keys, migrate_keys, &e)) {
        return cli_fail(cli, &e);
    }
    return 0;
}
