/* /v1/me, /v1/me/{addresses,consents,preferences}: what people say about themselves. */
#include "service/address_book.h"
#include "service/consent.h"
#include "service/profile.h"
#include "user/handlers.h"
#include "user/shapes.h"

/* "7" or "7.3": the version in front of what else the answer shows. *ret_version 0: any. */
static bool version_wanted(struct str if_match, int64_t *ret_version, struct err *e)
{
    struct str s = str_trim(if_match);
    size_t dot;
    *ret_version = 0;
    if (str_is_null(if_match) || str_eq_c(s, "*")) return true;
    if (str_starts(s, STR("W/"))) s = str_sub(s, 2, s.n);
    if (s.n > 2 && s.p[0] == '"' && s.p[s.n - 1] == '"') {
        s = str_sub(s, 1, s.n - 2);
        if (str_find(s, '.', &dot)) s = str_sub(s, 0, dot);
        if (str_to_int64(s, ret_version) && *ret_version > 0) return true;
    }
    return err_set(e, PROBLEM_PRECONDITION_FAILED, "If-Match names no version of this object");
}

/* --- the account ---------------------------------------------------------------------------------------------------------------- */

static bool answer_account(struct req *r, struct http_response *w, const struct account *a)
{
    int more = a->email_verified | a->staff << 1 | a->has_password << 2 | a->second_factor << 3;
    web_cache_never(w);
    struct str tag = str_printf(r->arena, "%lld.%x", (long long)a->version, (unsigned)more);
    if (r->http->method == HTTP_GET && http_not_modified(r->http, w, tag)) return true;
    if (r->http->method != HTTP_GET) http_set_header(w, "ETag", str_printf(r->arena, "\"" STR_FMT "\"", STR_ARG(tag)));
    web_json(r, w, a);
    return true;
}

bool api_me_get(struct req *r, struct http_response *w, struct err *e)
{
    struct account *account = ARENA_NEW(r->arena, struct account);
    return account_read(r->call, r->call->actor.account, account, e) && answer_account(r, w, account);
}

bool api_me_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct me_patch_in *in = r->in;
    struct account *account = ARENA_NEW(r->arena, struct account);
    struct profile_patch patch = {.name = in->name, .phone = in->phone, .locale = in->locale};
    return version_wanted(in->if_match, &patch.version, e) && profile_change(r->call, &patch, account, e) && answer_account(r, w, account);
}

/* --- addresses -------------------------------------------------------------------------------------------------------------------- */

static bool answer_address(struct req *r, struct http_response *w, const struct book_address *a)
{
    struct str tag = str_printf(r->arena, "%lld", (long long)a->version);
    web_cache_never(w);
    if (r->http->method == HTTP_GET && http_not_modified(r->http, w, tag)) return true;
    if (r->http->method != HTTP_GET) http_set_header(w, "ETag", str_printf(r->arena, "\"" STR_FMT "\"", STR_ARG(tag)));
    web_json(r, w, a);
    return true;
}

static struct book_address_in wish_of(const struct address_in *in)
{
    return (struct book_address_in){.label = in->label, .phone = in->phone, .address = in->address, .default_shipping = in->default_shipping,
                                    .default_billing = in->default_billing};
}

bool api_address_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!address_book_list(r->call, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

bool api_address_add(struct req *r, struct http_response *w, struct err *e)
{
    struct book_address_in wish = wish_of(r->in);
    struct book_address *a = ARENA_NEW(r->arena, struct book_address);
    bool replayed;
    if (!address_book_add(r->call, &wish, a, &replayed, e)) return false;
    struct str id = id_str(r->arena, ID_address, a->id.u);
    http_set_header(w, "Location", str_printf(r->arena, "/v1/me/addresses/" STR_FMT, STR_ARG(id)));
    if (replayed) http_set_header(w, "Idempotent-Replayed", STR("true"));
    return answer_address(r, w, a);
}

bool api_address_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct address_in *in = r->in;
    struct book_address *a = ARENA_NEW(r->arena, struct book_address);
    return address_book_read(r->call, in->id, a, e) && answer_address(r, w, a);
}

bool api_address_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct address_in *in = r->in;
    struct book_address_in wish = wish_of(in);
    struct book_address *a = ARENA_NEW(r->arena, struct book_address);
    int64_t version;
    return version_wanted(in->if_match, &version, e) && address_book_change(r->call, in->id, version, &wish, a, e) && answer_address(r, w, a);
}

bool api_address_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct address_in *in = r->in;
    if (!address_book_remove(r->call, in->id, e)) return false;
    web_cache_never(w);
    w->status = 204;
    return true;
}

/* --- consents and preferences -------------------------------------------------------------------------------------------------- */

bool api_consent_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!consent_list(r->call, r->call->actor.account, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

bool api_consent_put(struct req *r, struct http_response *w, struct err *e)
{
    const struct consent_in *in = r->in;
    struct consent *now = ARENA_NEW(r->arena, struct consent);
    if (!consent_put(r->call, r->call->actor.account, in->purpose, in->granted, in->text_version, "api", now, e)) return false;
    web_cache_never(w);
    web_json(r, w, now);
    return true;
}

bool api_preferences_get(struct req *r, struct http_response *w, struct err *e)
{
    struct preferences *p = ARENA_NEW(r->arena, struct preferences);
    if (!preferences_read(r->call, p, e)) return false;
    web_cache_never(w);
    web_json(r, w, p);
    return true;
}

bool api_preferences_put(struct req *r, struct http_response *w, struct err *e)
{
    struct preferences *p = ARENA_NEW(r->arena, struct preferences);
    if (!preferences_put(r->call, r->in, p, e)) return false;
    web_cache_never(w);
    web_json(r, w, p);
    return true;
}
