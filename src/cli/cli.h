/* souk: the command line for operators. A command is one row of the table in main.c and one file here. */
#ifndef SOUK_CLI_CLI_H
#define SOUK_CLI_CLI_H

#include "service/call.h"

struct cli {
    struct arena *arena;
    const struct config *config;
    int argc;                     /* what stands behind the command's name */
    char **argv;
    const struct command *command;
    struct service_env env;       /* filled by cli_open */
    struct db_pool *db_pool, *keys_pool;
    struct call call;
    struct keyring *keyring;      /* cli_open_personal */
};

struct command {
    const char *name;
    const char *usage;            /* behind "souk NAME" */
    const char *summary;          /* one line for --help */
    const char *help;             /* what `souk NAME --help` says further; may be "" */
    int (*run)(struct cli *cli);  /* the exit code: 0 done, 1 failed, 2 wrong use */
};

/* Takes "--name" (or "--name VALUE", "--name=VALUE") out of argv wherever it stands. False: not given. A value that is
 * missing is the empty string. */
bool cli_flag(struct cli *cli, const char *name);
bool cli_option(struct cli *cli, const char *name, const char **ret_value);
/* Prints the command's usage to standard error; returns 2. Refuse what is left over: flags that nobody took begin with "--". */
int cli_usage(const struct cli *cli, const char *why);
/* Prints the error to standard error; returns 1. */
int cli_fail(const struct cli *cli, const struct err *e);

/* Fills cli->call: the shop's database as `role` (souk_admin for nearly everything), the database of the keys as the same
 * role, business time with the shop's clock offset. Closed by main at the end. */
MUST_CHECK bool cli_open(struct cli *cli, const char *role, struct err *e);

/* Besides: the keyring, for commands that read what people said about themselves. */
MUST_CHECK bool cli_open_personal(struct cli *cli, struct err *e);

int cmd_migrate(struct cli *cli);
int cmd_users(struct cli *cli);
int cmd_audit(struct cli *cli);
int cmd_verify(struct cli *cli);
int cmd_demo(struct cli *cli);
int cmd_import(struct cli *cli);
int cmd_keys(struct cli *cli);
int cmd_providers(struct cli *cli);

#endif
