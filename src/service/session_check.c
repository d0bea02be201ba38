/* Who calls? Asked by every pool's gate: nothing here needs the identity libraries. */
#include "auth/refresh.h"
#include "domain/client.h"
#include "service/session_internal.h"
#include "service/session_keys.h"
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
    return str_printf(a, STR_FMT "." STR_FMT, STR_ARG(secret_token(a, ID_session, session.u, secret)), STR_ARG(id_str(a, ID_account, account.u)));
}

struct str session_redis_key(struct arena *a, struct account_id account, struct session_id session)
{
    return str_printf(a, "{u:" STR_FMT "}:s:" STR_FMT, STR_ARG(id_str(a, ID_account, account.u)), STR_ARG(id_str(a, ID_session, session.u)));
}

struct str session_hash(struct arena *a, struct str secret)
{
    uint8_t *hash = arena_alloc(a, SHA256_LEN);
    secret_hash(secret, hash);
    return str_of((const char *)hash, SHA256_LEN);
}

static bool split_cookie(struct str cookie, struct session_id *ret_session, struct str *ret_secret, struct account_id *ret_account)
{
    size_t at = cookie.n;
    while (at > 0 && cookie.p[at - 1] != '.')
        at--;
    return cookie.n < 256 && at > 1 && secret_token_split(str_sub(cookie, 0, at - 1), ID_session, &ret_session->u, ret_secret) &&
           id_parse(ID_account, str_sub(cookie, at, cookie.n), &ret_account->u);
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

/* --- what Redis keeps of a browser's session ------------------------------------------------------------------------------ */

/* At most a minute, so that PostgreSQL sees each session's use once a minute. When it was read decides whether news void it; a copy that Redis
 * should have deleted but did not is void all the same. */
enum { KEEP_S = 60 };

struct kept {
    usec_t read_at;                     /* real time, before PostgreSQL was asked */
    struct str hash;                    /* hexadecimal */
    struct q_session_use_row row;
};

static bool take_number(struct str *rest, int64_t *ret)
{
    struct str one;
    return str_split(rest, ' ', &one) && str_to_int64(one, ret);
}

/* "1 read_at hash account staff second_factor fresh_at expires_at permissions…" */
static bool parse_kept(struct str text, struct kept *ret)
{
    struct str form, account;
    int64_t staff, second;
    if (!str_split(&text, ' ', &form) || !str_eq_c(form, "1") || !take_number(&text, &ret->read_at) || !str_split(&text, ' ', &ret->hash) ||
        !str_split(&text, ' ', &account) || !id_parse(ID_account, account, &ret->row.account.u) || !take_number(&text, &staff) || !take_number(&text, &second) ||
        !take_number(&text, &ret->row.fresh_at) || !take_number(&text, &ret->row.expires_at) || str_is_null(text))
        return false;
    ret->row.staff = staff == 1;
    ret->row.second_factor = second == 1;
    ret->row.permissions = text;
    return true;
}

static struct str print_kept(struct call *c, const struct kept *k)
{
    return str_printf(c->arena, "1 %lld " STR_FMT " " STR_FMT " %d %d %lld %lld " STR_FMT, (long long)k->read_at, STR_ARG(k->hash),
                      STR_ARG(id_str(c->arena, ID_account, k->row.account.u)), k->row.staff, k->row.second_factor, (long long)k->row.fresh_at,
                      (long long)k->row.expires_at, STR_ARG(k->row.permissions));
}

/* From Redis, if what it says still counts; a business clock that moved is asked about in PostgreSQL. */
static bool from_redis(struct call *c, struct session_id session, struct account_id account, struct str hash, struct q_session_use_row *ret_row)
{
    struct str text;
    struct kept k = {0};
    if (!c->kv || !c->env->news || !kv_get(c->kv, c->arena, session_redis_key(c->arena, account, session), &text) || !parse_kept(text, &k))
        return false;
    usec_t real = clock_real();
    if (!crypto_equal(k.hash, hash) || !uuid_eq(k.row.account.u, account.u) || k.read_at > real + USEC_PER_SEC || k.read_at < real - KEEP_S * USEC_PER_SEC ||
        k.row.fresh_at > c->now || k.row.expires_at <= c->now || !session_news_good(c->env->news, account, session, k.read_at, real))
        return false;
    *ret_row = k.row;
    return true;
}

bool session_by_cookie(struct call *c, struct str cookie, struct actor *ret_actor, struct err *e)
{
    struct session_id session;
    struct account_id account;
    struct str secret;
    struct kept k = {.read_at = clock_real()};
    if (!split_cookie(cookie, &session, &secret, &account))
        return over(e);
    struct str hash = session_hash(c->arena, secret);
    k.hash = crypto_hex(c->arena, hash.p, hash.n);
    if (!from_redis(c, session, account, k.hash, &k.row)) {
        if (!ask(c, session, secret, &k.row, e))
            return false;
        if (!str_eq_c(k.row.kind, "browser"))            /* an app's refresh token is no cookie */
            return over(e);
        if (c->kv && c->env->news)
            (void)kv_set(c->kv, session_redis_key(c->arena, k.row.account, session), print_kept(c, &k), KEEP_S);
    }
    fill_actor(c, session, &k.row, ret_actor);
    return true;
}

bool session_cookie_rotated(struct call *c, struct str cookie, bool *ret_rotated, struct err *e)
{
    struct session_id session;
    struct account_id account;
    struct str secret;
    struct q_session_rotated_row row;
    *ret_rotated = false;
    if (!split_cookie(cookie, &session, &secret, &account))
        return true;
    struct q_session_rotated_in in = {.id = session, .created = session_created(session), .secret_hash = session_hash(c->arena, secret), .now = c->now};
    if (!q_session_rotated(c->db, c->arena, &in, &row, e))
        return false;
    *ret_rotated = row.rotated;
    return true;
}

/* --- access tokens ------------------------------------------------------------------------------------------------------- */

static bool check_token(struct call *c, struct str token, struct token_claims *ret_claims, enum token_fault *ret_fault, struct err *e)
{
    struct token_keys *keys = session_keys_get(c->env->keys);
    struct token_rules rules = {.issuer = str_from(c->env->config->base_url), .audience = session_audience(c), .type = "at+jwt"};
    *ret_fault = TOKEN_UNKNOWN_KEY;
    bool ok = keys ? token_check(keys, &rules, token, clock_real() / USEC_PER_SEC, c->arena, ret_claims, ret_fault, e)
                   : err_set(e, PROBLEM_INVALID_TOKEN, "no key checks access tokens right now");
    token_keys_unref(keys);
    return ok;
}

/* A key that is none of ours may be that of a user pool whose tokens the shop accepts. */
static bool from_user_pool(struct call *c, struct str token, struct actor *ret_actor, enum token_fault *ret_fault, struct err *e)
{
    struct cognito_pools *pools = session_keys_pools(c->env->keys);
    bool ok = cognito_token_actor(c, pools, token, clock_real() / USEC_PER_SEC, ret_actor, ret_fault, e);
    cognito_pools_unref(pools);
    return ok;
}

static void key_wanted(struct call *c)
{
    struct cognito_pools *pools = session_keys_pools(c->env->keys);
    cognito_keys_wanted(c, pools);
    cognito_pools_unref(pools);
}

enum whose { OURS, USER_POOLS };

/* A key that nobody knows may be a new one. *ret_claims is filled for OURS, *ret_actor for USER_POOLS. */
static bool verify(struct call *c, struct str token, enum whose *ret_whose, struct token_claims *ret_claims, struct actor *ret_actor, struct err *e)
{
    enum token_fault fault;
    struct err again;
    if (!c->env->keys || !c->db)
        return err_set(e, PROBLEM_INVALID_TOKEN, "tokens are not taken here");
    for (int try = 0; try < 2; try++) {
        err_clear(e);
        *ret_whose = OURS;
        if (check_token(c, token, ret_claims, &fault, e))
            return true;
        if (fault != TOKEN_UNKNOWN_KEY && fault != TOKEN_MALFORMED)      /* tokens of others are of another `typ` */
            break;
        *ret_whose = USER_POOLS;
        if (from_user_pool(c, token, ret_actor, &fault, e))
            return true;
        if (fault != TOKEN_UNKNOWN_KEY)
            break;
        err_clear(&again);
        if (try == 0 && !session_keys_unknown(c->env->keys, c->db, &again)) {
            *e = again;
            return false;
        }
    }
    if (fault == TOKEN_UNKNOWN_KEY)
        key_wanted(c);
    LOG(c->env->log, LOG_DEBUG, "token_refused", LOGS("request_id", c->request_id), LOGC("fault", token_fault_name(fault)));
    return false;
}

static bool has_word(struct str words, const char *word)
{
    struct str one;
    while (!str_is_null(words) && str_split(&words, ' ', &one)) {
        if (str_eq_c(one, word))
            return true;
    }
    return false;
}

bool session_by_token(struct call *c, struct str access_token, struct actor *ret_actor, struct err *e)
{
    struct token_claims claims;
    struct account_id account;
    struct session_id session;
    struct q_session_use_row row;
    enum whose whose;
    if (!verify(c, access_token, &whose, &claims, ret_actor, e))
        return false;
    if (whose == USER_POOLS)
        return true;
    if (!id_parse(ID_account, claims.subject, &account.u) || !id_parse(ID_session, claims.session, &session.u))
        return err_set(e, PROBLEM_INVALID_TOKEN, "the token names no account and session");
    if (session_news_good(c->env->news, account, session, claims.issued_s * USEC_PER_SEC, clock_real())) {
        *ret_actor = (struct actor){.kind = has_word(claims.scope, SCOPE_STAFF) ? ACTOR_STAFF : ACTOR_CUSTOMER, .id = claims.subject, .account = account,
                                    .session = session, .permissions = permission_parse(claims.scope), .second_factor = has_word(claims.scope, SCOPE_SECOND_FACTOR)};
        return true;
    }
    /* Something happened to this account or session since the token was issued (or nothing is heard): PostgreSQL says what it is worth now. */
    if (!ask(c, session, STR_NULL, &row, e))
        return e->problem == PROBLEM_UNAUTHENTICATED ? err_set(e, PROBLEM_INVALID_TOKEN, "the session of this token is over") : false;
    if (!str_eq_c(row.kind, "app") || !uuid_eq(row.account.u, account.u))
        return err_set(e, PROBLEM_INVALID_TOKEN, "the token does not belong to its session");
    fill_actor(c, session, &row, ret_actor);
    return true;
}

struct str session_audience(const struct call *c)
{
    const struct config *config = c->env->config;
    return config->token_audience[0] ? str_from(config->token_audience) : str_printf(c->arena, "%s/v1", config->base_url);
}

bool session_look(struct call *c, struct actor *actor, struct err *e)
{
    struct q_session_use_row row;
    struct session_id session = actor->session;
    if (!ask(c, session, STR_NULL, &row, e))
        return false;
    if (!uuid_eq(row.account.u, actor->account.u))
        return over(e);
    fill_actor(c, session, &row, actor);
    return true;
}

bool session_revoke(struct call *c, struct str token, struct err *e)
{
    struct q_session_use_row row;
    struct session_id session;
    struct str secret;
    struct actor who;
    bool ok = secret_token_split(token, ID_session, &session.u, &secret) ? ask(c, session, secret, &row, e) : session_by_token(c, token, &who, e);
    if (!ok) {
        bool none = e->problem == PROBLEM_UNAUTHENTICATED || e->problem == PROBLEM_INVALID_TOKEN;
        if (none)
            err_clear(e);
        return none;
    }
    if (token_is_jwt(token))
        return session_end(c, who.account, who.session, "signed_out", e);
    return !str_eq_c(row.kind, "app") || session_end(c, row.account, session, "signed_out", e);
}

bool session_jwks(struct call *c, struct str *ret_json, struct err *e)
{
    struct token_keys *keys = session_keys_get(c->env->keys);
    if (!keys)
        return err_set(e, PROBLEM_UNAVAILABLE, "the keys are not known yet");
    *ret_json = token_keys_print(keys, c->arena, clock_real() / USEC_PER_SEC);
    token_keys_unref(keys);
    return true;
}
