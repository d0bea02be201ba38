/* Refresh tokens: each is exchanged once; its successor is an HMAC of it, so that exchanges at once give the same one. */
#include "auth/refresh.h"
#include "crypto/keyring.h"
#include "domain/client.h"
#include "service/session_internal.h"
#include "sql/identity_session.h"

enum { RACE_S = 10 };                    /* two tabs of one browser, a phone that sends again */

static bool no_token(struct err *e)
{
    return err_set(e, PROBLEM_INVALID_TOKEN, "the refresh token is not valid (any more); sign in again");
}

bool session_refresh(struct call *c, struct str refresh_token, struct session_grant *ret_grant, struct err *e)
{
    uint8_t key[AEAD_KEY_LEN];
    struct session_id session;
    struct str secret;
    struct q_session_refresh_row row;
    if (!secret_token_split(refresh_token, ID_session, &session.u, &secret))
        return no_token(e);
    keyring_derive(c->env->keyring, KEY_REFRESH, key);
    struct str next = secret_successor(c->arena, key, secret), place = client_place(c->arena, c->client);
    crypto_cleanse(key, sizeof(key));
    struct q_session_refresh_in in = {.id = session, .created = session_created(session), .old = session_hash(c->arena, secret), .new = session_hash(c->arena, next),
                                      .place = str_is_empty(place) ? STR_NULL : place, .idle_s = (int32_t)c->env->config->session_idle_s, .window_s = RACE_S,
                                      .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now, .real = clock_real()};
    if (!q_session_refresh(c->db, c->arena, &in, &row, e))
        return false;
    if (str_eq_c(row.outcome, "reused"))
        session_news_add(c->env->news, row.account, session, in.real);
    if (!str_eq_c(row.outcome, "ok"))
        return no_token(e);
    struct session_grant g = {.session = session, .account = row.account, .refresh_token = secret_token(c->arena, ID_session, session.u, next)};
    struct session_claims claims = {.account = row.account, .session = session, .staff = row.staff.v, .second_factor = row.second_factor.v,
                                    .permissions = row.permissions, .expires_at = row.expires_at};
    if (!session_access_token(c, &claims, &g, e))
        return false;
    *ret_grant = g;
    return true;
}
