#include "service/signing_key.h"

#include "auth/token.h"
#include "auth/token_sign.h"
#include "crypto/keyring.h"
#include "sql/identity_key.h"

enum { KID_BYTES = 12 };

struct fresh_key {
    struct str kid, public_key, sealed;
};

void signing_key_start(struct service_env *env)
{
    env->signer = token_signer_new();
}

void signing_key_stop(struct service_env *env)
{
    token_signer_destroy(env->signer);
    env->signer = NULL;
}

static struct str context_of(struct arena *a, struct str kid)
{
    return str_printf(a, "identity.signing_key:" STR_FMT, STR_ARG(kid));
}

static void make_key(const struct keyring *ring, struct arena *a, struct fresh_key *ret)
{
    uint8_t wrap[AEAD_KEY_LEN], random[KID_BYTES];
    struct sign_key *key = sign_key_generate();
    crypto_random(random, sizeof(random));
    ret->kid = crypto_base64url(a, str_of((const char *)random, sizeof(random)));
    ret->public_key = sign_key_to_spki(key, a);
    keyring_derive(ring, KEY_SIGNING_WRAP, wrap);
    ret->sealed = crypto_seal(a, wrap, context_of(a, ret->kid), sign_key_to_pkcs8(key, a));
    crypto_cleanse(wrap, sizeof(wrap));
    sign_key_free(key);
}

static bool use_key(const struct service_env *env, struct arena *a, const struct q_signing_key_present_row *row, struct err *e)
{
    uint8_t wrap[AEAD_KEY_LEN];
    struct str pkcs8;
    keyring_derive(env->keyring, KEY_SIGNING_WRAP, wrap);
    bool ok = crypto_open(a, wrap, context_of(a, row->kid), row->private_key, &pkcs8, e);
    crypto_cleanse(wrap, sizeof(wrap));
    if (!ok)
        return err_cause(e, "the key that signs access tokens does not open with this master key");
    arena_cleanse(a, (char *)(uintptr_t)pkcs8.p, pkcs8.n);
    return token_signer_set(env->signer, row->kid, pkcs8, e);
}

static bool tick(const struct service_env *env, struct db *db, struct arena *a, struct err *e)
{
    struct q_signing_key_present_row row;
    struct q_signing_key_present_in in = {.real = clock_real()};
    bool found;
    if (!q_signing_key_present(db, a, &in, &row, &found, e))
        return false;
    if (!found) {
        struct fresh_key k;
        struct q_signing_key_first_row made;
        make_key(env->keyring, a, &k);
        struct q_signing_key_first_in first = {.kid = k.kid, .public = k.public_key, .private = k.sealed, .real = in.real};
        if (!q_signing_key_first(db, a, &first, &made, e) || !q_signing_key_present(db, a, &in, &row, &found, e))
            return false;
        if (made.made)
            LOG(env->log, LOG_INFO, "signing_key_made", LOGS("kid", k.kid));
    }
    if (!found)
        return err_set(e, PROBLEM_UNAVAILABLE, "no key signs access tokens right now");
    if (str_eq(token_signer_kid(env->signer, a), row.kid))
        return true;
    if (!use_key(env, a, &row, e))
        return false;
    LOG(env->log, LOG_INFO, "signing_key_used", LOGS("kid", row.kid));
    return true;
}

bool signing_key_tick(const struct service_env *env, struct db *db, struct err *e)
{
    struct arena *a = arena_new();
    bool ok = tick(env, db, a, e);
    arena_destroy(a);
    return ok;
}

bool signing_key_rotate(struct call *c, bool at_once, struct str *ret_kid, struct err *e)
{
    struct fresh_key k;
    struct q_signing_key_rotate_row row;
    make_key(c->env->keyring, c->arena, &k);
    usec_t real = clock_real(), activates = at_once ? real : real + SIGNING_KEY_AHEAD;
    usec_t last = activates + (c->env->config->access_token_s + 2 * TOKEN_LEEWAY_S) * USEC_PER_SEC;
    struct q_signing_key_rotate_in in = {.kid = k.kid, .public = k.public_key, .private = k.sealed, .activates = activates, .retires = at_once ? real : last,
                                         .actor = c->actor.id, .request_id = c->request_id, .now = c->now, .real = real};
    if (!q_signing_key_rotate(c->db, c->arena, &in, &row, e))
        return false;
    *ret_kid = k.kid;
    return true;
}

bool signing_key_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    struct q_signing_keys_rows rows;
    usec_t real = clock_real();
    bool signs = false;
    if (!q_signing_keys(c->db, c->arena, &(struct q_signing_keys_in){.real = real}, &rows, e))
        return false;
    struct signing_key *v = ARENA_ARRAY(c->arena, struct signing_key, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_signing_keys_row *r = &rows.v[i];
        v[i] = (struct signing_key){.kid = r->kid, .activates_at = r->activates_at, .retires_at = r->retires_at, .created_at = r->created_at};
        v[i].state = r->activates_at > real ? STR("next") : signs ? STR("verifies") : STR("signs");
        signs |= r->activates_at <= real;
    }
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}
