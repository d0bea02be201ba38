#include "service/challenge.h"

#include <stdio.h>

#include "crypto/keyring.h"
#include "service/person.h"
#include "sql/challenge.h"

enum { SECRET_LEN = 16, LINK_LEN = 16 };

/* --- secrets ------------------------------------------------------------------------------------------------------------- */

static void derive(struct call *c, const char *what, struct challenge_id id, int64_t n, uint8_t ret_mac[SHA256_LEN])
{
    uint8_t key[AEAD_KEY_LEN];
    struct str text = str_printf(c->arena, "%s:" STR_FMT ":%lld", what, STR_ARG(id_str(c->arena, ID_challenge, id.u)), (long long)n);
    keyring_derive(c->env->keyring, KEY_CHALLENGE, key);
    crypto_hmac_sha256(str_of((const char *)key, sizeof key), text, ret_mac);
    crypto_cleanse(key, sizeof key);
}

struct str challenge_code(struct call *c, struct challenge_id id, int64_t sends)
{
    uint8_t mac[SHA256_LEN];
    uint64_t n = 0;
    derive(c, "code", id, sends, mac);
    for (int i = 0; i < 8; i++)
        n = n << 8 | mac[i];
    char *text = arena_printf(c->arena, "%06u", (unsigned)(n % 1000000));      /* 2^64 is so much larger that no code is likelier than another */
    arena_cleanse(c->arena, text, 6);
    return str_of(text, 6);
}

static struct str link_secret(struct call *c, struct challenge_id id)
{
    uint8_t mac[SHA256_LEN];
    derive(c, "link", id, 0, mac);
    return crypto_base64url(c->arena, str_of((const char *)mac, LINK_LEN));
}

struct str challenge_link(struct call *c, struct challenge_id id)
{
    struct str secret = link_secret(c, id), name = id_str(c->arena, ID_challenge, id.u);
    return str_printf(c->arena, STR_FMT "." STR_FMT, STR_ARG(name), STR_ARG(secret));
}

/* "<chl_…>.<secret>" */
static bool take_apart(struct str token, struct challenge_id *ret_id, struct str *ret_secret)
{
    struct str head, rest = token;
    if (token.n > 100 || !str_split(&rest, '.', &head) || !id_parse(ID_challenge, head, &ret_id->u) || str_is_empty(rest))
        return false;
    *ret_secret = rest;
    return true;
}

static struct str hash_of(struct call *c, struct str secret)
{
    uint8_t *hash = arena_alloc(c->arena, SHA256_LEN);
    crypto_sha256(secret, hash);
    return str_of((const char *)hash, SHA256_LEN);
}

/* --- sealing ------------------------------------------------------------------------------------------------------------- */

static struct str seal(struct call *c, const char *column, struct challenge_id id, struct str plain)
{
    uint8_t key[AEAD_KEY_LEN];
    if (str_is_null(plain))
        return STR_NULL;
    keyring_derive(c->env->keyring, KEY_CHALLENGE_SEAL, key);
    struct str sealed = crypto_seal(c->arena, key, person_context(c->arena, column, id.u), plain);
    crypto_cleanse(key, sizeof key);
    return sealed;
}

static bool unseal(struct call *c, const char *column, struct challenge_id id, struct str sealed, struct str *ret, struct err *e)
{
    uint8_t key[AEAD_KEY_LEN];
    *ret = STR_NULL;
    if (str_is_null(sealed))
        return true;
    keyring_derive(c->env->keyring, KEY_CHALLENGE_SEAL, key);
    bool ok = crypto_open(c->arena, key, person_context(c->arena, column, id.u), sealed, ret, e);
    crypto_cleanse(key, sizeof key);
    return ok;
}

#define PLACE_EMAIL "identity.challenge.email"
#define PLACE_NAME "identity.challenge.name"
#define PLACE_BEFORE "identity.challenge.email_before"

struct str challenge_seal_before(struct call *c, struct challenge_id id, struct str email)
{
    return seal(c, PLACE_BEFORE, id, email);
}

/* --- beginning ----------------------------------------------------------------------------------------------------------- */

bool challenge_begin(struct call *c, const struct challenge_new *in, struct challenge_id *ret_id, struct str *ret_verification, struct err *e)
{
    struct challenge_id id = {uuid_v7(c->now)};
    struct q_challenge_begin_row row;
    uint8_t random[SECRET_LEN];
    crypto_random(random, sizeof random);
    struct str secret = crypto_base64url(c->arena, str_of((const char *)random, sizeof random));
    crypto_cleanse(random, sizeof random);
    struct str email = seal(c, PLACE_EMAIL, id, in->email);          /* also where it is not kept: known addresses cost what unknown ones cost */
    if (!q_challenge_begin(c->db, c->arena, &(struct q_challenge_begin_in){
            .id = id, .purpose = str_from(in->purpose), .account = in->account, .email_hash = str_is_null(in->email) ? STR_NULL : person_email_hash(c, in->email),
            .email = in->to_owner ? STR_NULL : email, .name = seal(c, PLACE_NAME, id, in->name), .password = in->password, .browser_hash = hash_of(c, secret),
            .data = in->data, .locale = !str_is_null(in->locale) ? in->locale : c->market ? c->market->locale : STR_NULL, .mail = str_from(in->mail), .decoy = in->decoy,
            .message = {uuid_v7(c->now)}, .sends = CHALLENGE_SENDS, .expires = c->now + in->life, .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now},
            &row, e))
        return false;
    if (ret_id)
        *ret_id = id;
    if (ret_verification)
        *ret_verification = str_printf(c->arena, STR_FMT "." STR_FMT, STR_ARG(id_str(c->arena, ID_challenge, id.u)), STR_ARG(secret));
    return true;
}

bool challenge_resend(struct call *c, const char *purpose, struct str verification, struct err *e)
{
    struct challenge_id id;
    struct str secret;
    struct q_challenge_resend_row row;
    if (!take_apart(verification, &id, &secret))
        return true;
    return q_challenge_resend(c->db, c->arena, &(struct q_challenge_resend_in){
        .id = id, .purpose = str_from(purpose), .browser_hash = hash_of(c, secret), .message = {uuid_v7(c->now)}, .sends = CHALLENGE_SENDS, .request_id = c->request_id,
        .trace_id = c->trace_id, .now = c->now}, &row, e);
}

/* --- proving ------------------------------------------------------------------------------------------------------------- */

bool challenge_read(struct call *c, struct challenge_id id, struct challenge *ret, bool *ret_found, struct err *e)
{
    struct q_challenge_get_row r;
    if (!q_challenge_get(c->db, c->arena, &(struct q_challenge_get_in){.id = id}, &r, ret_found, e))
        return false;
    if (!*ret_found)
        return true;
    struct challenge ch = {.id = id, .purpose = r.purpose, .account = r.account, .email_hash = r.email_hash, .password = r.password, .data = r.data, .locale = r.locale,
                           .mail = r.mail, .decoy = r.decoy, .sends = r.sends, .sent_at = r.sent_at, .expires_at = r.expires_at, .created_at = r.created_at,
                           .used_at = r.used_at, .place = r.place, .session_kind = r.session_kind, .method = r.method, .password_at = r.password_at.v};
    if (!unseal(c, PLACE_EMAIL, id, r.email, &ch.email, e) || !unseal(c, PLACE_NAME, id, r.name, &ch.name, e) ||
        !unseal(c, PLACE_BEFORE, id, r.email_before, &ch.email_before, e))
        return false;
    *ret = ch;
    return true;
}

static bool over(struct err *e)
{
    return err_set(e, PROBLEM_EXPIRED, "This code or link is over or was used already; ask for a new one.");
}

static bool too_many(struct err *e)
{
    return err_set(e, PROBLEM_TOO_MANY_TRIES, "There were too many tries; ask for a new code.");
}

/* Why no try was granted. */
static bool no_try(struct call *c, struct challenge_id id, const char *purpose, struct str browser_hash, struct err *e)
{
    struct q_challenge_get_row r;
    bool found;
    if (!q_challenge_get(c->db, c->arena, &(struct q_challenge_get_in){.id = id}, &r, &found, e))
        return false;
    bool theirs = found && str_eq_c(r.purpose, purpose) && !str_is_null(r.browser_hash) && crypto_equal(r.browser_hash, browser_hash);
    return theirs && r.used_at == 0 && r.expires_at > c->now && r.tries >= CHALLENGE_TRIES ? too_many(e) : over(e);
}

static bool try(struct call *c, const char *purpose, struct str verification, struct challenge_id *ret_id, struct q_challenge_try_row *ret, struct err *e)
{
    struct str secret;
    bool found;
    if (!take_apart(verification, ret_id, &secret))
        return over(e);
    struct str hash = hash_of(c, secret);
    if (!q_challenge_try(c->db, c->arena, &(struct q_challenge_try_in){.id = *ret_id, .purpose = str_from(purpose), .browser_hash = hash, .tries = CHALLENGE_TRIES, .now = c->now},
                         ret, &found, e))
        return false;
    return found ? true : no_try(c, *ret_id, purpose, hash, e);
}

/* The row behind a try that was granted. */
static bool read_live(struct call *c, struct challenge_id id, struct challenge *ret, struct err *e)
{
    bool found;
    if (!challenge_read(c, id, ret, &found, e))
        return false;
    return found && ret->used_at == 0 && ret->expires_at > c->now ? true : over(e);
}

/* As people type it: "123 456", "123-456". */
static struct str as_typed(struct call *c, struct str code)
{
    char *out = arena_alloc(c->arena, code.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] != ' ' && code.p[i] != '-')
            out[n++] = code.p[i];
    arena_cleanse(c->arena, out, n);
    return str_of(out, n);
}

bool challenge_by_code(struct call *c, const char *purpose, struct str verification, struct str code, struct challenge *ret, struct err *e)
{
    struct challenge_id id;
    struct q_challenge_try_row row;
    if (!try(c, purpose, verification, &id, &row, e))
        return false;
    bool live = row.sends > 0 && c->now < row.sent_at + CHALLENGE_CODE_LIFE;
    bool same = crypto_equal(as_typed(c, code), challenge_code(c, id, row.sends));
    if (!live && row.sends > 0)
        return over(e);
    if (!same || !live || row.decoy)
        return err_param(e, PROBLEM_INVALID_CODE, "code", "This is not the code that we sent.");
    return read_live(c, id, ret, e);
}

bool challenge_by_holder(struct call *c, const char *purpose, struct str verification, struct challenge *ret, struct err *e)
{
    struct challenge_id id;
    struct q_challenge_try_row row;
    return try(c, purpose, verification, &id, &row, e) && read_live(c, id, ret, e);
}

bool challenge_peek(struct call *c, const char *purpose, struct str verification, struct challenge *ret, struct err *e)
{
    struct challenge_id id;
    struct str secret;
    struct q_challenge_get_row r;
    bool found;
    if (!take_apart(verification, &id, &secret))
        return over(e);
    if (!q_challenge_get(c->db, c->arena, &(struct q_challenge_get_in){.id = id}, &r, &found, e))
        return false;
    if (!found || !str_eq_c(r.purpose, purpose) || str_is_null(r.browser_hash) || !crypto_equal(r.browser_hash, hash_of(c, secret)) || r.tries >= CHALLENGE_TRIES)
        return over(e);
    return read_live(c, id, ret, e);
}

bool challenge_by_link(struct call *c, const char *purpose, struct str link, struct challenge *ret, struct err *e)
{
    struct challenge_id id;
    struct str secret;
    if (!take_apart(link, &id, &secret) || !crypto_equal(secret, link_secret(c, id)))
        return over(e);
    if (!read_live(c, id, ret, e))
        return false;
    return str_eq_c(ret->purpose, purpose) && !ret->decoy && ret->sends > 0 ? true : over(e);
}

bool challenge_count(struct call *c, struct challenge_id id, struct err *e)
{
    struct q_challenge_count_row row;
    bool found;
    if (!q_challenge_count(c->db, c->arena, &(struct q_challenge_count_in){.id = id, .tries = CHALLENGE_TRIES, .now = c->now}, &row, &found, e))
        return false;
    return found ? true : too_many(e);
}

bool challenge_held_by(struct call *c, const struct challenge *ch, struct str verification, bool *ret_held, struct err *e)
{
    struct challenge_id id;
    struct str secret;
    struct q_challenge_get_row r;
    bool found;
    *ret_held = false;
    if (!take_apart(verification, &id, &secret) || !uuid_eq(id.u, ch->id.u))
        return true;
    if (!q_challenge_get(c->db, c->arena, &(struct q_challenge_get_in){.id = id}, &r, &found, e))
        return false;
    *ret_held = found && !str_is_null(r.browser_hash) && crypto_equal(r.browser_hash, hash_of(c, secret));
    return true;
}

bool challenge_use(struct call *c, struct challenge_id id, bool *ret_first, struct err *e)
{
    int64_t n;
    if (!q_challenge_use(c->db, c->arena, &(struct q_challenge_use_in){.id = id, .now = c->now}, &n, e))
        return false;
    *ret_first = n == 1;
    return true;
}
