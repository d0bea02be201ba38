/* Optional scalars: what may be absent says so in its type. */
#ifndef SOUK_BASE_OPT_H
#define SOUK_BASE_OPT_H

#include <stdbool.h>
#include <stdint.h>

struct opt_int64 { bool set; int64_t v; };
struct opt_int32 { bool set; int32_t v; };
struct opt_bool { bool set; bool v; };

#define OPT(value) {.set = true, .v = (value)}

#endif
