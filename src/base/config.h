/* Configuration: one table (config.def) that reads the file, the environment and the flags, checks ranges, and prints
 * --help and the sample file. Order: default < file < environment (SOUK_<NAME>) < flag (--name). */
#ifndef SOUK_BASE_CONFIG_H
#define SOUK_BASE_CONFIG_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

struct config {
#define CONFIG_INT(name, def, min, max, unit, doc) int64_t name;
#define CONFIG_STR(name, def, doc) const char *name;
#define CONFIG_BOOL(name, def, doc) bool name;
#define CONFIG_ENUM(name, def, choices, doc) const char *name;
#define CONFIG_ORIGIN(name, def, doc) const char *name;
#define CONFIG_ORIGINS(name, def, doc) const char *name;
#include "base/config.def"
#undef CONFIG_INT
#undef CONFIG_STR
#undef CONFIG_BOOL
#undef CONFIG_ENUM
#undef CONFIG_ORIGIN
#undef CONFIG_ORIGINS
};

/* Reads `path` (NULL: none), the environment and argv (which may hold `--name value`, `--name=value`, and words that
 * are left in *ret_rest). Strings live in `a`. On failure `e` names file, line, setting and allowed range. */
MUST_CHECK bool config_load(struct arena *a, const char *path, int argc, char **argv, struct config *ret_config,
                            int *ret_rest_count, char ***ret_rest, struct err *e);
void config_help(FILE *out);          /* the flags, for --help */
void config_sample(FILE *out);        /* a commented sample file with every default */

#endif
