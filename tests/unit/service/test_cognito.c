/* Access tokens of a user pool: which count, whose they are, and what their groups may do. */
#include "outside.h"

#include "service/cognito.h"
#include "service/person.h"

static void pool_row(struct outside *o)
{
    struct str clients[] = {STR("app1")}, groups[] = {STR("clerks=clerk")};
    struct identity_provider_set in = {.name = STR("aws"), .kind = STR("cognito"), .issuer = str_printf(o->arena, "%s/pool", o->issuer), .has_clients = true,
                                       .jwks_url = str_printf(o->arena, "%s/jwks", o->issuer), .allowed_clients = {1, clients}, .has_groups = true, .groups = {1, groups}};
    struct err e = {0};
    bool created;
    int done;
    shop_sql(o->s, "INSERT INTO identity.role (id, name, title, permissions, created_at, updated_at) VALUES (gen_random_uuid(), 'clerk', 'Clerk', "
                   "'{read_orders,write_orders,something_newer}', '2026-01-01', '2026-01-01')");
    assert_good(identity_provider_put(outside_call(o, "souk_admin"), &in, &created, &e), e);
    assert_good(identity_provider_refresh(outside_call(o, "souk_jobs_core"), &done, &e), e);
}

static int start(void **state)
{
    if (outside_start(state) != 0)
        return -1;
    pool_row(*state);
    return 0;
}

static struct str token(struct outside *o, const char *header, const char *claims)
{
    int64_t now = clock_real() / USEC_PER_SEC;
    return outside_token(o, o->arena, header ? header : "{\"kid\":\"k1\",\"alg\":\"ES256\"}",
                         str_printf(o->arena, "{\"iat\":%lld,\"exp\":%lld,%s}", (long long)now - 10, (long long)now + 300, claims));
}

#define ISS(o) arena_printf((o)->arena, "\"iss\":\"%s/pool\"", (o)->issuer)
static const char *good(struct outside *o, const char *more)
{
    return arena_printf(o->arena, "%s,\"sub\":\"u1\",\"token_use\":\"access\",\"client_id\":\"app1\"%s", ISS(o), more);
}

static bool actor(struct outside *o, struct str t, struct actor *who, enum token_fault *fault, struct err *e)
{
    struct cognito_pools *p;
    enum token_fault unasked;
    struct call *c = outside_call(o, "souk_order");
    err_clear(e);
    assert_good(cognito_pools_read(c->db, &p, e), *e);
    bool ok = cognito_token_actor(c, p, t, clock_real() / USEC_PER_SEC, who, fault ? fault : &unasked, e);
    cognito_pools_unref(p);
    return ok;
}

static void a_new_customer(void **state)
{
    struct outside *o = *state;
    struct actor first, again;
    struct err e = {0};
    assert_good(actor(o, token(o, NULL, good(o, "")), &first, NULL, &e), e);
    assert_int_equal(first.kind, ACTOR_CUSTOMER);
    assert_true(uuid_is_zero(first.session.u) && first.permissions == 0 && first.fresh_at == 0 && !first.second_factor);
    assert_good(actor(o, token(o, NULL, good(o, "")), &again, NULL, &e), e);
    assert_true(uuid_eq(first.account.u, again.account.u));
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.account a JOIN identity.external_identity x ON x.account_id = a.id WHERE x.how = 'token' AND a.password IS NULL "
                                    "AND a.email IS NULL AND NOT a.staff"), 1);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM platform.audit WHERE action = 'account.created' AND detail->>'by' = 'cognito'"), 1);
    char id[40];
    shop_sql(o->s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(first.account.u, id));
    assert_refused(actor(o, token(o, NULL, good(o, "")), &again, NULL, &e), e, PROBLEM_UNAUTHENTICATED);
    shop_sql(o->s, "UPDATE identity.account SET status = 'active' WHERE id = %s", id);
    shop_sql(o->s, "UPDATE identity.provider SET enabled = false WHERE name = 'aws'");
    assert_false(actor(o, token(o, NULL, good(o, "")), &again, NULL, &e));
    shop_sql(o->s, "UPDATE identity.provider SET enabled = true WHERE name = 'aws'");
}

/* Signed out everywhere: tokens from before are void, new ones count. */
static void revoked(void **state)
{
    struct outside *o = *state;
    struct actor who;
    struct err e = {0};
    char id[40], at[40];
    assert_good(actor(o, token(o, NULL, good(o, "")), &who, NULL, &e), e);
    uuid_sql(who.account.u, id);
    snprintf(at, sizeof at, "to_timestamp(%lld)", (long long)(clock_real() / USEC_PER_SEC - 5));
    shop_sql(o->s, "INSERT INTO identity.revocation (account_id, session_id, created_at) VALUES (%s, gen_random_uuid(), %s)", id, at);
    assert_good(actor(o, token(o, NULL, good(o, "")), &who, NULL, &e), e);
    shop_sql(o->s, "INSERT INTO identity.revocation (account_id, created_at) VALUES (%s, %s)", id, at);
    assert_refused(actor(o, token(o, NULL, good(o, "")), &who, NULL, &e), e, PROBLEM_INVALID_TOKEN);
    shop_sql(o->s, "UPDATE identity.revocation SET created_at = created_at - interval '10 seconds' WHERE account_id = %s", id);
    assert_good(actor(o, token(o, NULL, good(o, "")), &who, NULL, &e), e);
}

/* The user pool gives the person its key, so that there can be a name. */
static void a_key_for_the_person(void **state)
{
    struct outside *o = *state;
    struct cognito_pools *p;
    struct actor who;
    struct err e = {0};
    enum token_fault fault;
    struct account a;
    struct str sealed, plain;
    struct call *c = outside_call(o, "souk_user");
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.external_identity WHERE NOT keyed"), 1);
    o->env.hasher = (struct hasher *)o;          /* is never called */
    assert_good(cognito_pools_read(c->db, &p, &e), e);
    assert_good(cognito_token_actor(c, p, token(o, NULL, good(o, "")), clock_real() / USEC_PER_SEC, &who, &fault, &e), e);
    cognito_pools_unref(p);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.external_identity WHERE NOT keyed"), 0);
    assert_good(account_read(c, who.account, &a, &e), e);
    struct str place = person_context(c->arena, "identity.account.name", who.account.u);
    assert_good(person_seal(c, a.person, place, STR("Ada"), &sealed, &e), e);
    assert_good(person_open(c, a.person, place, sealed, &plain, &e), e);
    assert_str(plain, "Ada");
}

static void groups_are_roles(void **state)
{
    struct outside *o = *state;
    struct actor who;
    struct err e = {0};
    assert_good(actor(o, token(o, NULL, good(o, ",\"cognito:groups\":[\"others\",\"clerks\"],\"auth_time\":1700000000")), &who, NULL, &e), e);
    assert_int_equal(who.kind, ACTOR_STAFF);
    assert_true(who.permissions == (permission_bit(PERMISSION_READ_ORDERS) | permission_bit(PERMISSION_WRITE_ORDERS)) && !who.second_factor);
    assert_int_equal(who.fresh_at, INT64_C(1700000000) * USEC_PER_SEC);
    shop_sql(o->s, "UPDATE identity.provider SET second_factor = true WHERE name = 'aws'");
    assert_good(actor(o, token(o, NULL, good(o, ",\"cognito:groups\":[\"clerks\"]")), &who, NULL, &e), e);
    assert_true(who.second_factor);
    assert_good(actor(o, token(o, NULL, good(o, ",\"cognito:groups\":\"clerks\"")), &who, NULL, &e), e);
    assert_int_equal(who.kind, ACTOR_CUSTOMER);
    shop_sql(o->s, "UPDATE identity.role SET permissions = '{}' WHERE name = 'clerk'");
    assert_good(actor(o, token(o, NULL, good(o, ",\"cognito:groups\":[\"clerks\"]")), &who, NULL, &e), e);
    assert_int_equal(who.kind, ACTOR_CUSTOMER);
}

static void what_is_no_access_token_of_ours(void **state)
{
    struct outside *o = *state;
    struct actor who;
    struct err e = {0};
    enum token_fault fault;
    const struct { const char *header, *claims; enum token_fault fault; } table[] = {
        {NULL, arena_printf(o->arena, "%s,\"sub\":\"u9\",\"token_use\":\"id\",\"aud\":\"app1\",\"client_id\":\"app1\"", ISS(o)), TOKEN_BAD_CLAIMS},      /* an ID token */
        {NULL, arena_printf(o->arena, "%s,\"sub\":\"u9\",\"client_id\":\"app1\"", ISS(o)), TOKEN_BAD_CLAIMS},
        {NULL, arena_printf(o->arena, "%s,\"sub\":\"u9\",\"token_use\":\"access\",\"client_id\":\"app2\"", ISS(o)), TOKEN_BAD_CLAIMS},
        {NULL, arena_printf(o->arena, "%s,\"sub\":\"u9\",\"token_use\":\"access\"", ISS(o)), TOKEN_BAD_CLAIMS},
        {NULL, "\"iss\":\"https://other.example/pool\",\"sub\":\"u9\",\"token_use\":\"access\",\"client_id\":\"app1\"", TOKEN_UNKNOWN_KEY},
        {"{\"kid\":\"k9\",\"alg\":\"ES256\"}", good(o, ""), TOKEN_UNKNOWN_KEY},
        {"{\"kid\":\"k1\",\"alg\":\"none\"}", good(o, ""), TOKEN_WRONG_ALGORITHM},
        {"{\"kid\":\"k1\",\"alg\":\"HS256\"}", good(o, ""), TOKEN_WRONG_ALGORITHM},
        {"{\"kid\":\"k1\",\"alg\":\"RS256\"}", good(o, ""), TOKEN_WRONG_ALGORITHM}};
    int64_t accounts = shop_ask(o->s, "SELECT count(*) FROM identity.account");
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (actor(o, token(o, table[i].header, table[i].claims), &who, &fault, &e))
            fail_msg("row %zu was accepted", i);
        if (e.problem != PROBLEM_INVALID_TOKEN || fault != table[i].fault)
            fail_msg("row %zu: %s %s", i, token_fault_name(fault), e.detail);
    }
    struct str bent = str_dup(o->arena, token(o, NULL, good(o, "")));
    ((char *)bent.p)[bent.n - 10] ^= 1;
    assert_refused(actor(o, bent, &who, &fault, &e), e, PROBLEM_INVALID_TOKEN);
    assert_refused(actor(o, STR("x"), &who, &fault, &e), e, PROBLEM_INVALID_TOKEN);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.account"), accounts);
}

static void pools_that_are_not_there(void **state)
{
    struct outside *o = *state;
    struct cognito_pools *p;
    struct actor who;
    struct err e = {0};
    enum token_fault fault;
    struct call *c = outside_call(o, "souk_product");
    assert_int_equal(cognito_pools_count(NULL), 0);
    assert_refused(cognito_token_actor(c, NULL, token(o, NULL, good(o, "")), 0, &who, &fault, &e), e, PROBLEM_INVALID_TOKEN);
    assert_int_equal(fault, TOKEN_UNKNOWN_KEY);
    err_clear(&e);
    assert_good(cognito_pools_read(c->db, &p, &e), e);
    assert_int_equal(cognito_pools_count(p), 1);
    shop_sql(o->s, "UPDATE identity.provider_keys SET wanted_at = NULL");
    cognito_keys_wanted(c, p);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.provider_keys WHERE wanted_at IS NOT NULL"), 1);
    cognito_pools_unref(cognito_pools_ref(p));
    shop_sql(o->s, "UPDATE identity.provider_keys SET jwks = '{\"keys\":7}'");
    cognito_pools_unref(p);
    c = outside_call(o, "souk_product");
    assert_good(cognito_pools_read(c->db, &p, &e), e);
    assert_int_equal(cognito_pools_count(p), 0);
    cognito_pools_unref(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_customer), cmocka_unit_test(revoked), cmocka_unit_test(a_key_for_the_person), cmocka_unit_test(groups_are_roles), cmocka_unit_test(what_is_no_access_token_of_ours),
                                       cmocka_unit_test(pools_that_are_not_there)};
    return cmocka_run_group_tests(tests, start, outside_stop);
}
