/* Between the files of `souk users`. */
#ifndef SOUK_CLI_USERS_H
#define SOUK_CLI_USERS_H

#include "cli/cli.h"

int users_create_admin(struct cli *cli);
int users_import_file(struct cli *cli);
int users_export_file(struct cli *cli);

/* Refuses flags that nobody took and a wrong number of words; 0: fine. */
int users_words(const struct cli *cli, int min, int max);

#endif
