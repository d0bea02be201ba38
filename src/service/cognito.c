#include "service/cognito.h"

#include <stdlib.h>

#include "service/person.h"
#include "sql/identity_outside.h"
#include "sql/keys.h"

enum { SUBJECT_MAX = 255 };

struct pool {
    struct uuid id;
    struct str issuer;
    struct q_array_text clients, groups;
    const permission_set *permissions;       /* of each group */
    bool second_factor;
    struct token_keys *keys;
};

struct cognito_pools {
    int refs;
    struct arena *arena;
    size_t n;
    struct pool *v;
};

struct cognito_pools *cognito_pools_ref(struct cognito_pools *p)
{
    __atomic_add_fetch(&p->refs, 1, __ATOMIC_RELAXED);
    return p;
}

void cognito_pools_unref(struct cognito_pools *p)
{
    if (!p || __atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (size_t i = 0; i < p->n; i++)
        token_keys_unref(p->v[i].keys);
    arena_destroy(p->arena);
    free(p);
}

size_t cognito_pools_count(const struct cognito_pools *p)
{
    return p ? p->n : 0;
}

static const permission_set *sets(struct arena *a, struct q_array_text texts)
{
    permission_set *v = ARENA_ARRAY(a, permission_set, texts.n + 1);
    for (size_t i = 0; i < texts.n; i++)
        v[i] = permission_parse(texts.v[i]);
    return v;
}

bool cognito_pools_read(struct db *d, struct cognito_pools **ret_pools, struct err *e)
{
    struct arena *a = arena_new();
    struct q_cognito_pools_rows rows;
    if (!q_cognito_pools(d, a, &rows, e)) {
        arena_destroy(a);
        return false;
    }
    struct cognito_pools *p = calloc(1, sizeof *p);
    BUG_IF(p == NULL);
    *p = (struct cognito_pools){.refs = 1, .arena = a, .v = ARENA_ARRAY(a, struct pool, rows.n + 1)};
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_cognito_pools_row *r = &rows.v[i];
        struct token_keys *keys;
        struct err bad = {0};
        if (!token_keys_parse(r->jwks, &keys, &bad))         /* what was stored had been parsed: another program's row */
            continue;
        p->v[p->n++] = (struct pool){r->id, r->issuer, r->allowed_clients, r->groups, sets(a, r->permissions), r->second_factor, keys};
    }
    *ret_pools = p;
    return true;
}

/* --- a token ---------------------------------------------------------------------------------------------------------------- */

static bool among(struct q_array_text list, struct str s)
{
    for (size_t i = 0; i < list.n; i++) {
        if (!str_is_null(s) && str_eq(list.v[i], s))
            return true;
    }
    return false;
}

static permission_set allowed(const struct pool *p, const struct json_value *groups)
{
    permission_set all = 0;
    struct str name;
    for (size_t i = 0; i < json_length(groups); i++) {
        for (size_t k = 0; json_value_str(json_item(groups, i), &name) && k < p->groups.n; k++)
            all |= str_eq(p->groups.v[k], name) ? p->permissions[k] : 0;
    }
    return all;
}

/* The user pool alone writes what needs the person's key; elsewhere the account does without. */
static bool give_key(struct call *c, const struct pool *p, const struct token_claims *t, struct person_id person, struct err *e)
{
    if (!c->env->hasher || !c->env->keyring || !c->db_keys)
        return true;
    struct str wrapped = person_new_key(c, person);
    c->person_keys = NULL;                       /* another request may have made one first: theirs counts */
    return q_person_key_put(c->db_keys, c->arena, &(struct q_person_key_put_in){.person = person, .wrapped = wrapped, .now = c->now}, NULL, e) &&
           q_external_identity_keyed(c->db, c->arena, &(struct q_external_identity_keyed_in){p->id, t->subject, c->now}, NULL, e);
}

static bool account_of(struct call *c, const struct pool *p, const struct token_claims *t, struct actor *ret, struct err *e)
{
    struct q_cognito_account_row row;
    bool found;
    struct q_cognito_account_in in = {.provider = p->id, .subject = t->subject, .issued = t->issued_s * USEC_PER_SEC, .new_account = {uuid_v7(c->now)},
                                      .new_person = {uuid_v7(c->now)}, .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now};
    if (!q_cognito_account(c->db, c->arena, &in, &row, &found, e))
        return false;
    if (found && str_eq_c(row.status, "revoked"))
        return err_set(e, PROBLEM_INVALID_TOKEN, "everything that was signed in to this account was signed out");
    if (!found || !str_eq_c(row.status, "active"))
        return err_set(e, PROBLEM_UNAUTHENTICATED, "this account cannot be used");
    if (!row.keyed && !give_key(c, p, t, row.person, e))
        return false;
    permission_set permissions = allowed(p, json_member(t->all, "cognito:groups"));
    *ret = (struct actor){.kind = permissions ? ACTOR_STAFF : ACTOR_CUSTOMER, .id = id_str(c->arena, ID_account, row.account.u), .account = row.account,
                          .permissions = permissions, .second_factor = p->second_factor,
                          .fresh_at = t->auth_time_s > 0 ? t->auth_time_s * USEC_PER_SEC + c->env->clock.offset_us : 0};
    return true;
}

/* token_use tells an access token from an ID token, which is for the app alone and names no client_id. */
static bool is_for_us(const struct pool *p, const struct token_claims *t)
{
    return str_eq_c(json_member_str(t->all, "token_use"), "access") && among(p->clients, t->client_id) && t->subject.n > 0 && t->subject.n <= SUBJECT_MAX &&
           str_is_text(t->subject, false);
}

bool cognito_token_actor(struct call *c, const struct cognito_pools *pools, struct str token, int64_t now_s, struct actor *ret_actor, enum token_fault *ret_fault, struct err *e)
{
    struct token_claims claims;
    *ret_fault = TOKEN_UNKNOWN_KEY;
    for (size_t i = 0; i < cognito_pools_count(pools) && *ret_fault == TOKEN_UNKNOWN_KEY; i++) {
        const struct pool *p = &pools->v[i];
        struct token_rules rules = {.issuer = p->issuer, .type = "JWT", .type_optional = true};
        err_clear(e);
        if (token_check(p->keys, &rules, token, now_s, c->arena, &claims, ret_fault, e)) {
            if (is_for_us(p, &claims))
                return account_of(c, p, &claims, ret_actor, e);
            *ret_fault = TOKEN_BAD_CLAIMS;
        } else if (*ret_fault == TOKEN_WRONG_ISSUER) {
            *ret_fault = TOKEN_UNKNOWN_KEY;          /* a name of a key is one issuer's own */
        }
    }
    return err_set(e, PROBLEM_INVALID_TOKEN, "the access token is not valid here: %s", token_fault_name(*ret_fault));
}

void cognito_keys_wanted(struct call *c, const struct cognito_pools *pools)
{
    struct err why = {0};
    if (cognito_pools_count(pools) > 0 && !q_cognito_wanted(c->db, c->arena, &(struct q_cognito_wanted_in){clock_real()}, NULL, &why))
        LOG(c->env->log, LOG_WARN, "cognito_wanted", LOGC("cause", why.cause), LOGS("request_id", c->request_id));
}
