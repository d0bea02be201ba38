/* Inside json/ only: the parsed tree. The arena owns it. */
#ifndef SOUK_JSON_TREE_H
#define SOUK_JSON_TREE_H

#include <json-c/json.h>

#include "json/json.h"

/* Limits, duplicate keys, trailing bytes: PROBLEM_INVALID_JSON. *ret_tree is NULL for the text `null`. */
MUST_CHECK bool json_tree(struct str text, struct arena *a, struct json_object **ret_tree, struct err *e);

#endif
