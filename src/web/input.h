/* From the parts of a request to the struct of route->in. */
#ifndef SOUK_WEB_INPUT_H
#define SOUK_WEB_INPUT_H

#include "web/app.h"

/* The form of a page, decoded; empty for everything else. */
MUST_CHECK bool input_form(struct serving *s, struct shape_pairs *ret_form, struct err *e);
/* Path, query, headers, body into a new struct; every bad field is collected in `e`. */
MUST_CHECK bool input_parse(struct serving *s, struct shape_pairs form, struct err *e);

#endif
