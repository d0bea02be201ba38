/* Staff: who works here, with which roles; invitations. */
#include "user/auth.h"
#include "user/session.h"

bool api_staff_list(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_in *in = r->in;
    struct account_id after, next;
    struct shape_list list;
    if (!admin_cursor(ID_account, in->cursor, &after.u, e) || !staff_list(r->call, after, in->limit, &list, &next, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, uuid_is_zero(next.u) ? STR_NULL : id_str(r->arena, ID_account, next.u));
    return true;
}

static bool answer(struct req *r, struct http_response *w, struct account_id id, struct err *e)
{
    struct staff *s = ARENA_NEW(r->arena, struct staff);
    if (!staff_read(r->call, id, s, e)) return false;
    struct str tag = str_printf(r->arena, "%lld", (long long)s->version);
    web_cache_never(w);
    if (r->http->method == HTTP_GET && http_not_modified(r->http, w, tag)) return true;
    if (r->http->method != HTTP_GET) http_set_header(w, "ETag", str_printf(r->arena, "\"" STR_FMT "\"", STR_ARG(tag)));
    web_json(r, w, s);
    return true;
}

bool api_staff_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct staff_key_in *in = r->in;
    return answer(r, w, in->id, e);
}

bool api_staff_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct staff_patch_in *in = r->in;
    int64_t version;
    return admin_version(in->if_match, &version, e) && staff_set_roles(r->call, in->id, version, in->roles, e) && answer(r, w, in->id, e);
}

bool api_staff_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct staff_key_in *in = r->in;
    if (!staff_set_roles(r->call, in->id, 0, (struct shape_list){0}, e)) return false;
    web_cache_never(w);
    w->status = 204;
    return true;
}

bool api_staff_invite(struct req *r, struct http_response *w, struct err *e)
{
    struct staff_invitation *invitation = ARENA_NEW(r->arena, struct staff_invitation);
    if (!staff_invite(r->call, r->in, invitation, e)) return false;
    web_cache_never(w);
    web_json(r, w, invitation);
    return true;
}

/* A POST, although it changes nothing: the link is a secret and does not belong into an address. */
bool api_invitation_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct invitation_link_in *in = r->in;
    struct staff_offer *offer = ARENA_NEW(r->arena, struct staff_offer);
    if (!staff_offer(r->call, in->link, offer, e)) return false;
    web_cache_never(w);
    web_json(r, w, offer);
    return true;
}

bool api_invitation_accept(struct req *r, struct http_response *w, struct err *e)
{
    const struct invitation_accept_in *in = r->in;
    struct login_result result;
    if (!staff_accept(r->call, &(struct staff_accept_in){in->link, in->name, in->password, SESSION_APP}, &result, e)) return false;
    web_cache_never(w);
    web_json(r, w, auth_tokens_of(r, &result));
    return true;
}
