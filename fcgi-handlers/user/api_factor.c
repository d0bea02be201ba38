/* /v1/me/mfa, /v1/me/passkeys, /v1/auth/passkey: second factors and passkeys of apps. */
#include "user/auth.h"
#include "user/factor.h"
#include "user/handlers.h"

static int64_t token_life(struct str token, const struct session_grant *grant)
{
    return str_is_empty(token) ? 0 : grant->access_s;
}

/* --- state, app, recovery codes ------------------------------------------------------------------------------------------------ */

bool api_mfa_get(struct req *r, struct http_response *w, struct err *e)
{
    struct second_factor_state s;
    struct mfa_state_out *out = ARENA_NEW(r->arena, struct mfa_state_out);
    if (!second_factor_state(r->call, r->call->actor.account, &s, e) || !trusted_device_list(r->call, &out->trusted_devices, e)) return false;
    out->totp = s.totp;
    out->passkeys = s.passkeys;
    out->required = s.required;
    out->totp_since = s.totp_since;
    out->recovery_codes_left = s.recovery_left;
    web_cache_never(w);
    web_json(r, w, out);
    return true;
}

bool api_totp_begin(struct req *r, struct http_response *w, struct err *e)
{
    struct totp_setup *setup = ARENA_NEW(r->arena, struct totp_setup);
    if (!totp_begin(r->call, setup, e)) return false;
    web_cache_never(w);
    web_json(r, w, setup);
    return true;
}

static void answer_codes(struct req *r, struct http_response *w, const struct recovery_codes *codes)
{
    struct mfa_codes_out *out = ARENA_NEW(r->arena, struct mfa_codes_out);
    *out = (struct mfa_codes_out){codes->codes, codes->grant.access_token, token_life(codes->grant.access_token, &codes->grant)};
    web_cache_never(w);
    web_json(r, w, out);
}

bool api_totp_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct mfa_code_in *in = r->in;
    struct recovery_codes codes;
    if (!totp_confirm(r->call, in->code, &codes, e)) return false;
    answer_codes(r, w, &codes);
    return true;
}

bool api_totp_delete(struct req *r, struct http_response *w, struct err *e)
{
    if (!totp_remove(r->call, e)) return false;
    w->status = 204;
    return true;
}

bool api_recovery_codes(struct req *r, struct http_response *w, struct err *e)
{
    struct recovery_codes codes;
    if (!recovery_codes_renew(r->call, &codes, e)) return false;
    answer_codes(r, w, &codes);
    return true;
}

bool api_trusted_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct device_key_in *in = r->in;
    if (!trusted_device_end(r->call, in->id, e)) return false;
    w->status = 204;
    return true;
}

/* --- passkeys ------------------------------------------------------------------------------------------------------------------- */

bool api_passkey_options(struct req *r, struct http_response *w, struct err *e)
{
    struct passkey_registration p;
    if (!passkey_register_begin(r->call, &p, e)) return false;
    web_cache_never(w);
    web_json(r, w, factor_creation(r, &p));
    return true;
}

static struct passkey_out answer_of(const struct passkey_info *p)
{
    return (struct passkey_out){.id = p->id, .name = p->name, .backed_up = p->backed_up, .created_at = p->created_at, .last_used_at = p->last_used_at};
}

bool api_passkey_add(struct req *r, struct http_response *w, struct err *e)
{
    struct passkey_registered done;
    struct passkey_out *out = ARENA_NEW(r->arena, struct passkey_out);
    if (!passkey_register_finish(r->call, r->in, &done, e)) return false;
    *out = answer_of(&done.passkey);
    out->access_token = done.grant.access_token;
    out->expires_in = token_life(out->access_token, &done.grant);
    web_cache_never(w);
    web_json(r, w, out);
    return true;
}

bool api_passkey_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!passkey_list(r->call, &list, e)) return false;
    const struct passkey_info *p = list.v;
    struct passkey_out *out = ARENA_ARRAY(r->arena, struct passkey_out, list.n);
    for (size_t i = 0; i < list.n; i++) out[i] = answer_of(&p[i]);
    web_cache_never(w);
    web_json_list(r, w, (struct shape_list){list.n, out}, STR_NULL);
    return true;
}

bool api_passkey_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct passkey_patch_in *in = r->in;
    struct passkey_info info;
    struct passkey_out *out = ARENA_NEW(r->arena, struct passkey_out);
    if (!passkey_rename(r->call, in->id, in->name, &info, e)) return false;
    *out = answer_of(&info);
    web_cache_never(w);
    web_json(r, w, out);
    return true;
}

bool api_passkey_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct passkey_key_in *in = r->in;
    if (!passkey_remove(r->call, in->id, e)) return false;
    w->status = 204;
    return true;
}

bool api_passkey_login_options(struct req *r, struct http_response *w, struct err *e)
{
    struct passkey_request p;
    if (!passkey_login_begin(r->call, &p, e)) return false;
    web_cache_never(w);
    web_json(r, w, factor_request(r, &p));
    return true;
}

bool api_passkey_login(struct req *r, struct http_response *w, struct err *e)
{
    struct passkey_login_in in = *(const struct passkey_login_in *)r->in;
    struct login_result result;
    in.kind = SESSION_APP;
    if (!passkey_login(r->call, &in, &result, e)) return false;
    web_cache_never(w);
    web_json(r, w, auth_tokens_of(r, &result));
    return true;
}
