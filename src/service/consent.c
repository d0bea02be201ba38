#include "service/consent.h"

#include "service/audit.h"
#include "sql/profile.h"

enum { HISTORY_MAX = 100 };

static const struct purpose { const char *name; int text_version; } purposes[] = {
#define CONSENT(purpose, version, doc) {#purpose, version},
#include "service/consent.def"
#undef CONSENT
};

enum { PURPOSES = sizeof purposes / sizeof *purposes };

static const struct purpose *find(struct str name)
{
    for (size_t i = 0; i < PURPOSES; i++)
        if (str_eq_c(name, purposes[i].name)) return &purposes[i];
    return NULL;
}

/* The words of one purpose out of the list of all; newest first. */
static struct consent gather(struct call *c, const struct purpose *p, const struct q_consent_list_rows *rows)
{
    struct consent_event *v = ARENA_ARRAY(c->arena, struct consent_event, rows->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct q_consent_list_row *r = &rows->v[i];
        if (str_eq_c(r->purpose, p->name)) v[n++] = (struct consent_event){r->id, r->granted, r->text_version, r->source, r->at};
    }
    return (struct consent){.purpose = str_from(p->name), .text_version = p->text_version, .history = {n, v}, .since = n > 0 ? v[0].at : 0,
                            .granted = n > 0 && v[0].granted && v[0].text_version == p->text_version};
}

bool consent_list(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e)
{
    struct q_consent_list_rows rows;
    if (!q_consent_list(c->db, c->arena, &(struct q_consent_list_in){.account = account, .most = HISTORY_MAX}, &rows, e)) return false;
    struct consent *v = ARENA_ARRAY(c->arena, struct consent, PURPOSES);
    for (size_t i = 0; i < PURPOSES; i++) v[i] = gather(c, &purposes[i], &rows);
    *ret_list = (struct shape_list){PURPOSES, v};
    return true;
}

static bool read_one(struct call *c, struct account_id account, const struct purpose *p, struct consent *ret, struct err *e)
{
    struct q_consent_list_rows rows;
    if (!q_consent_list(c->db, c->arena, &(struct q_consent_list_in){.account = account, .purpose = str_from(p->name), .most = HISTORY_MAX}, &rows, e)) return false;
    *ret = gather(c, p, &rows);
    return true;
}

bool consent_put(struct call *c, struct account_id account, struct str purpose, bool granted, int64_t text_version, const char *source, struct consent *ret_consent,
                 struct err *e)
{
    const struct purpose *p = find(purpose);
    struct q_consent_put_row row;
    if (p == NULL) return err_set(e, PROBLEM_NOT_FOUND, "Nobody is asked for such a consent");
    if (granted && text_version == 0) return err_param(e, PROBLEM_REQUIRED, "text_version", "Say which text was shown: consent counts for that text only");
    if (text_version != 0 && text_version != p->text_version)
        return err_param(e, PROBLEM_CONFLICT, "text_version", "The text is another one now: version %d", p->text_version);
    struct q_consent_put_in in = {.account = account, .id = {uuid_v7(c->now)}, .purpose = str_from(p->name), .granted = granted, .text_version = p->text_version,
                                  .source = str_from(source), .actor = audit_actor(c), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now};
    if (!q_consent_put(c->db, c->arena, &in, &row, e)) return false;
    if (str_eq_c(row.outcome, "gone")) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    return read_one(c, account, p, ret_consent, e);
}

bool consent_holds(struct call *c, struct account_id account, const char *purpose, bool *ret_holds, struct err *e)
{
    const struct purpose *p = find(str_from(purpose));
    struct consent now;
    BUG_IF(p == NULL);
    if (!read_one(c, account, p, &now, e)) return false;
    *ret_holds = now.granted;
    return true;
}
