/* Opening and raising sessions: what needs the key that signs access tokens (libidentity). */
#include "service/session.h"

#include "auth/refresh.h"
#include "auth/token_sign.h"
#include "domain/client.h"
#include "service/audit.h"
#include "service/session_internal.h"
#include "sql/identity_session.h"

static const char *const methods[] = {
    [SESSION_BY_PASSWORD] = "password", [SESSION_BY_PASSKEY] = "passkey", [SESSION_BY_OIDC] = "oidc", [SESSION_BY_COGNITO] = "cognito", [SESSION_BY_LINK] = "link"};

bool session_access_token(struct call *c, const struct session_claims *claims, struct session_grant *grant, struct err *e)
{
    int64_t now = clock_real() / USEC_PER_SEC, left = (claims->expires_at - c->now) / USEC_PER_SEC, life = c->env->config->access_token_s;
    if (!c->env->signer)
        return err_set(e, PROBLEM_UNAVAILABLE, "no key signs access tokens here");
    permission_set set = permission_parse(claims->permissions);
    struct str names = permission_format(c->arena, set);
    struct str scope = str_printf(c->arena, "%s%s%s" STR_FMT, claims->staff ? SCOPE_STAFF : SCOPE_CUSTOMER, claims->second_factor ? " " SCOPE_SECOND_FACTOR : "",
                                  names.n ? " " : "", STR_ARG(names));
    grant->access_s = left < life ? left : life;
    struct token_grant g = {.issuer = str_from(c->env->config->base_url), .audience = session_audience(c), .subject = id_str(c->arena, ID_account, claims->account.u),
                            .session = id_str(c->arena, ID_session, claims->session.u), .scope = scope, .issued_s = now, .expires_s = now + grant->access_s};
    return token_sign(c->env->signer, &g, c->arena, &grant->access_token, e);
}

bool session_open(struct call *c, const struct session_new *in, struct session_grant *ret_grant, struct err *e)
{
    struct q_session_open_row row;
    bool found, browser = in->kind == SESSION_BROWSER;
    struct session_id id = {uuid_v7(c->now)};
    struct str secret = secret_new(c->arena);
    usec_t expires = c->now + c->env->config->session_max_s * USEC_PER_SEC;
    struct q_session_open_in q = {.id = id, .created = session_created(id), .account = in->account, .kind = browser ? STR("browser") : STR("app"),
                                  .secret_hash = session_hash(c->arena, secret), .method = str_from(methods[in->method]), .password_at = in->password_at, .second_factor = in->second_factor,
                                  .device = client_device(c->arena, c->user_agent), .place = client_place(c->arena, c->client), .expires = expires,
                                  .actor = id_str(c->arena, ID_account, in->account.u), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now};
    if (!q_session_open(c->db, c->arena, &q, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, PROBLEM_INVALID_CREDENTIALS, "This account cannot sign in");
    struct session_grant g = {.session = id, .account = in->account};
    if (browser) {
        g.cookie = session_cookie(c->arena, id, secret, in->account);
        g.cookie_s = c->env->config->session_max_s;
    } else {
        g.refresh_token = secret_token(c->arena, ID_session, id.u, secret);
        struct session_claims claims = {.account = in->account, .session = id, .staff = row.staff, .permissions = row.permissions, .second_factor = in->second_factor,
                                        .expires_at = expires};
        if (!session_access_token(c, &claims, &g, e))
            return false;
    }
    *ret_grant = g;
    return true;
}

bool session_raise(struct call *c, struct session_id session, bool second_factor, struct session_grant *ret_grant, struct err *e)
{
    struct q_session_raise_row row;
    bool found;
    struct str secret = secret_new(c->arena);
    struct q_session_raise_in in = {.account = c->actor.account, .id = session, .created = session_created(session), .secret_hash = session_hash(c->arena, secret),
                                    .second_factor = second_factor, .actor = session_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id,
                                    .trace_id = c->trace_id, .now = c->now, .real = clock_real()};
    if (!q_session_raise(c->db, c->arena, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, PROBLEM_UNAUTHENTICATED, "The session is over; sign in again");
    session_news_add(c->env->news, in.account, session, in.real);
    struct session_grant g = {.session = session, .account = in.account};
    if (str_eq_c(row.kind, "browser")) {
        g.cookie = session_cookie(c->arena, session, secret, in.account);
        g.cookie_s = (row.expires_at - c->now) / USEC_PER_SEC;
    } else {
        struct session_claims claims = {.account = in.account, .session = session, .staff = row.staff, .permissions = row.permissions,
                                        .second_factor = row.second_factor, .expires_at = row.expires_at};
        if (!session_access_token(c, &claims, &g, e))
            return false;
    }
    *ret_grant = g;
    return true;
}
