/* Runs a command of `souk` inside the test, over the test's own shop, and keeps what it prints. */
#ifndef SOUK_TESTS_UNIT_CLI_COMMAND_H
#define SOUK_TESTS_UNIT_CLI_COMMAND_H

#include "../service/shop.h"
#include "cli/cli.h"

struct command_result {
    int code;
    char out[65536], err[65536];
};

/* The words behind the command's name, ended by NULL. */
struct command_result command_run(struct shop *s, const struct command *command, const char *const *words);
/* The database and its socket folder, as this shop's configuration names them. */
void command_shop(struct shop *s, struct config *ret_config, char *text, size_t n, char *keys, size_t n_keys);

#define RUN(s, command, ...) command_run(s, command, (const char *const[]){__VA_ARGS__, NULL})
#define assert_says(text, words) do { if (!strstr((text), (words))) fail_msg("no '%s' in:\n%s", (words), (text)); } while (0)

#endif
