#include "service/account.h"

#include "domain/contact.h"
#include "service/account_internal.h"
#include "service/audit.h"
#include "service/cart_claim.h"
#include "service/person.h"
#include "service/second_factor.h"
#include "sql/account.h"
#include "sql/challenge.h"

static bool open_field(struct call *c, const struct q_account_get_row *row, const char *place, struct str sealed, struct str *ret, struct err *e)
{
    return person_open(c, row->person, person_context(c->arena, place, row->id.u), sealed, ret, e);
}

bool account_read(struct call *c, struct account_id id, struct account *ret_account, struct err *e)
{
    struct q_account_get_row row;
    struct second_factor_state factor;
    bool found;
    if (!q_account_get(c->db, c->arena, &(struct q_account_get_in){.id = id}, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such account.");
    struct account a = {.id = row.id, .person = row.person, .locale = row.locale, .email_verified = row.email_verified, .staff = row.staff,
                        .has_password = row.has_password, .status = row.status, .version = row.version, .created_at = row.created_at,
                        .last_sign_in_at = row.last_sign_in_at};
    if (!open_field(c, &row, ACCOUNT_PLACE_EMAIL, row.email, &a.email, e) || !open_field(c, &row, ACCOUNT_PLACE_NAME, row.name, &a.name, e) ||
        !open_field(c, &row, ACCOUNT_PLACE_PHONE, row.phone, &a.phone, e) || !second_factor_state(c, id, &factor, e))
        return false;
    a.second_factor = factor.totp || factor.passkeys;
    *ret_account = a;
    return true;
}

bool account_take_email(struct call *c, struct str in, struct str *ret_email, struct err *e)
{
    if (email_normalise(c->arena, in, ret_email))
        return true;
    return err_param(e, PROBLEM_INVALID, "email", "This is no e-mail address.");
}

struct str account_bytes(const struct account_id *id)
{
    return str_of((const char *)&id->u, sizeof id->u);
}

bool account_find(struct call *c, struct str email, struct account_id *ret_account, bool *ret_found, struct err *e)
{
    struct q_account_by_email_row row;
    struct str mail;
    *ret_found = false;
    if (!email_normalise(c->arena, email, &mail))
        return true;
    if (!q_account_by_email(c->db, c->arena, &(struct q_account_by_email_in){.email_hash = person_email_hash(c, mail)}, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret_account = row.id;
    return true;
}

/* The person of a proven address is the guest that it was; an address without proof must not open a guest's past. */
static bool person_of(struct call *c, const struct account_begin *in, struct person_id *ret, struct err *e)
{
    if (in->verified && !str_is_null(in->email))
        return person_for_contact(c, in->email, ret, e);
    return person_make(c, ret, e);
}

static bool write_account(struct call *c, const struct account_begin *in, struct person_id person, struct account_id id, struct str *ret_outcome, struct err *e)
{
    struct str email, name, phone;
    struct q_account_begin_row row;
    if (!person_seal(c, person, person_context(c->arena, ACCOUNT_PLACE_EMAIL, id.u), in->email, &email, e) ||
        !person_seal(c, person, person_context(c->arena, ACCOUNT_PLACE_NAME, id.u), in->name, &name, e) ||
        !person_seal(c, person, person_context(c->arena, ACCOUNT_PLACE_PHONE, id.u), in->phone, &phone, e) ||
        !q_account_begin(c->db, c->arena, &(struct q_account_begin_in){
            .challenge = in->challenge, .account = id, .person = person, .email_hash = str_is_null(in->email) ? STR_NULL : person_email_hash(c, in->email), .email = email,
            .name = name, .phone = phone, .password = in->password, .locale = in->locale, .verified = in->verified, .staff = in->staff, .actor = audit_actor(c),
            .place = audit_place(c->arena, c->client), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, &row, e))
        return false;
    *ret_outcome = row.outcome;
    return true;
}

bool account_begin(struct call *c, const struct account_begin *in, struct account_id *ret_account, struct err *e)
{
    for (int i = 0; i < 4; i++) {
        struct person_id person;
        struct str outcome;
        struct account_id id = {uuid_v7(c->now)};
        if (!person_of(c, in, &person, e) || !write_account(c, in, person, id, &outcome, e))
            return false;
        if (str_eq_c(outcome, "ok")) {
            *ret_account = id;
            return true;
        }
        if (str_eq_c(outcome, "exists"))
            return err_param(e, PROBLEM_ALREADY_EXISTS, "email", "There is an account with this address.");
        if (str_eq_c(outcome, "used"))
            return err_set(e, PROBLEM_EXPIRED, "This code or link was used already.");
    }
    return err_cause(e, "the person of a new account was claimed again and again");
}

bool account_create(struct call *c, const struct account_new *in, struct account_id *ret_account, struct err *e)
{
    struct account_begin begin = {.name = in->name, .phone = in->phone, .locale = in->locale, .password = in->password_encoded, .verified = in->verified,
                                  .staff = in->staff};
    if (!str_is_null(in->email) && !account_take_email(c, in->email, &begin.email, e))
        return false;
    if (!account_begin(c, &begin, ret_account, e))
        return false;
    return !in->verified || str_is_null(begin.email) || account_claim(c, *ret_account, e);
}

bool account_claim(struct call *c, struct account_id account, struct err *e)
{
    struct q_claim_guests_row row;
    int claimed;
    if (!q_claim_guests(c->db, c->arena, &(struct q_claim_guests_in){.account = account, .now = c->now}, &row, e))
        return false;
    struct person_id *persons = ARENA_ARRAY(c->arena, struct person_id, row.persons.n);
    for (size_t i = 0; i < row.persons.n; i++)
        persons[i] = (struct person_id){row.persons.v[i]};
    return row.persons.n == 0 || order_claim(c, account, row.persons.n, persons, &claimed, e);
}
