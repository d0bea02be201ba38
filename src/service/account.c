#include "service/account.h"

#include "service/person.h"
#include "sql/account.h"

static bool open_field(struct call *c, const struct q_account_get_row *row, const char *place, struct str sealed, struct str *ret, struct err *e)
{
    return person_open(c, row->person, person_context(c->arena, place, row->id.u), sealed, ret, e);
}

bool account_read(struct call *c, struct account_id id, struct account *ret_account, struct err *e)
{
    struct q_account_get_row row;
    bool found;
    if (!q_account_get(c->db, c->arena, &(struct q_account_get_in){.id = id}, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such account.");
    struct account a = {.id = row.id, .person = row.person, .locale = row.locale, .email_verified = row.email_verified, .staff = row.staff,
                        .has_password = row.has_password, .status = row.status, .version = row.version, .created_at = row.created_at,
                        .last_sign_in_at = row.last_sign_in_at};
    if (!open_field(c, &row, "identity.account.email", row.email, &a.email, e) || !open_field(c, &row, "identity.account.name", row.name, &a.name, e) ||
        !open_field(c, &row, "identity.account.phone", row.phone, &a.phone, e))
        return false;
    *ret_account = a;
    return true;
}
