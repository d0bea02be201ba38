/* Mails about accounts: owed here, read by the sender. In libsouk, because every pool and job may owe one. */
#include "service/account.h"
#include "service/challenge.h"
#include "service/notification.h"
#include "service/person.h"
#include "sql/account.h"
#include "sql/jobs.h"

bool account_mail(struct call *c, const char *kind, struct account_id account, struct uuid subject, struct err *e)
{
    struct q_account_mail_row row;
    bool about = !uuid_is_zero(subject);
    struct str dedup = STR_NULL;
    if (about) {
        char text[37];
        uuid_format(subject, text);
        dedup = str_printf(c->arena, "%s:%s", kind, text);
    }
    return q_account_mail(c->db, c->arena, &(struct q_account_mail_in){
        .id = {uuid_v7(c->now)}, .kind = str_from(kind), .subject_type = about ? STR("subject") : STR_NULL, .subject = subject, .account = account, .dedup = dedup,
        .locale = c->market ? c->market->locale : STR_NULL, .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, &row, e);
}

/* Address, name and language of the account's owner. */
static bool read_owner(struct call *c, struct account_id account, struct account_message *m, struct err *e)
{
    struct q_account_get_row row;
    struct str locale;
    bool found;
    if (uuid_is_zero(account.u))
        return true;
    if (!q_account_get(c->db, c->arena, &(struct q_account_get_in){.id = account}, &row, &found, e))
        return false;
    if (!found)
        return true;
    locale = row.locale;
    if (!str_is_null(locale))
        m->locale = locale;
    if (str_eq_c(row.status, "erased"))
        return true;
    return person_open(c, row.person, person_context(c->arena, "identity.account.email", account.u), row.email, &m->email, e) &&
           person_open(c, row.person, person_context(c->arena, "identity.account.name", account.u), row.name, &m->name, e);
}

/* A challenge may bring its own address (a new one, the one before, one without account): then there is no name either, because whoever typed
 * that address may have typed anything as a name. */
static bool read_challenge(struct call *c, const struct message *m, struct account_message *ret, bool *ret_found, struct err *e)
{
    struct challenge ch;
    if (!challenge_read(c, (struct challenge_id){m->subject}, &ch, ret_found, e))
        return false;
    if (!*ret_found)
        return true;
    struct str own = !str_is_null(ch.email_before) ? ch.email_before : ch.email;
    if (!str_is_null(own)) {
        ret->email = own;
        ret->name = STR_NULL;
    }
    if (str_is_null(ret->locale))
        ret->locale = ch.locale;
    ret->at = ch.created_at;
    ret->place = ch.place;
    if (ch.used_at == 0 && !ch.decoy) {
        ret->code = challenge_code(c, ch.id, ch.sends);
        ret->link = challenge_link(c, ch.id);
    }
    return true;
}

static bool read_session(struct call *c, const struct message *m, struct account_message *ret, struct err *e)
{
    struct q_message_session_row row;
    bool found;
    if (!q_message_session(c->db, c->arena, &(struct q_message_session_in){.id = m->subject}, &row, &found, e))
        return false;
    if (found) {
        ret->device = row.device;
        ret->place = row.place;
    }
    return true;
}

bool account_message_read(struct call *c, const struct message *m, struct account_message *ret, struct err *e)
{
    struct account_message a = {.at = m->created_at};
    bool found = false;
    if (!read_owner(c, m->account, &a, e))
        return false;
    if (!uuid_is_zero(m->subject) && !read_challenge(c, m, &a, &found, e))
        return false;
    if (!uuid_is_zero(m->subject) && !found && !read_session(c, m, &a, e))
        return false;
    if (str_is_null(a.locale))
        a.locale = m->locale;
    *ret = a;
    return true;
}
