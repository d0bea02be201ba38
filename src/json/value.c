/* A `struct json_value` is json-c's object under another name: the type is never completed. */
#include "json/value.h"

#include "json/tree.h"

static struct json_object *tree(const struct json_value *v)
{
    return (struct json_object *)v;
}

bool json_value_read(struct str text, struct arena *a, const struct json_value **ret_value, struct err *e)
{
    struct json_object *o = NULL;
    if (!json_tree(text, a, &o, e)) return false;
    *ret_value = (const struct json_value *)o;
    return true;
}

bool json_object_read(struct str text, struct arena *a, const struct json_value **ret_object, struct err *e)
{
    const struct json_value *v = NULL;
    if (!json_value_read(text, a, &v, e)) return false;
    if (json_value_kind(v) != JSON_OBJECT) return err_set(e, PROBLEM_INVALID_JSON, "an object is expected");
    *ret_object = v;
    return true;
}

enum json_kind json_value_kind(const struct json_value *v)
{
    switch (json_object_get_type(tree(v))) {
    case json_type_boolean: return JSON_BOOL;
    case json_type_int: return JSON_INT;
    case json_type_double: return JSON_FRACTION;
    case json_type_string: return JSON_STRING;
    case json_type_array: return JSON_ARRAY;
    case json_type_object: return JSON_OBJECT;
    default: return JSON_NULL;
    }
}

bool json_has(const struct json_value *object, const char *name)
{
    return json_value_kind(object) == JSON_OBJECT && json_object_object_get_ex(tree(object), name, NULL);
}

const struct json_value *json_member(const struct json_value *object, const char *name)
{
    struct json_object *o = NULL;
    if (json_value_kind(object) != JSON_OBJECT || !json_object_object_get_ex(tree(object), name, &o)) return NULL;
    return (const struct json_value *)o;
}

size_t json_length(const struct json_value *v)
{
    switch (json_value_kind(v)) {
    case JSON_ARRAY: return json_object_array_length(tree(v));
    case JSON_OBJECT: return (size_t)json_object_object_length(tree(v));
    default: return 0;
    }
}

const struct json_value *json_item(const struct json_value *array, size_t i)
{
    if (json_value_kind(array) != JSON_ARRAY || i >= json_object_array_length(tree(array))) return NULL;
    return (const struct json_value *)json_object_array_get_idx(tree(array), i);
}

bool json_member_at(const struct json_value *object, size_t i, struct str *ret_name, const struct json_value **ret_value)
{
    if (json_value_kind(object) != JSON_OBJECT) return false;
    json_object_object_foreach(tree(object), name, member) {
        if (i-- > 0) continue;
        *ret_name = str_from(name);
        *ret_value = (const struct json_value *)member;
        return true;
    }
    return false;
}

bool json_value_str(const struct json_value *v, struct str *ret_text)
{
    if (json_value_kind(v) != JSON_STRING) return false;
    *ret_text = str_of(json_object_get_string(tree(v)), (size_t)json_object_get_string_len(tree(v)));
    return true;
}

bool json_value_int(const struct json_value *v, int64_t *ret_value)
{
    if (json_value_kind(v) != JSON_INT) return false;
    *ret_value = json_object_get_int64(tree(v));
    return true;
}

bool json_value_bool(const struct json_value *v, bool *ret_value)
{
    if (json_value_kind(v) != JSON_BOOL) return false;
    *ret_value = json_object_get_boolean(tree(v));
    return true;
}

struct str json_member_str(const struct json_value *object, const char *name)
{
    struct str s = STR_NULL;
    (void)json_value_str(json_member(object, name), &s);
    return s;
}
