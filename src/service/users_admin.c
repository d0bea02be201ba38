#include "auth/password.h"
#include "service/account.h"
#include "service/profile.h"
#include "service/staff.h"
#include "service/users.h"

static bool make_owner(struct call *c, struct account_id id, struct err *e)
{
    static struct str const owner[] = {{"owner", 5}};
    return staff_set_roles(c, id, 0, (struct shape_list){1, (void *)(uintptr_t)owner}, e);
}

static bool make_account(struct call *c, const struct users_admin_in *in, struct account_id *ret, struct err *e)
{
    const struct config *k = c->env->config;
    const struct password_params p = {(uint32_t)k->password_memory_kib, (uint32_t)k->password_passes, (uint32_t)k->password_lanes};
    struct profile_patch checked;
    struct account_new fresh = {.email = in->email, .verified = true, .staff = true};
    if (!profile_check(c, &(struct profile_patch){.name = in->name}, &checked, e) || !password_rules(c->arena, in->password, in->email, in->name, "password", e) ||
        !password_encode(&p, c->arena, in->password, &fresh.password_encoded, e))
        return false;
    if (checked.name.n > 0) fresh.name = checked.name;
    return account_create(c, &fresh, ret, e);
}

bool users_make_admin(struct call *c, const struct users_admin_in *in, struct account_id *ret_account, struct err *e)
{
    bool found;
    if (!account_find(c, in->email, ret_account, &found, e)) return false;
    if (in->promote && !found) return err_param(e, PROBLEM_NOT_FOUND, "email", "There is no account with this address");
    if (!in->promote && found) return err_param(e, PROBLEM_ALREADY_EXISTS, "email", "There is an account with this address already; --promote makes it an owner");
    return (found || make_account(c, in, ret_account, e)) && make_owner(c, *ret_account, e);
}
