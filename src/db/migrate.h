/* The migration runner: brings a database to what the SQL files say. Numbered files (NNNN_name.sql) run once, in order,
 * each in a transaction of its own with a lock timeout; functions and views run again whenever their text changed, all in
 * one transaction. An advisory lock makes two runs at once safe: the second waits and then finds nothing to do. */
#ifndef SOUK_DB_MIGRATE_H
#define SOUK_DB_MIGRATE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

struct migrate {
    struct arena *arena;
    const char *sql_dir;                                  /* holds roles.sql, migrations/, functions/, views/, keys/ */
    void (*say)(void *arg, const char *line);             /* one line per step; NULL: silent */
    void *say_arg;
};

/* Roles, both databases and their extensions. `superuser` is a connection string; safe to run again. */
MUST_CHECK bool migrate_roles(const struct migrate *m, const char *superuser, const char *database, const char *database_keys, struct err *e);

/* As souk_migrate on the shop's database: migrations/, functions/, views/, partitions ahead. */
MUST_CHECK bool migrate_shop(const struct migrate *m, struct db *d, struct err *e);
/* As souk_migrate on the database of the person keys: keys/. */
MUST_CHECK bool migrate_keys(const struct migrate *m, struct db *d, struct err *e);

#endif
