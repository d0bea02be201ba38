/* Who calls? Asked by every pool's gate: nothing here needs the identity libraries. */
#include "crypto/crypto.h"
#include "domain/client.h"
#include "service/session_internal.h"
#include "sql/identity_session.h"

usec_t session_created(struct session_id id)
{
    usec_t ms = 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id.u.b[i];
    return ms * USEC_PER_MS;
}

struct str session_actor(const struct call *c)
{
    return str_is_null(c->actor.id) ? STR("guest") : c->actor.id;
}

struct str session_cookie(struct arena *a, struct session_id session, struct str secret, struct account_id account)
{
    return str_printf(a, STR_FMT "." STR_FMT "." STR_FMT, STR_ARG(id_str(a, ID_session, session.u)), STR_ARG(secret), STR_ARG(id_str(a, ID_account, account.u)));
}

struct str session_redis_key(struct arena *a, struct account_id account, struct session_id session)
{
    return str_printf(a, "{u:" STR_FMT "}:s:" STR_FMT, STR_ARG(id_str(a, ID_account, account.u)), STR_ARG(id_str(a, ID_session, session.u)));
}

struct str session_secret(struct arena *a)
{
    uint8_t *random = arena_alloc(a, 32);
    crypto_random(random, 32);
    struct str text = crypto_base64url(a, str_of((const char *)random, 32));
    arena_cleanse(a, random, 32);
    arena_cleanse(a, (char *)(uintptr_t)text.p, text.n);
    return text;
}

struct str session_hash(struct arena *a, struct str secret)
{
    uint8_t *hash = arena_alloc(a, SHA256_LEN);
    crypto_sha256(secret, hash);
    return str_of((const char *)hash, SHA256_LEN);
}

static bool split_cookie(struct str cookie, struct session_id *ret_session, struct str *ret_secret, struct account_id *ret_account)
{
    struct str session, account;
    return cookie.n < 256 && str_split(&cookie, '.', &session) && str_split(&cookie, '.', ret_secret) && str_split(&cookie, '.', &account) && str_is_null(cookie) &&
           id_parse(ID_session, session, &ret_session->u) && id_parse(ID_account, account, &ret_account->u);
}

static void fill_actor(struct call *c, struct session_id session, const struct q_session_use_row *row, struct actor *ret)
{
    *ret = (struct actor){.kind = row->staff ? ACTOR_STAFF : ACTOR_CUSTOMER, .id = id_str(c->arena, ID_account, row->account.u), .account = row->account,
                          .session = session, .permissions = permission_parse(row->permissions), .second_factor = row->second_factor, .fresh_at = row->fresh_at};
}

static bool over(struct err *e)
{
    return err_set(e, PROBLEM_UNAUTHENTICATED, "the session is over; sign in again");
}

/* PostgreSQL's word. Without a secret: a session whose token was checked already. */
static bool ask(struct call *c, struct session_id session, struct str secret, struct q_session_use_row *ret_row, struct err *e)
{
    bool found;
    struct q_session_use_in in = {.id = session, .created = session_created(session), .place = client_place(c->arena, c->client),
                                  .idle_s = (int32_t)c->env->config->session_idle_s, .now = c->now};
    if (str_is_empty(in.place))
        in.place = STR_NULL;
    if (!str_is_null(secret))
        in.secret_hash = session_hash(c->arena, secret);
    if (!q_session_use(c->db, c->arena, &in, ret_row, &found, e))
        return false;
    return found || over(e);
}

bool session_by_cookie(struct call *c, struct str cookie, struct actor *ret_actor, struct err *e)
{
    struct session_id session;
    struct account_id account;
    struct str secret;
    struct q_session_use_row row;
    if (!split_cookie(cookie, &session, &secret, &account))
        return over(e);
    if (!ask(c, session, secret, &row, e))
        return false;
    if (!str_eq_c(row.kind, "browser"))                  /* an app's refresh token is no cookie */
        return over(e);
    fill_actor(c, session, &row, ret_actor);
    return true;
}

bool session_by_token(struct call *c, struct str access_token, struct actor *ret_actor, struct err *e)
{
    (void)c;
    (void)access_token;
    (void)ret_actor;
    return err_set(e, PROBLEM_INVALID_TOKEN, "the token is not valid");
}
