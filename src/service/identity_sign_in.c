/* The way to a provider and back: a state that works once, an ID token that is checked, and whose account it is. */
#include <poll.h>

#include "auth/token.h"
#include "base/clock.h"
#include "crypto/keyring.h"
#include "json/json.h"
#include "service/audit.h"
#include "service/identity_internal.h"

#include "domain/contact.h"
#include "domain/return_to.h"

enum { SECRET_LEN = 32, SECRET_TEXT = 43, PAYLOAD_MAX = 80, LOCK_PAUSE_MS = 30 };

static const char state_purpose[] = "oidc-state/1";

/* --- what is derived from the challenge's id ----------------------------------------------------------------------------------- */

static struct str state_key(struct call *c)
{
    uint8_t *key = arena_alloc(c->arena, AEAD_KEY_LEN);
    arena_cleanse(c->arena, key, AEAD_KEY_LEN);
    keyring_derive(c->env->keyring, KEY_STATE, key);
    return str_of((const char *)key, AEAD_KEY_LEN);
}

static struct str derived(struct call *c, const char *what, struct challenge_id id)
{
    uint8_t mac[SHA256_LEN];
    struct str text = id_str(c->arena, ID_challenge, id.u);
    crypto_hmac_sha256(state_key(c), str_printf(c->arena, "oidc-%s:" STR_FMT, what, STR_ARG(text)), mac);
    return crypto_base64url(c->arena, str_of((const char *)mac, sizeof mac));
}

static struct str hash_of(struct arena *a, struct str secret)
{
    uint8_t *hash = arena_alloc(a, SHA256_LEN);
    crypto_sha256(secret, hash);
    return str_of((const char *)hash, SHA256_LEN);
}

static bool secret_ok(struct arena *a, struct str text)
{
    struct str bytes;
    return text.n == SECRET_TEXT && crypto_unbase64url(a, text, &bytes) && bytes.n == SECRET_LEN;
}

static struct str redirect_uri(struct call *c, struct str provider)
{
    return str_printf(c->arena, "%s/v1/auth/oidc/" STR_FMT "/callback", c->env->config->base_url, STR_ARG(provider));
}

/* --- the way out ----------------------------------------------------------------------------------------------------------------- */

struct journey { struct uuid provider; struct str return_to; enum identity_purpose purpose; int64_t began_s; /* real time */ };

static const char *const purposes[] = {[IDENTITY_TO_SIGN_IN] = "sign_in", [IDENTITY_TO_LINK] = "link", [IDENTITY_TO_CONFIRM] = "confirm"};

static bool purpose_find(struct str name, enum identity_purpose *ret)
{
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++) {
        if (!str_eq_c(name, purposes[i]))
            continue;
        *ret = (enum identity_purpose)i;
        return true;
    }
    return false;
}

static struct str journey_json(struct arena *a, const struct journey *j)
{
    struct buf b;
    char provider[37];
    buf_init_arena(&b, a, 0);
    uuid_format(j->provider, provider);
    buf_cstr(&b, "{\"provider\":");
    json_put_string(&b, str_from(provider));
    buf_cstr(&b, ",\"return_to\":");
    json_put_string(&b, j->return_to);
    buf_printf(&b, ",\"purpose\":\"%s\",\"began\":%lld}", purposes[j->purpose], (long long)j->began_s);
    return buf_view(&b);
}

bool identity_start(struct call *c, struct str provider, struct str cookie, struct str return_to, enum identity_purpose purpose, struct identity_start *ret, struct err *e)
{
    struct provider p;
    struct challenge_id id = {uuid_v7(c->now)};
    char random[SECRET_LEN];
    if (!provider_ready(c, provider, &p, e))
        return false;
    crypto_random(random, sizeof random);
    struct str secret = secret_ok(c->arena, cookie) ? cookie : crypto_base64url(c->arena, str_of(random, sizeof random));
    struct journey j = {p.row.id, return_to_or_default(return_to), purpose, clock_real() / USEC_PER_SEC};
    struct account_id account = purpose == IDENTITY_TO_SIGN_IN ? (struct account_id){{{0}}} : c->actor.account;
    if (!q_oidc_challenge_new(c->db, c->arena, &(struct q_oidc_challenge_new_in){.id = id, .account = account,
                                  .browser_hash = hash_of(c->arena, secret), .data = journey_json(c->arena, &j), .expires = c->now + OIDC_LIFE, .now = c->now}, NULL, e))
        return false;
    struct oidc_request q = {.client_id = p.row.client_id, .redirect_uri = redirect_uri(c, p.name), .scopes = p.row.scopes, .nonce = derived(c, "nonce", id),
                             .verifier = derived(c, "verifier", id), .locale = c->market ? c->market->locale : STR_NULL,
                             .again = purpose == IDENTITY_TO_CONFIRM,
                             .state = crypto_token_make(c->arena, state_key(c), state_purpose, id_str(c->arena, ID_challenge, id.u), (c->now + OIDC_LIFE) / USEC_PER_SEC)};
    *ret = (struct identity_start){oidc_authorization_url(c->arena, &p.endpoints, &q), secret};
    return true;
}

/* --- the way back ------------------------------------------------------------------------------------------------------------------ */

static bool lost(struct err *e)
{
    return err_set(e, PROBLEM_EXPIRED, "This sign-in was begun elsewhere, took too long or was finished already; begin again.");
}

/* Uses the state up. In another browser than the one that began nothing happens. */
static bool journey_take(struct call *c, struct str state, struct str cookie, struct challenge_id *ret_id, struct account_id *ret_account, struct journey *ret, struct err *e)
{
    struct str payload, provider;
    struct q_oidc_challenge_use_row row;
    const struct json_value *data;
    struct err why = {0};
    bool found;
    if (!secret_ok(c->arena, cookie) || str_is_null(state) ||
        !crypto_token_check(c->arena, state_key(c), state_purpose, state, c->now / USEC_PER_SEC, &payload, &why) || !id_parse(ID_challenge, payload, &ret_id->u))
        return lost(e);
    if (!q_oidc_challenge_use(c->db, c->arena, &(struct q_oidc_challenge_use_in){*ret_id, hash_of(c->arena, cookie), c->now}, &row, &found, e))
        return false;
    if (!found)
        return lost(e);
    if (!json_object_read(row.data, c->arena, &data, e))
        return false;
    provider = json_member_str(data, "provider");
    *ret = (struct journey){.return_to = return_to_or_default(json_member_str(data, "return_to"))};
    *ret_account = row.account;
    return (uuid_parse(provider, &ret->provider) && purpose_find(json_member_str(data, "purpose"), &ret->purpose) &&
            json_value_int(json_member(data, "began"), &ret->began_s)) || lost(e);
}

/* What the person or the provider decided instead of a code (RFC 6749 section 4.1.2.1). */
static bool denied(struct str error)
{
    static const char *const words[] = {"access_denied", "login_required", "interaction_required", "account_selection_required", "consent_required"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq_c(error, words[i]))
            return true;
    }
    return false;
}

/* --- the ID token -------------------------------------------------------------------------------------------------------------------- */

/* What a provider says of somebody. email and name absent: not said, or not fit to be kept. auth_time_s 0: it does not say when. */
struct outsider { struct str subject, email, name; bool email_verified; int64_t auth_time_s; };

static bool not_right(struct call *c, enum token_fault fault, struct err *e)
{
    LOG(c->env->log, LOG_WARN, "id_token", LOGC("fault", token_fault_name(fault)), LOGS("request_id", c->request_id));
    (void)err_set(e, PROBLEM_INVALID_TOKEN, "What the sign-in provider sent is not right.");
    return err_cause(e, "ID token: %s", token_fault_name(fault));
}

static bool check_once(struct call *c, const struct provider *p, const struct token_rules *rules, struct str token, struct token_claims *ret, enum token_fault *ret_fault,
                       struct err *e)
{
    struct token_keys *keys;
    *ret_fault = TOKEN_UNKNOWN_KEY;
    if (!token_keys_parse(p->row.jwks, &keys, e))
        return false;
    bool ok = token_check(keys, rules, token, clock_real() / USEC_PER_SEC, c->arena, ret, ret_fault, e);
    token_keys_unref(keys);
    return ok;
}

/* A key that is not known yet is fetched, once. */
static bool check_token(struct call *c, struct provider *p, const struct token_rules *rules, struct str token, struct token_claims *ret, struct err *e)
{
    enum token_fault fault;
    bool newer = false;
    struct err why = {0};
    if (check_once(c, p, rules, token, ret, &fault, &why))
        return true;
    if (fault != TOKEN_UNKNOWN_KEY)
        return not_right(c, fault, e);
    if (!provider_keys_again(c, p, &newer, e))
        return false;
    err_clear(&why);
    return (newer && check_once(c, p, rules, token, ret, &fault, &why)) || not_right(c, fault, e);
}

/* Some providers write "true". */
static bool says_true(const struct json_value *v)
{
    bool b = false;
    struct str s;
    return json_value_bool(v, &b) ? b : json_value_str(v, &s) && str_eq_c(s, "true");
}

static void take_claims(struct call *c, const struct json_value *claims, struct outsider *o)
{
    enum { NAME_MAX_CHARS = 100 };
    struct str email = json_member_str(claims, "email"), name = json_member_str(claims, "name"), normal;
    if (!str_is_null(email) && email_normalise(c->arena, email, &normal)) {
        o->email = normal;
        o->email_verified = says_true(json_member(claims, "email_verified"));
    }
    if (!str_is_null(name) && str_is_text(name, false) && str_trim(name).n > 0 && str_utf8_length(name) <= NAME_MAX_CHARS)
        o->name = str_trim(name);
}

static bool learn(struct call *c, struct provider *p, const struct oidc_exchange *x, struct str nonce, struct outsider *ret, struct err *e)
{
    struct oidc_tokens t;
    struct token_claims claims;
    struct outsider o = {0};
    const struct json_value *more;
    db_release(c->db);
    if (!oidc_exchange_code(c->env->http, c->arena, &p->endpoints, x, provider_deadline(c), &t, e))
        return false;
    struct token_rules rules = {.issuer = p->row.issuer, .audience = p->row.client_id, .type = "JWT", .type_optional = true, .max = TOKEN_ID_MAX, .nonce = nonce,
                                .client_id = p->row.client_id, .access_token = t.access_token};
    if (!check_token(c, p, &rules, t.id_token, &claims, e))
        return false;
    if (str_is_null(nonce) && !str_is_null(claims.nonce))
        return not_right(c, TOKEN_WRONG_NONCE, e);
    if (claims.subject.n == 0 || claims.subject.n > OIDC_SUBJECT_MAX || !str_is_text(claims.subject, false))
        return not_right(c, TOKEN_BAD_CLAIMS, e);
    o.subject = claims.subject;
    o.auth_time_s = claims.auth_time_s;
    take_claims(c, claims.all, &o);
    if (str_is_null(o.email) && !str_is_null(p->endpoints.userinfo)) {      /* with a code, most claims come from there (Core section 5.4) */
        db_release(c->db);
        if (!oidc_userinfo(c->env->http, c->arena, &p->endpoints, t.access_token, o.subject, provider_deadline(c), &more, e))
            return false;
        take_claims(c, more, &o);
    }
    *ret = o;
    return true;
}

/* --- whose account ---------------------------------------------------------------------------------------------------------------------- */

static bool find_account(struct call *c, const struct provider *p, struct str subject, struct account_id *ret, bool *ret_found, struct err *e)
{
    struct q_external_identity_find_row row;
    if (!q_external_identity_find(c->db, c->arena, &(struct q_external_identity_find_in){p->row.id, subject}, &row, ret_found, e))
        return false;
    if (*ret_found)
        *ret = row.account;
    return true;
}

/* *ret_taken: somebody else has the subject, or the account another one of this provider. */
static bool join(struct call *c, const struct provider *p, struct str subject, struct account_id account, const char *how, bool *ret_taken, struct err *e)
{
    int64_t added;
    struct str detail = str_printf(c->arena, "{\"provider\":\"" STR_FMT "\",\"how\":\"%s\"}", STR_ARG(p->name), how);
    if (!q_external_identity_add(c->db, c->arena, &(struct q_external_identity_add_in){p->row.id, subject, account, str_from(how), c->now}, &added, e))
        return false;
    *ret_taken = added == 0;
    if (*ret_taken)
        return true;
    return audit_write(c, "identity.linked", "account", account.u, detail, e) &&
           (strcmp(how, "new") == 0 || account_mail(c, "identity_linked", account, (struct uuid){0}, e));
}

/* An account for somebody whose address the provider verified, or for somebody without one. */
static bool begin_account(struct call *c, const struct provider *p, const struct outsider *o, struct account_id *ret, struct err *e)
{
    bool taken;
    struct account_new in = {.email = o->email_verified ? o->email : STR_NULL, .name = o->name, .verified = o->email_verified,
                             .locale = c->market ? c->market->locale : STR_NULL};
    if (!account_create(c, &in, ret, e) || !join(c, p, o->subject, *ret, "new", &taken, e))
        return false;
    return !taken || err_cause(e, "an identity was linked while it was locked");
}

static bool match(struct call *c, const struct provider *p, const struct outsider *o, struct account_id *ret, enum identity_outcome *ret_outcome, struct err *e)
{
    struct account a;
    bool found, taken;
    *ret_outcome = IDENTITY_SIGNED_IN;
    if (!find_account(c, p, o->subject, ret, &found, e))
        return false;
    if (found)
        return q_external_identity_used(c->db, c->arena, &(struct q_external_identity_used_in){p->row.id, o->subject, c->now}, NULL, e);
    if (!o->email_verified)
        return begin_account(c, p, o, ret, e);
    if (!account_find(c, o->email, ret, &found, e))
        return false;
    if (!found)
        return begin_account(c, p, o, ret, e);
    if (!account_read(c, *ret, &a, e))
        return false;
    if (!a.email_verified) {
        *ret_outcome = IDENTITY_SIGN_IN_FIRST;
        return true;
    }
    if (!join(c, p, o->subject, *ret, "email", &taken, e))
        return false;
    if (taken)
        *ret_outcome = IDENTITY_LINKED_ELSEWHERE;
    return true;
}

static bool link_to(struct call *c, const struct provider *p, const struct outsider *o, struct account_id account, enum identity_outcome *ret_outcome, struct err *e)
{
    struct account_id present;
    bool found, taken = false;
    if (!find_account(c, p, o->subject, &present, &found, e))
        return false;
    if (!found && !join(c, p, o->subject, account, "linked", &taken, e))
        return false;
    *ret_outcome = taken || (found && !uuid_eq(present.u, account.u)) ? IDENTITY_LINKED_ELSEWHERE : IDENTITY_LINKED;
    return true;
}

/* The account's owner signed in at the provider once more, after being asked to. */
static bool confirm(struct call *c, const struct provider *p, const struct outsider *o, const struct journey *j, struct identity_result *r, struct err *e)
{
    struct account_id account;
    bool found;
    if (o->auth_time_s != 0 && o->auth_time_s < j->began_s - TOKEN_LEEWAY_S)
        return not_right(c, TOKEN_EXPIRED, e);
    if (!find_account(c, p, o->subject, &account, &found, e))
        return false;
    if (!found || !uuid_eq(account.u, c->actor.account.u)) {
        r->outcome = IDENTITY_ANOTHER;
        return true;
    }
    r->outcome = IDENTITY_CONFIRMED;
    return q_external_identity_used(c->db, c->arena, &(struct q_external_identity_used_in){p->row.id, o->subject, c->now}, NULL, e) &&
           audit_write(c, "session.confirmed", "account", account.u, STR("{\"method\":\"oidc\"}"), e) &&
           session_raise(c, c->actor.session, c->actor.second_factor || p->row.second_factor, &r->grant, e);
}

/* Two sign-ins of somebody new at once make one account. */
static int64_t lock_key(const struct provider *p, struct str subject)
{
    uint8_t hash[SHA256_LEN];
    char text[37 + OIDC_SUBJECT_MAX + 1];
    int64_t key;
    uuid_format(p->row.id, text);
    memcpy(text + 36, subject.p, subject.n);
    crypto_sha256(str_of(text, 36 + subject.n), hash);
    memcpy(&key, hash, sizeof key);
    return key;
}

static bool lock(struct call *c, int64_t key, struct err *e)
{
    bool got = false;
    int64_t deadline = provider_deadline(c);
    for (;;) {
        if (!db_try_lock(c->db, key, &got, e))
            return false;
        if (got)
            return true;
        if (clock_monotonic() > deadline)
            return err_set(e, PROBLEM_UNAVAILABLE, "The same sign-in is still being worked on.");
        (void)poll(NULL, 0, LOCK_PAUSE_MS);
    }
}

static bool match_alone(struct call *c, const struct provider *p, const struct outsider *o, struct account_id *ret, enum identity_outcome *ret_outcome, struct err *e)
{
    int64_t key = lock_key(p, o->subject);
    struct err ignored = {0};
    if (!lock(c, key, e))
        return false;
    bool ok = match(c, p, o, ret, ret_outcome, e);
    if (!db_unlock(c->db, key, &ignored))
        db_release(c->db);
    return ok;
}

static bool sign_in(struct call *c, const struct provider *p, const struct outsider *o, enum session_kind kind, struct str trusted, struct identity_result *r, struct err *e)
{
    struct account_id account;
    if (!match_alone(c, p, o, &account, &r->outcome, e))
        return false;
    if (r->outcome != IDENTITY_SIGNED_IN)
        return true;
    return login_finish(c, account, kind, SESSION_BY_OIDC, p->row.second_factor, trusted, &r->login, e);
}

/* --- the two ends ------------------------------------------------------------------------------------------------------------------------- */

/* RFC 9207: an answer of another issuer (mix-up) is thrown away, and its code is never sent anywhere. */
static bool issuer_ok(const struct provider *p, struct str issuer)
{
    return str_is_null(issuer) ? !p->endpoints.names_issuer : str_eq(issuer, p->row.issuer);
}

bool identity_finish(struct call *c, struct str provider, struct str cookie, const struct identity_answer *in, struct str trusted, struct identity_result *ret, struct err *e)
{
    struct provider p;
    struct challenge_id id;
    struct account_id account;
    struct journey j;
    struct outsider o;
    struct identity_result r = {0};
    if (!provider_load(c, provider, &p, e) || !journey_take(c, in->state, cookie, &id, &account, &j, e))
        return false;
    if (!uuid_eq(j.provider, p.row.id) || (j.purpose != IDENTITY_TO_SIGN_IN && (uuid_is_zero(account.u) || !uuid_eq(account.u, c->actor.account.u))))
        return lost(e);
    r.label = p.row.label;
    r.return_to = j.return_to;
    if (!provider_ready(c, provider, &p, e))
        return false;
    if (!issuer_ok(&p, in->issuer))
        return not_right(c, TOKEN_WRONG_ISSUER, e);
    if (denied(in->error)) {
        r.outcome = IDENTITY_DENIED;
        *ret = r;
        return true;
    }
    if (str_is_null(in->code) || in->code.n > OIDC_CODE_MAX || !str_is_null(in->error)) {
        (void)err_set(e, PROBLEM_UNAVAILABLE, "The sign-in provider could not do its part.");
        return err_cause(e, "the provider answered without a code");
    }
    struct oidc_exchange x = {.client_id = p.row.client_id, .redirect_uri = redirect_uri(c, p.name), .code = in->code, .verifier = derived(c, "verifier", id)};
    if (!provider_secret(c, &p, &x.client_secret, e) || !learn(c, &p, &x, derived(c, "nonce", id), &o, e))
        return false;
    bool ok = j.purpose == IDENTITY_TO_LINK ? link_to(c, &p, &o, account, &r.outcome, e) :
              j.purpose == IDENTITY_TO_CONFIRM ? confirm(c, &p, &o, &j, &r, e) : sign_in(c, &p, &o, SESSION_BROWSER, trusted, &r, e);
    if (ok)
        *ret = r;
    return ok;
}

bool identity_exchange(struct call *c, struct str provider, const struct identity_code *in, struct identity_result *ret, struct err *e)
{
    struct provider p;
    struct outsider o;
    struct identity_result r = {0};
    bool allowed = false;
    if (!provider_ready(c, provider, &p, e))
        return false;
    for (size_t i = 0; i < p.row.app_redirects.n; i++)
        allowed = allowed || str_eq(p.row.app_redirects.v[i], in->redirect_uri);
    if (!allowed)
        return err_param(e, PROBLEM_INVALID, "redirect_uri", "This address is not among those that the provider's row allows.");
    r.label = p.row.label;
    struct oidc_exchange x = {.client_id = p.row.client_id, .redirect_uri = in->redirect_uri, .code = in->code, .verifier = in->code_verifier};
    if (!provider_secret(c, &p, &x.client_secret, e) || !learn(c, &p, &x, in->nonce, &o, e) || !sign_in(c, &p, &o, SESSION_APP, in->trusted, &r, e))
        return false;
    *ret = r;
    return true;
}
