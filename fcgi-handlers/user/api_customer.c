/* /v1/admin/customers and /v1/admin/audit. */
#include "service/audit.h"
#include "service/customer.h"
#include "service/privacy.h"
#include "service/second_factor.h"
#include "user/privacy.h"

static bool answer(struct req *r, struct http_response *w, const struct customer *x)
{
    web_cache_never(w);
    web_json(r, w, x);
    return true;
}

bool api_customer_list(struct req *r, struct http_response *w, struct err *e)
{
    const struct customer_list_in *in = r->in;
    struct customer_filter f = {.email = in->email, .status = in->status, .staff_only = in->staff, .cursor = in->cursor, .limit = in->limit};
    struct shape_list list;
    struct str next;
    if (!customer_list(r->call, &f, &list, &next, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, next);
    return true;
}

bool api_customer_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct customer_key_in *in = r->in;
    struct customer *x = ARENA_NEW(r->arena, struct customer);
    if (!customer_read(r->call, in->id, x, e)) return false;
    return audit_write(r->call, "account.read", "account", in->id.u, STR_NULL, e) && answer(r, w, x);
}

static bool set_enabled(struct req *r, struct http_response *w, bool enabled, struct err *e)
{
    const struct customer_key_in *in = r->in;
    struct customer *x = ARENA_NEW(r->arena, struct customer);
    return customer_set_enabled(r->call, in->id, enabled, x, e) && answer(r, w, x);
}

bool api_customer_disable(struct req *r, struct http_response *w, struct err *e)
{
    return set_enabled(r, w, false, e);
}

bool api_customer_enable(struct req *r, struct http_response *w, struct err *e)
{
    return set_enabled(r, w, true, e);
}

bool api_customer_reset_mfa(struct req *r, struct http_response *w, struct err *e)
{
    const struct customer_key_in *in = r->in;
    struct customer *x = ARENA_NEW(r->arena, struct customer);
    return customer_read(r->call, in->id, x, e) && second_factor_reset(r->call, in->id, e) && customer_read(r->call, in->id, x, e) && answer(r, w, x);
}

bool api_customer_erase(struct req *r, struct http_response *w, struct err *e)
{
    const struct customer_key_in *in = r->in;
    struct data_request *q = ARENA_NEW(r->arena, struct data_request);
    if (!privacy_ask_erase(r->call, in->id, false, q, e)) return false;
    web_cache_never(w);
    web_json(r, w, q);
    return true;
}

bool api_audit_list(struct req *r, struct http_response *w, struct err *e)
{
    const struct audit_list_in *in = r->in;
    struct audit_filter f = {.actor = in->actor, .action = in->action, .object = in->object, .from = in->since, .to = in->until, .cursor = in->cursor, .limit = in->limit};
    struct shape_list list;
    struct str next;
    if (!audit_list(r->call, &f, &list, &next, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, next);
    return true;
}
