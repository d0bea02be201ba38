/* Mails: claimed, written by the writer of their kind in the reader's language, put into the spool, marked as sent. Killed in between, the next
 * one writes the same file name again, which changes nothing: one mail, however often. */
#include "jobs/jobs.h"
#include "jobs/mail.h"
#include "net/mime.h"
#include "net/spool.h"

enum { PORTION = 10 };

/* "https://shop.example:8443" names "shop.example". */
static struct str host_of(const char *base_url)
{
    struct str s = str_from(base_url);
    size_t i;
    if (str_starts(s, STR("https://")))
        s = str_sub(s, 8, s.n);
    if (str_find(s, '/', &i))
        s = str_sub(s, 0, i);
    return str_find(s, ':', &i) ? str_sub(s, 0, i) : s;
}

static bool compose(struct call *c, const struct message *m, const struct letter *l, struct buf *out, struct err *e)
{
    const struct config *config = c->env->config;
    struct str id = id_str(c->arena, ID_mail, m->id.u), host = host_of(config->base_url);
    struct mime_mail mail = {
        .from = {str_from(config->shop_name), str_from(config->mail_from)}, .to = {l->to_name, l->to_email}, .subject = l->subject,
        .message_id = str_printf(c->arena, STR_FMT "@" STR_FMT, STR_ARG(id), STR_ARG(host)), .date = m->created_at,
        .text = l->text, .html = l->html, .language = str_from(text_locale(l->texts))};
    return mime_build(c->arena, &mail, out, e);
}

static bool send(struct call *c, const struct message *m, struct err *e)
{
    struct letter l;
    struct buf mail;
    bool fresh;
    const struct config *config = c->env->config;
    const struct mail_kind *kind = mail_kind_find(m->kind);
    const char *folder = config->mail_spool[0] ? config->mail_spool : arena_printf(c->arena, "%s/mail", config->home);
    if (kind == NULL)
        return err_set(e, PROBLEM_UNAVAILABLE, "a kind of mail that this program does not know (yet)");
    if (!kind->write(c, m, kind, &l, e))
        return false;
    if (str_is_null(l.to_email))
        return err_set(e, PROBLEM_CONFLICT, "the person was erased");
    buf_init_arena(&mail, c->arena, 0);
    if (!compose(c, m, &l, &mail, e))
        return false;
    db_release(c->db);
    return spool_put(folder, str_cstr(c->arena, id_str(c->arena, ID_mail, m->id.u)), buf_view(&mail), &fresh, e);
}

static bool work(struct call *c, const struct message *m, struct err *e)
{
    struct err why = {0};
    bool ok = send(c, m, &why);
    const char *reason = why.cause[0] ? why.cause : why.detail;
    LOG(c->env->log, ok ? LOG_INFO : LOG_WARN, ok ? "message_sent" : "message_failed", LOGS("request_id", m->request_id), LOGS("trace_id", m->trace_id),
        LOGS("kind", m->kind), LOGS("message", id_str(c->arena, ID_mail, m->id.u)), LOGS("order", uuid_is_zero(m->order.u) ? STR_NULL : id_str(c->arena, ID_order, m->order.u)),
        LOGI("tries", m->tries),
        LOGC("cause", ok ? NULL : reason));
    if (ok)
        return message_sent(c, m, e);
    if (why.problem == PROBLEM_CONFLICT)                /* nobody is there, or the challenge is over */
        return message_dropped(c, m, reason, e);
    return message_failed(c, m, why.problem == PROBLEM_INVALID, reason, e);     /* an address that is none gets no better by waiting */
}

bool job_mail(struct call *c, int *ret_done, struct err *e)
{
    struct message_list list;
    size_t i = 0;
    if (!message_claim(c, PORTION, &list, e))
        return false;
    c->deadline = list.until;
    db_deadline(c->db, list.until);
    if (c->db_keys != NULL)
        db_deadline(c->db_keys, list.until);
    for (; i < list.n && clock_monotonic() < list.until; i++)
        if (!work(c, &list.v[i], e))
            return false;
    *ret_done = (int)i;
    return true;
}
