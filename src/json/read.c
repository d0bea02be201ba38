#include "json/json.h"

#include "json/tree.h"

struct scan {
    const char *p, *end;
    int depth;
    int64_t members, commas;
};

static bool scan_string(struct scan *s, struct err *e)
{
    for (s->p++; s->p < s->end; s->p++) {
        unsigned char c = (unsigned char)*s->p;
        if (c == '"') {
            s->p++;
            return true;
        }
        if (c < 0x20)
            return err_set(e, PROBLEM_INVALID_JSON, "a control character stands in a string");
        if (c != '\\')
            continue;
        if (++s->p >= s->end)
            break;
        if (!strchr("\"\\/bfnrtu", *s->p) || *s->p == '\0')
            return err_set(e, PROBLEM_INVALID_JSON, "a string holds an unknown escape");
        if (*s->p != 'u')
            continue;
        if (s->end - s->p < 5)
            break;
        for (int i = 1; i <= 4; i++) {
            if (!strchr("0123456789abcdefABCDEF", s->p[i]) || s->p[i] == '\0')
                return err_set(e, PROBLEM_INVALID_JSON, "a string holds a broken \\u escape");
        }
        if (memcmp(s->p + 1, "0000", 4) == 0)
            return err_set(e, PROBLEM_INVALID_JSON, "a string holds the character NUL");
        s->p += 4;
    }
    return err_set(e, PROBLEM_INVALID_JSON, "a string does not end");
}

static size_t digits(struct scan *s)
{
    size_t n = 0;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9') {
        s->p++;
        n++;
    }
    return n;
}

/* -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?  with at most 18 digits before the point, so that integers fit. */
static bool scan_number(struct scan *s, struct err *e)
{
    if (*s->p == '-')
        s->p++;
    const char *first = s->p;
    size_t n = digits(s);
    bool ok = n >= 1 && (n == 1 || *first != '0');
    if (ok && s->p < s->end && *s->p == '.') {
        s->p++;
        size_t f = digits(s);
        ok = f >= 1 && f <= 40;
    }
    if (ok && s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        size_t x = digits(s);
        ok = x >= 1 && x <= 3;
    }
    if (ok && s->p < s->end && strchr("+-.eE0123456789", *s->p) && *s->p != '\0')
        ok = false;
    if (!ok)
        return err_set(e, PROBLEM_INVALID_JSON, "a number is not written as JSON wants it");
    if (n > 18)
        return err_set(e, PROBLEM_INVALID_JSON, "a number has more digits than anybody needs");
    return true;
}

static bool scan_word(struct scan *s, struct err *e)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(s->end - s->p) >= n && memcmp(s->p, words[i], n) == 0) {
            s->p += n;
            return true;
        }
    }
    return err_set(e, PROBLEM_INVALID_JSON, "there is something that is neither string, number, true, false nor null");
}

static bool scan_structure(struct scan *s, struct err *e)
{
    switch (*s->p++) {
    case '{': case '[':
        if (++s->depth > JSON_DEPTH_MAX)
            return err_set(e, PROBLEM_INVALID_JSON, "objects and arrays are nested deeper than %d", JSON_DEPTH_MAX);
        break;
    case '}': case ']':
        if (--s->depth < 0)
            return err_set(e, PROBLEM_INVALID_JSON, "a bracket closes what was never opened");
        break;
    case ':':
        if (++s->members > JSON_MEMBERS_MAX)
            return err_set(e, PROBLEM_INVALID_JSON, "there are more than %d members", JSON_MEMBERS_MAX);
        break;
    case ',':
        if (++s->commas > JSON_ITEMS_MAX)
            return err_set(e, PROBLEM_INVALID_JSON, "there are more than %d values", JSON_ITEMS_MAX);
        break;
    }
    return true;
}

bool json_check(struct str text, int64_t *ret_members, struct err *e)
{
    struct scan s = {text.p, text.p + text.n, 0, 0, 0};
    if (text.n > JSON_BYTES_MAX)
        return err_set(e, PROBLEM_BODY_TOO_LARGE, "JSON of more than %d bytes is not read", JSON_BYTES_MAX);
    if (!str_is_utf8(text))
        return err_set(e, PROBLEM_INVALID_JSON, "the body is not UTF-8");
    while (s.p < s.end) {
        char c = *s.p;
        bool ok = true;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            s.p++;
        else if (c == '"')
            ok = scan_string(&s, e);
        else if (c == '-' || (c >= '0' && c <= '9'))
            ok = scan_number(&s, e);
        else if (c != '\0' && strchr("{}[]:,", c))
            ok = scan_structure(&s, e);
        else
            ok = scan_word(&s, e);
        if (!ok)
            return false;
    }
    *ret_members = s.members;
    return true;
}

static int64_t count_members(struct json_object *o)
{
    int64_t n = 0;
    if (json_object_is_type(o, json_type_object)) {
        json_object_object_foreach(o, key, child)
        {
            (void)key;
            n += 1 + count_members(child);
        }
    } else if (json_object_is_type(o, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(o); i++)
            n += count_members(json_object_array_get_idx(o, i));
    }
    return n;
}

static void put_tree(void *o)
{
    json_object_put(o);
}

bool json_tree(struct str text, struct arena *a, struct json_object **ret_tree, struct err *e)
{
    int64_t members = 0;
    if (!json_check(text, &members, e))
        return false;
    struct json_tokener *t = json_tokener_new_ex(JSON_DEPTH_MAX + 2);
    if (!t)
        return err_cause(e, "json_tokener_new_ex failed");
    json_tokener_set_flags(t, JSON_TOKENER_STRICT);
    struct json_object *o = json_tokener_parse_ex(t, text.p, (int)text.n);
    enum json_tokener_error je = json_tokener_get_error(t);
    if (je == json_tokener_continue) {            /* a bare number ends only where the text ends */
        json_object_put(o);
        o = json_tokener_parse_ex(t, "", 1);
        je = json_tokener_get_error(t);
    } else if (je == json_tokener_success) {
        size_t end = json_tokener_get_parse_end(t);
        if (str_trim(str_sub(text, end, text.n)).n != 0)
            je = json_tokener_error_parse_unexpected;
    }
    json_tokener_free(t);
    if (je != json_tokener_success) {
        json_object_put(o);
        return err_set(e, PROBLEM_INVALID_JSON, "%s", text.n == 0 ? "the body is empty" : json_tokener_error_desc(je));
    }
    if (o)
        arena_defer(a, put_tree, o);
    if (count_members(o) != members)
        return err_set(e, PROBLEM_INVALID_JSON, "an object names a field twice");
    *ret_tree = o;
    return true;
}

static int cmp_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_canonical(struct json_object *o, struct arena *a, struct buf *out);

static void put_canonical_object(struct json_object *o, struct arena *a, struct buf *out)
{
    size_t n = 0, count = (size_t)json_object_object_length(o);
    const char **keys = ARENA_ARRAY(a, const char *, count + 1);
    json_object_object_foreach(o, key, child)
    {
        (void)child;
        keys[n++] = key;
    }
    qsort(keys, n, sizeof(*keys), cmp_keys);
    buf_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, ',');
        json_put_string(out, str_from(keys[i]));
        buf_char(out, ':');
        put_canonical(json_object_object_get(o, keys[i]), a, out);
    }
    buf_char(out, '}');
}

static void put_canonical(struct json_object *o, struct arena *a, struct buf *out)
{
    switch (json_object_get_type(o)) {
    case json_type_object:
        put_canonical_object(o, a, out);
        return;
    case json_type_array:
        buf_char(out, '[');
        for (size_t i = 0; i < json_object_array_length(o); i++) {
            if (i)
                buf_char(out, ',');
            put_canonical(json_object_array_get_idx(o, i), a, out);
        }
        buf_char(out, ']');
        return;
    case json_type_string:
        json_put_string(out, str_of(json_object_get_string(o), (size_t)json_object_get_string_len(o)));
        return;
    default:
        buf_cstr(out, o ? json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN) : "null");
    }
}

bool json_canonical(struct str text, struct arena *a, struct buf *out, struct err *e)
{
    struct json_object *o = NULL;
    if (!json_tree(text, a, &o, e))
        return false;
    put_canonical(o, a, out);
    return true;
}
