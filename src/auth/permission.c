#include "auth/permission.h"

#include "base/buf.h"

_Static_assert(PERMISSION_END <= 64, "a permission_set has 64 bits");

static const struct { const char *name, *doc; } table[PERMISSION_END] = {
    [PERMISSION_NONE] = {"", ""},
#define PERMISSION(name, text, doc) [PERMISSION_##name] = {text, doc},
#include "auth/permission.def"
#undef PERMISSION
};

permission_set permission_bit(enum permission p)
{
    return p == PERMISSION_NONE ? 0 : (permission_set)1 << p;
}

bool permission_has(permission_set set, enum permission p)
{
    return (set & permission_bit(p)) == permission_bit(p);
}

const char *permission_name(enum permission p)
{
    return table[p].name;
}

const char *permission_doc(enum permission p)
{
    return table[p].doc;
}

enum permission permission_find(struct str name)
{
    for (enum permission p = PERMISSION_NONE + 1; p < PERMISSION_END; p++)
        if (str_eq_c(name, table[p].name))
            return p;
    return PERMISSION_NONE;
}

struct str permission_format(struct arena *a, permission_set set)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (enum permission p = PERMISSION_NONE + 1; p < PERMISSION_END; p++)
        if (permission_has(set, p))
            buf_printf(&b, "%s%s", buf_view(&b).n > 0 ? " " : "", table[p].name);
    return buf_view(&b);
}

permission_set permission_all(void)
{
    permission_set set = 0;
    for (int p = PERMISSION_NONE + 1; p < PERMISSION_END; p++)
        set |= permission_bit((enum permission)p);
    return set;
}

permission_set permission_parse(struct str names)
{
    permission_set set = 0;
    struct str one;
    while (!str_is_null(names) && str_split(&names, ' ', &one))
        set |= str_eq_c(one, "*") ? permission_all() : permission_bit(permission_find(one));
    return set;
}
