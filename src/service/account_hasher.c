#include "auth/hasher.h"
#include "service/account_internal.h"

bool account_hasher_open(const struct config *k, struct hasher **ret_hasher, struct err *e)
{
    const struct hasher_options o = {{(uint32_t)k->password_memory_kib, (uint32_t)k->password_passes, (uint32_t)k->password_lanes}, (int)k->password_threads,
                                     (int)k->password_queue};
    return hasher_new(&o, ret_hasher, e);
}

bool account_encode(struct call *c, struct str password, struct str *ret_encoded, struct err *e)
{
    db_release(c->db);
    return hasher_encode(c->env->hasher, c->arena, password, c->deadline, ret_encoded, e);
}

bool account_match(struct call *c, struct str encoded, struct str password, bool *ret_match, struct err *e)
{
    *ret_match = false;
    db_release(c->db);
    return str_is_null(encoded) ? hasher_equalise(c->env->hasher, password, c->deadline, e)
                                : hasher_verify(c->env->hasher, encoded, password, c->deadline, ret_match, e);
}

void account_hasher_close(struct hasher *h)
{
    hasher_destroy(h);
}
