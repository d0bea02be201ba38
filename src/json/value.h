/* JSON of others, whose fields we do not all know: the claims of a token, a set of keys, a discovery document. Bodies of our own API are read
 * through a shape (shape.h) instead. Strictness and limits are those of json_check(): two equal keys are refused, for instance. */
#ifndef SOUK_JSON_VALUE_H
#define SOUK_JSON_VALUE_H

#include "json/json.h"

struct json_value;                   /* lives as long as its arena; NULL is JSON's null */

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_FRACTION, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* PROBLEM_INVALID_JSON. */
MUST_CHECK bool json_value_read(struct str text, struct arena *a, const struct json_value **ret_value, struct err *e);
/* The same, and it must be an object. */
MUST_CHECK bool json_object_read(struct str text, struct arena *a, const struct json_value **ret_object, struct err *e);

enum json_kind json_value_kind(const struct json_value *v);

bool json_has(const struct json_value *object, const char *name);        /* also when the member is null; false for what is no object */
const struct json_value *json_member(const struct json_value *object, const char *name);    /* NULL: null, missing or no object */
size_t json_length(const struct json_value *v);                          /* items of an array, members of an object, else 0 */
const struct json_value *json_item(const struct json_value *array, size_t i);

/* The i-th member of an object, in the order of the text; false when there are not that many. */
bool json_member_at(const struct json_value *object, size_t i, struct str *ret_name, const struct json_value **ret_value);

/* Only the right kind is taken: "1" is no integer, 1 is no string. The text belongs to the arena. */
bool json_value_str(const struct json_value *v, struct str *ret_text);
bool json_value_int(const struct json_value *v, int64_t *ret_value);
bool json_value_bool(const struct json_value *v, bool *ret_value);
/* Of a member; absent when it is missing or no string. */
struct str json_member_str(const struct json_value *object, const char *name);

#endif
