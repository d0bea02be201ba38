/* The demo catalogue: sql/seed/demo.json into the shop. Loading it again changes nothing. */
#ifndef SOUK_SERVICE_DEMO_H
#define SOUK_SERVICE_DEMO_H

#include "service/call.h"

struct demo_report { int64_t categories, created, updated, unchanged, refused, stocked; };

/* `json`: the text of the file. One transaction. PROBLEM_INVALID when a SKU belongs to a product that is not of the demo. */
MUST_CHECK bool demo_load(struct call *c, struct str json, struct demo_report *ret_report, struct err *e);

#endif
