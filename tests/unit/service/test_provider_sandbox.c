/* The sandbox as a provider far away: what each call does, twice, lost, wrong. */
#include "paying.h"

#include "crypto/crypto.h"
#include "service/provider_sandbox.h"

static struct provider_call pcall(struct call *c)
{
    return (struct provider_call){.arena = c->arena, .deadline = clock_monotonic() + 10 * USEC_PER_SEC, .operation = uuid_v7(1)};
}

static struct provider_order order_with(const char *token)
{
    struct provider_order o = {.attempt = {uuid_v7(1)}, .order_number = STR("1-X"), .amount = {1740, {"EUR"}}, .method = str_from(token), .return_url = STR("https://x/back")};
    return o;
}

static void authorizes_once_per_key(void **state)
{
    struct call *c = paying_call(*state, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    struct provider_call pc = pcall(c);
    struct provider_order o = order_with("tok_ok");
    struct provider_result first = p->authorize(p, &pc, &o), again = p->authorize(p, &pc, &o);
    assert_int_equal(first.outcome, PROVIDER_ANSWERED);
    assert_int_equal(first.payment.state, PROVIDER_AUTHORIZED);
    assert_int_equal(first.payment.amount.amount, 1740);
    assert_true(str_eq(first.payment.ref, again.payment.ref));
    assert_true(str_eq(p->find(p, &pc, o.attempt).payment.ref, first.payment.ref));
    assert_int_equal(p->get(p, &pc, first.payment.ref).payment.state, PROVIDER_AUTHORIZED);
    assert_int_equal(p->get(p, &pc, STR("sbx_nothing")).outcome, PROVIDER_ABSENT);
    assert_int_equal(p->find(p, &pc, (struct payment_id){uuid_v7(2)}).outcome, PROVIDER_ABSENT);
    assert_int_equal(shop_ask(*state, "SELECT count(*) FROM sandbox.booking b JOIN sandbox.intent i ON i.id = b.intent_id AND i.id = '%.*s'", STR_ARG(first.payment.ref)), 1);
}

static void answers_as_the_token_says(void **state)
{
    static const struct { const char *token; enum provider_outcome outcome; enum provider_state state; const char *code; } rows[] = {
        {"tok_declined", PROVIDER_ANSWERED, PROVIDER_FAILED, "card_declined"}, {"tok_insufficient", PROVIDER_ANSWERED, PROVIDER_FAILED, "insufficient_funds"},
        {"tok_challenge", PROVIDER_ANSWERED, PROVIDER_REQUIRES_ACTION, NULL}, {"tok_late", PROVIDER_ANSWERED, PROVIDER_PROCESSING, NULL},
        {"tok_lost", PROVIDER_UNKNOWN, 0, NULL}, {"tok_lost_request", PROVIDER_UNKNOWN, 0, NULL}, {"tok_error", PROVIDER_UNKNOWN, 0, NULL},
        {"tok_gold", PROVIDER_REFUSED, 0, NULL}};
    struct call *c = paying_call(*state, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct provider_call pc = pcall(c);
        struct provider_order o = order_with(rows[i].token);
        struct provider_result x = p->authorize(p, &pc, &o), found = p->find(p, &pc, o.attempt);
        assert_int_equal(x.outcome, rows[i].outcome);
        if (x.outcome == PROVIDER_ANSWERED)
            assert_int_equal(x.payment.state, rows[i].state);
        if (rows[i].code)
            assert_str(x.payment.code, rows[i].code);
        bool booked = x.outcome == PROVIDER_ANSWERED || strcmp(rows[i].token, "tok_lost") == 0;
        assert_int_equal(found.outcome, booked ? PROVIDER_ANSWERED : PROVIDER_ABSENT);
        if (strcmp(rows[i].token, "tok_lost_request") == 0)
            assert_int_equal(p->authorize(p, &pc, &o).payment.state, PROVIDER_AUTHORIZED);       /* the repetition arrives */
    }
}

static void a_slow_answer_meets_the_deadline(void **state)
{
    struct call *c = paying_call(*state, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    struct provider_call pc = pcall(c);
    struct provider_order o = order_with("tok_slow");
    pc.deadline = clock_monotonic() + 100 * USEC_PER_MS;
    int64_t before = clock_monotonic();
    assert_int_equal(p->authorize(p, &pc, &o).outcome, PROVIDER_UNKNOWN);
    assert_true(clock_monotonic() - before < 1000 * USEC_PER_MS);
}

static void money_moves_once_per_key(void **state)
{
    struct call *c = paying_call(*state, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    struct provider_call pc = pcall(c);
    struct provider_order o = order_with("tok_ok");
    struct money all = o.amount, part = {500, o.amount.currency};
    struct str ref = p->authorize(p, &pc, &o).payment.ref;
    assert_int_equal(p->refund(p, &pc, ref, part).payment.captured, 0);
    struct provider_call cap = pcall(c);
    assert_int_equal(p->capture(p, &cap, ref, all).payment.captured, 1740);
    assert_int_equal(p->capture(p, &cap, ref, all).payment.captured, 1740);
    assert_int_equal(p->release(p, &pc, ref).outcome, PROVIDER_REFUSED);
    struct provider_call ref1 = pcall(c), ref2 = pcall(c);
    assert_int_equal(p->refund(p, &ref1, ref, part).payment.refunded, 500);
    assert_int_equal(p->refund(p, &ref1, ref, part).payment.refunded, 500);
    assert_int_equal(p->refund(p, &ref2, ref, all).payment.refunded, 500);                        /* more than is left: nothing */
    assert_int_equal(p->capture(p, &ref2, STR("sbx_nothing"), all).outcome, PROVIDER_REFUSED);
    struct provider_call other = pcall(c), undo = pcall(c);
    struct provider_order o2 = order_with("tok_lost_void");
    struct str second = p->authorize(p, &other, &o2).payment.ref;
    assert_int_equal(p->release(p, &undo, second).outcome, PROVIDER_UNKNOWN);
    assert_int_equal(p->get(p, &undo, second).payment.state, PROVIDER_VOIDED);
}

static void the_bank_asks_once(void **state)
{
    struct call *c = paying_call(*state, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    static const struct { const char *token; bool approve; enum provider_state ends; } rows[] = {
        {"tok_challenge", true, PROVIDER_AUTHORIZED}, {"tok_challenge", false, PROVIDER_FAILED}, {"tok_challenge_fail", true, PROVIDER_FAILED}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct provider_call pc = pcall(c);
        struct provider_order o = order_with(rows[i].token);
        struct sandbox_challenge ch;
        struct err e;
        err_clear(&e);
        struct provider_result x = p->authorize(p, &pc, &o);
        assert_true(str_starts(x.payment.action_url, STR("https://shop.example/pay/challenge?id=sbx_")));
        struct str key = str_sub(x.payment.action_url, x.payment.action_url.n - 32, 32);
        assert_refused(sandbox_challenge_get(p, c->arena, pc.deadline, x.payment.ref, STR("00000000000000000000000000000000"), &ch, &e), e, PROBLEM_NOT_FOUND);
        err_clear(&e);
        assert_good(sandbox_challenge_get(p, c->arena, pc.deadline, x.payment.ref, key, &ch, &e), e);
        assert_true(ch.open && ch.amount.amount == 1740 && str_eq_c(ch.return_url, "https://x/back"));
        assert_good(sandbox_challenge_answer(p, c->arena, pc.deadline, x.payment.ref, key, rows[i].approve, &ch, &e), e);
        assert_false(ch.open);
        assert_good(sandbox_challenge_answer(p, c->arena, pc.deadline, x.payment.ref, key, !rows[i].approve, &ch, &e), e);
        assert_int_equal(p->get(p, &pc, x.payment.ref).payment.state, rows[i].ends);
    }
}

/* --- events --- */

struct mailbox { int posts, refuse; struct provider_event last; const struct payment_provider *p; const struct provider_call *pc; };

static bool receive(void *arg, const struct provider_hook *h)
{
    struct mailbox *m = arg;
    struct err e;
    err_clear(&e);
    if (m->refuse-- > 0)
        return false;
    assert_good(m->p->parse_event(m->p, m->pc, h, &m->last, &e), e);
    m->posts++;
    return true;
}

static void events_come_until_they_are_taken(void **state)
{
    struct shop *s = *state;
    struct call *c = paying_call(s, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    struct provider_call pc = pcall(c);
    struct provider_order o = order_with("tok_twice");
    struct mailbox m = {.p = p, .pc = &pc, .refuse = 1};
    shop_sql(s, "UPDATE sandbox.event SET delivered = copies");
    struct str ref = p->authorize(p, &pc, &o).payment.ref;
    shop_sql(s, "ALTER FUNCTION sandbox.tick_v1 RENAME TO tick_away");
    assert_int_equal(p->pull(p, &pc, receive, &m), -1);                    /* not "nothing new" */
    shop_sql(s, "ALTER FUNCTION sandbox.tick_away RENAME TO tick_v1");
    assert_int_equal(p->pull(p, &pc, receive, &m), 0);
    assert_int_equal(p->pull(p, &pc, receive, &m), 1);
    assert_int_equal(p->pull(p, &pc, receive, &m), 1);
    assert_int_equal(p->pull(p, &pc, receive, &m), 0);
    assert_int_equal(m.posts, 2);
    assert_true(str_eq(m.last.ref, ref) && uuid_eq(m.last.attempt.u, o.attempt.u) && str_eq_c(m.last.type, "payment.authorized"));
}

static void only_signed_news(void **state)
{
    struct call *c = paying_call(*state, "souk_payment");
    const struct payment_provider *p = paying_sandbox();
    struct provider_call pc = pcall(c);
    struct str body = STR("{\"id\":\"1\",\"type\":\"payment.authorized\",\"payment\":\"sbx_1\",\"created\":1}");
    int64_t now = clock_real() / USEC_PER_SEC;
    const struct { struct str signature; bool good; } rows[] = {
        {sandbox_sign(p, c->arena, body, now), true}, {sandbox_sign(p, c->arena, body, now - 299), true}, {sandbox_sign(p, c->arena, body, now - 302), false},
        {sandbox_sign(p, c->arena, body, now + 302), false}, {sandbox_sign(p, c->arena, STR("{}"), now), false}, {STR(""), false}, {STR("t=1"), false},
        {STR("v1=ab,t=1"), false}, {STR("t=x,v1=ab"), false}, {STR("t=-1,v1=ab"), false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct provider_header h[] = {{STR("host"), STR("x")}, {STR("sandbox-signature"), rows[i].signature}};
        struct provider_hook hook = {.body = body, .n_headers = 2, .headers = h};
        struct provider_event v;
        struct err e;
        err_clear(&e);
        bool good = p->parse_event(p, &pc, &hook, &v, &e);
        assert_int_equal(good, rows[i].good);
        if (!good)
            assert_int_equal(e.problem, PROBLEM_UNAUTHENTICATED);
    }
    struct provider_hook none = {.body = body};
    struct provider_event v;
    struct err e;
    err_clear(&e);
    assert_refused(p->parse_event(p, &pc, &none, &v, &e), e, PROBLEM_UNAUTHENTICATED);
}

static void not_in_production(void **state)
{
    (void)state;
    struct payment_provider p;
    struct config config = *paying_config();
    struct err e;
    err_clear(&e);
    config.mode = "production";
    assert_refused(provider_sandbox_open(&config, NULL, &p, &e), e, PROBLEM_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorizes_once_per_key), cmocka_unit_test(answers_as_the_token_says), cmocka_unit_test(a_slow_answer_meets_the_deadline),
        cmocka_unit_test(money_moves_once_per_key), cmocka_unit_test(the_bank_asks_once), cmocka_unit_test(events_come_until_they_are_taken),
        cmocka_unit_test(only_signed_news), cmocka_unit_test(not_in_production)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
