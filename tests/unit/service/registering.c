#include "registering.h"

static struct {
    struct arena *arena;
    struct config config;
    struct service_env env;
} here;

void registering_again(void)
{
    struct err e;
    err_clear(&e);
    account_hasher_close(here.env.hasher);
    assert_good(account_hasher_open(&here.config, &here.env.hasher, &e), e);
}

int registering_start(void **state)
{
    shop_start(state);
    here.arena = arena_new();
    const struct call *c = shop_call(*state, "souk_user");
    here.config = *c->env->config;
    here.config.password_memory_kib = 8192;
    here.config.password_passes = 1;
    here.env = *c->env;
    here.env.config = &here.config;
    registering_again();
    return 0;
}

int registering_stop(void **state)
{
    account_hasher_close(here.env.hasher);
    here.env.hasher = NULL;
    arena_destroy(here.arena);
    return shop_stop(state);
}

struct config *registering_config(void)
{
    return &here.config;
}

struct call *registering_call(struct shop *s, struct err *e)
{
    struct call *c = shop_call(s, "souk_user");
    err_clear(e);
    c->env = &here.env;
    return c;
}

struct challenge_id newest(struct shop *s, const char *purpose)
{
    struct challenge_id id;
    /* two halves, because answers are int8 */
    int64_t high = shop_ask(s, "SELECT ('x' || left(replace(c.id::text, '-', ''), 16))::bit(64)::bigint FROM identity.challenge c WHERE c.purpose = '%s' "
                               "ORDER BY c.created_at DESC, c.id DESC LIMIT 1", purpose);
    int64_t low = shop_ask(s, "SELECT ('x' || right(replace(c.id::text, '-', ''), 16))::bit(64)::bigint FROM identity.challenge c WHERE c.purpose = '%s' "
                              "ORDER BY c.created_at DESC, c.id DESC LIMIT 1", purpose);
    for (int i = 0; i < 8; i++) {
        ((uint8_t *)&id)[i] = (uint8_t)((uint64_t)high >> (56 - 8 * i));
        ((uint8_t *)&id)[8 + i] = (uint8_t)((uint64_t)low >> (56 - 8 * i));
    }
    return id;
}

void link_of(struct shop *s, struct challenge_id id, char ret_link[120])
{
    struct err e;
    snprintf(ret_link, 120, STR_FMT, STR_ARG(challenge_link(registering_call(s, &e), id)));
}

struct pending register_one(struct shop *s, const char *email)
{
    struct pending p;
    struct str verification;
    struct err e;
    assert_good(account_register(registering_call(s, &e), &(struct account_register_in){str_from(email), STR(GOOD_PASSWORD), STR("Ada Example"), STR("en")}, &verification, &e), e);
    snprintf(p.verification, sizeof p.verification, STR_FMT, STR_ARG(verification));
    struct str head = str_sub(verification, 0, 30);
    assert_true(id_parse(ID_challenge, head, &p.id.u));
    return p;
}

struct account_id member(struct shop *s, const char *email)
{
    struct pending p = register_one(s, email);
    struct login_result r;
    struct err e;
    struct call *c = registering_call(s, &e);
    assert_good(account_verify(c, str_from(p.verification), challenge_code(c, p.id, 1), SESSION_BROWSER, &r, &e), e);
    assert_int_equal(r.outcome, LOGIN_DONE);
    return r.account;
}

struct call *as_member(struct shop *s, struct account_id account, struct session_id session, struct err *e)
{
    struct call *c = registering_call(s, e);
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .id = id_str(c->arena, ID_account, account.u), .account = account, .session = session, .fresh_at = c->now};
    return c;
}

bool signs_in(struct shop *s, const char *email, const char *password, struct login_result *ret, struct err *e)
{
    return account_login(registering_call(s, e), &(struct login_in){str_from(email), str_from(password), STR_NULL, SESSION_BROWSER}, ret, e);
}

int64_t owed(struct shop *s, const char *kind)
{
    return shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = '%s' AND state NOT IN ('failed', 'dropped')", kind);
}
