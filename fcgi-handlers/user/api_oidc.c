/* /v1/auth/oidc and /v1/me/identities for apps. */
#include "user/auth.h"
#include "user/handlers.h"
#include "user/oidc.h"

bool api_oidc_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!identity_providers_list(r->call, &list, e)) return false;
    web_json_list(r, w, list, STR_NULL);
    return true;
}

bool api_oidc_token(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_token_in *in = r->in;
    struct identity_result result;
    if (!identity_exchange(r->call, in->provider, &(struct identity_code){in->code, in->code_verifier, in->redirect_uri, in->nonce, in->trusted_device}, &result, e))
        return false;
    if (result.outcome == IDENTITY_SIGN_IN_FIRST)
        return err_set(e, PROBLEM_CONFLICT, "There is an account with this address that never confirmed it: sign in there, then link this identity.");
    if (result.outcome != IDENTITY_SIGNED_IN)
        return err_set(e, PROBLEM_CONFLICT, "The account with this address is linked to another identity of this provider.");
    web_cache_never(w);
    web_json(r, w, auth_tokens_of(r, &result.login));
    return true;
}

bool api_identity_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!identity_links(r->call, r->call->actor.account, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

bool api_identity_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_provider_in *in = r->in;
    if (!identity_unlink(r->call, r->call->actor.account, in->provider, e)) return false;
    w->status = 204;
    return true;
}
