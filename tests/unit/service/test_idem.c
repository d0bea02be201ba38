/* A key makes a call happen once: what the second one gets, and that a failure leaves the key free. */
#include "unit_arena.h"

#include "shop.h"
#include "service/idem.h"

static void refusals(void **state)
{
    (void)state;
    static const struct { const char *outcome; enum problem p; bool retry; } rows[] = {
        {"in_flight", PROBLEM_IN_FLIGHT, true}, {"mismatch", PROBLEM_IDEMPOTENCY_REUSED, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e;
        err_clear(&e);
        assert_false(idem_refused(str_from(rows[i].outcome), &e));
        assert_int_equal(e.problem, rows[i].p);
        assert_int_equal(e.retry_after_s > 0, rows[i].retry);
    }
}

/* Without a key nothing is asked and nothing is opened: there is not even a connection here. */
static void without_a_key(void **state)
{
    (void)state;
    struct call c = {.arena = a};
    struct idem k = {.keyed = true};
    struct err e;
    err_clear(&e);
    assert_true(idem_begin(&c, STR("scope"), &k, &e));
    assert_false(k.keyed || k.replay);
    assert_true(idem_end(&c, &k, 200, STR("{}"), &e));
    idem_abort(&c, &k);
}

static struct call *keyed(struct shop *s, const char *role, const char *key, const char *hash)
{
    shop_key(s, key, hash);
    struct call *c = shop_call(s, role);
    shop_key(s, NULL, NULL);
    return c;
}

static void once(void **state)
{
    struct shop *s = *state;
    static const struct { const char *scope, *key, *hash; int64_t later_s; enum problem refused; bool replay; } rows[] = {
        {"a", "k", "h", 0, PROBLEM_NONE, false},                         /* stored by this one */
        {"a", "k", "h", 1, PROBLEM_NONE, true},
        {"a", "k", "other", 1, PROBLEM_IDEMPOTENCY_REUSED, false},
        {"a", "k2", "other", 1, PROBLEM_NONE, false},
        {"b", "k", "other", 1, PROBLEM_NONE, false},                     /* keys belong to their scope */
        {"a", "k", "h", 24 * 3600 - 1, PROBLEM_NONE, true},
        {"a", "k", "other", 24 * 3600 + 1, PROBLEM_NONE, false}};        /* a day later it is a new one */
    usec_t began = shop_now(s);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        shop_at(s, began + rows[i].later_s * USEC_PER_SEC);
        struct call *c = keyed(s, "souk_order", rows[i].key, rows[i].hash);
        struct idem k;
        struct err e;
        err_clear(&e);
        bool good = idem_begin(c, str_from(rows[i].scope), &k, &e);
        if (good != (rows[i].refused == PROBLEM_NONE)) fail_msg("row %zu", i);
        if (!good) {
            assert_int_equal(e.problem, rows[i].refused);
            assert_false(db_in_transaction(c->db));
            continue;
        }
        assert_int_equal(k.replay, rows[i].replay);
        assert_int_equal(db_in_transaction(c->db), !rows[i].replay);
        if (k.replay) {
            assert_int_equal(k.status, 201);
            assert_str(k.result, "{\"n\": 1}");
        } else {
            assert_good(idem_end(c, &k, 201, STR("{\"n\":1}"), &e), e);
            assert_false(db_in_transaction(c->db));
        }
    }
    shop_at(s, began);
}

static void at_the_same_time(void **state)
{
    struct shop *s = *state;
    struct call first = *keyed(s, "souk_order", "same", "h");
    struct idem k, other;
    struct err e;
    err_clear(&e);
    assert_good(idem_begin(&first, STR("s"), &k, &e), e);
    assert_refused(idem_begin(keyed(s, "souk_payment", "same", "h"), STR("s"), &other, &e), e, PROBLEM_IN_FLIGHT);
    assert_true(e.retry_after_s > 0);
    idem_abort(&first, &k);                                              /* it failed: the key is free again */
    assert_false(db_in_transaction(first.db));
    struct call *second = keyed(s, "souk_payment", "same", "h2");
    err_clear(&e);
    assert_good(idem_begin(second, STR("s"), &other, &e), e);
    assert_true(other.keyed && !other.replay);
    idem_abort(second, &other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(refusals), WITH_ARENA(without_a_key), cmocka_unit_test(once), cmocka_unit_test(at_the_same_time)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
