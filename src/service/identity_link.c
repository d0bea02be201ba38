/* What an account has outside, and how it gets rid of it. */
#include "service/audit.h"
#include "service/identity_internal.h"

bool identity_links(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e)
{
    struct q_external_identity_list_rows rows;
    if (!q_external_identity_list(c->db, c->arena, &(struct q_external_identity_list_in){account}, &rows, e))
        return false;
    struct identity_link *v = ARENA_ARRAY(c->arena, struct identity_link, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_external_identity_list_row *r = &rows.v[i];
        v[i] = (struct identity_link){r->name, r->label, r->kind, r->created_at, r->last_used_at, r->others && str_eq_c(r->kind, "oidc")};
    }
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}

struct removal { struct call *c; struct account_id account; struct str provider; };

static bool remove_one(struct db *d, void *arg, struct err *e)
{
    const struct removal *m = arg;
    struct arena *a = m->c->arena;
    struct q_external_identity_list_rows rows;
    if (!q_external_identity_lock(d, a, &(struct q_external_identity_lock_in){m->account}, NULL, e) ||
        !q_external_identity_list(d, a, &(struct q_external_identity_list_in){m->account}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_external_identity_list_row *r = &rows.v[i];
        if (!str_eq(r->name, m->provider))
            continue;
        if (!str_eq_c(r->kind, "oidc"))
            return err_set(e, PROBLEM_INVALID_STATE, "This identity belongs to the account's tokens and stays.");
        if (!r->others)
            return err_set(e, PROBLEM_INVALID_STATE, "This is the only way into the account; set a password or add a passkey first.");
        return q_external_identity_remove(d, a, &(struct q_external_identity_remove_in){m->account, r->provider_id}, NULL, e) &&
               audit_write(m->c, "identity.unlinked", "account", m->account.u, provider_detail(a, m->provider), e) &&
               account_mail(m->c, "identity_unlinked", m->account, (struct uuid){0}, e);
    }
    return err_set(e, PROBLEM_NOT_FOUND, "The account has no such identity.");
}

bool identity_unlink(struct call *c, struct account_id account, struct str provider, struct err *e)
{
    struct removal m = {c, account, provider};
    return db_transaction(c->db, remove_one, &m, e);
}
