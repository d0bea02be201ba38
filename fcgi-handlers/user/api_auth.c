/* /v1/auth: registration, sign-in and recovery of apps; /v1/me: password, address, proof of presence. */
#include "service/challenge.h"
#include "user/auth.h"
#include "user/handlers.h"

const struct auth_tokens *auth_tokens_of(struct req *r, const struct login_result *result)
{
    struct auth_tokens *t = ARENA_NEW(r->arena, struct auth_tokens);
    t->mfa_setup_needed = result->setup_needed;
    if (result->outcome == LOGIN_SECOND_FACTOR) {
        t->mfa_required = true;
        t->mfa_token = result->challenge;
        return t;
    }
    t->access_token = result->grant.access_token;
    t->token_type = STR("Bearer");
    t->refresh_token = result->grant.refresh_token;
    t->expires_in = (struct opt_int64){true, result->grant.access_s};
    t->account = result->account;
    return t;
}

static bool answer(struct req *r, struct http_response *w, const void *value)
{
    web_cache_never(w);
    web_json(r, w, value);
    return true;
}

static bool nothing(struct http_response *w)
{
    web_cache_never(w);
    w->status = 204;
    return true;
}

static bool pending(struct req *r, struct http_response *w, struct str verification)
{
    struct auth_pending *p = ARENA_NEW(r->arena, struct auth_pending);
    *p = (struct auth_pending){verification, CHALLENGE_CODE_LIFE / USEC_PER_SEC};
    return answer(r, w, p);
}

/* --- registration -------------------------------------------------------------------------------------------------------- */

bool api_register(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_register_in *in = r->in;
    struct str verification;
    if (!account_register(r->call, &(struct account_register_in){in->email, in->password, in->name, in->locale}, &verification, e)) return false;
    return pending(r, w, verification);
}

bool api_verify_resend(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_verification_in *in = r->in;
    return account_register_resend(r->call, in->verification, e) && nothing(w);
}

bool api_verify_email(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_verify_in *in = r->in;
    struct login_result result;
    if (str_is_empty(in->link) && (str_is_empty(in->verification) || str_is_empty(in->code)))
        return err_param(e, PROBLEM_REQUIRED, str_is_empty(in->verification) ? "verification" : "code", "Send a verification with its code, or a link.");
    bool ok = str_is_empty(in->link) ? account_verify(r->call, in->verification, in->code, SESSION_APP, &result, e)
                                     : account_verify_link(r->call, in->link, in->verification, in->password, SESSION_APP, &result, e);
    return ok && answer(r, w, auth_tokens_of(r, &result));
}

/* --- sign-in ------------------------------------------------------------------------------------------------------------- */

bool api_login(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_login_in *in = r->in;
    struct login_result result;
    if (!account_login(r->call, &(struct login_in){in->email, in->password, in->trusted_device, SESSION_APP}, &result, e)) return false;
    return answer(r, w, auth_tokens_of(r, &result));
}

bool api_mfa(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_mfa_in *in = r->in;
    struct login_result result;
    struct str trusted;
    if (!account_second_factor(r->call, in->mfa_token, in->code, in->trust_device, &result, &trusted, e)) return false;
    struct auth_tokens *t = ARENA_NEW(r->arena, struct auth_tokens);
    *t = *auth_tokens_of(r, &result);
    t->trusted_device = trusted;
    return answer(r, w, t);
}

bool api_logout(struct req *r, struct http_response *w, struct err *e)
{
    return session_end(r->call, r->call->actor.account, r->call->actor.session, "signed_out", e) && nothing(w);
}

bool api_unlock(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_link_in *in = r->in;
    return account_unlock(r->call, in->link, e) && nothing(w);
}

/* --- passwords ----------------------------------------------------------------------------------------------------------- */

bool api_password_forgot(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_email_in *in = r->in;
    return account_password_forgot(r->call, in->email, e) && nothing(w);
}

bool api_password_reset(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_reset_in *in = r->in;
    return account_password_reset(r->call, in->link, in->password, e) && nothing(w);
}

bool api_password_change(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_password_in *in = r->in;
    return account_password_change(r->call, in->current_password, in->password, e) && nothing(w);
}

/* --- the signed-in account ----------------------------------------------------------------------------------------------- */

bool api_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_confirm_in *in = r->in;
    struct login_result result = {.outcome = LOGIN_DONE, .account = r->call->actor.account};
    return account_confirm(r->call, in->password, in->code, &result.grant, e) && answer(r, w, auth_tokens_of(r, &result));
}

bool api_email_change(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_email_in *in = r->in;
    struct str verification;
    return account_email_change(r->call, in->email, &verification, e) && pending(r, w, verification);
}

bool api_email_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_email_confirm_in *in = r->in;
    return account_email_confirm(r->call, in->verification, in->code, e) && nothing(w);
}

bool api_email_confirm_link(struct req *r, struct http_response *w, struct err *e)
{
    const struct auth_link_in *in = r->in;
    return account_email_confirm_link(r->call, in->link, e) && nothing(w);
}
