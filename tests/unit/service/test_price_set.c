/* Setting prices: what is answered, refused, kept under a key and told to the trail. */
#include "shelf.h"

#include "service/price.h"

static const struct currency eur = {"EUR"}, gbp = {"GBP"};

static struct call *as_key(struct shop *s)
{
    struct call *c = shop_call(s, "souk_product");
    c->actor = (struct actor){.kind = ACTOR_KEY, .id = STR("key_unit"), .permissions = permission_bit(PERMISSION_WRITE_PRODUCTS)};
    return c;
}

static void set_and_set_again(void **state)
{
    struct shop *s = *state;
    struct price_item items[] = {{.sku = STR("OAK-1"), .price = {3900, eur}, .compare_at = {4000, eur}, .valid_to = shop_now(s) + USEC_PER_DAY}, {.sku = STR("TEA-1"), .price = {800, eur}},
                                 {.sku = STR("TEA-1"), .price_list = STR("gbp"), .price = {700, gbp}, .valid_from = shop_now(s) + USEC_PER_DAY}};
    struct price_batch b;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(price_set(as_key(s), items, 3, &b, &replayed, &e), e);
    const struct price_outcome *v = b.prices.v;
    assert_true(!replayed && b.changed == 2 && b.unchanged == 1 && b.prices.n == 3);
    assert_str(v[0].outcome, "changed");
    assert_str(v[0].price->state, "current");
    assert_true(v[0].price->price.amount == 3900 && v[0].price->compare_at.amount == 4000 && v[0].price->valid_from == shop_now(s) && v[0].price->valid_to == items[0].valid_to);
    assert_str(v[1].outcome, "unchanged");
    assert_str(v[2].price->state, "planned");
    assert_str(v[2].price->price_list, "gbp");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'prices.changed' AND actor = 'key_unit' AND detail @> '{\"changed\":2,\"unchanged\":1}' "
                                 "AND jsonb_array_length(detail -> 'variants') = 2 AND detail::text LIKE '%%var_%%'"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE actor = 'key_unit'"), 2);
    assert_good(price_set(as_key(s), items, 2, &b, &replayed, &e), e);
    assert_true(b.changed == 0 && b.unchanged == 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'prices.changed'"), 1);
}

/* Twenty bad ones are all told, also beyond what an error has room for; the others are not written. */
static void all_refusals(void **state)
{
    struct shop *s = *state;
    usec_t now = shop_now(s);
    struct price_item items[21] = {{.sku = STR("WOOL-1"), .price = {1, eur}}};
    struct price_batch b;
    struct err e;
    bool replayed;
    for (size_t i = 1; i < 21; i++) items[i] = (struct price_item){.sku = STR("NO-SUCH"), .price = {1, eur}};
    items[2] = (struct price_item){.price = {1, eur}};
    items[3] = (struct price_item){.sku = STR("TEA-2"), .variant = {uuid_v7(1)}, .price = {1, eur}};
    items[4] = (struct price_item){.sku = STR("TEA-2"), .price_list = STR("usd"), .price = {1, eur}};
    items[5] = (struct price_item){.sku = STR("TEA-2"), .price = {1, gbp}};
    items[6] = (struct price_item){.sku = STR("TEA-2"), .price = {10, eur}, .compare_at = {20, gbp}};
    items[7] = (struct price_item){.sku = STR("TEA-2"), .price = {10, eur}, .compare_at = {10, eur}};
    items[8] = (struct price_item){.sku = STR("TEA-2"), .price = {10, eur}, .valid_from = now - USEC_PER_HOUR};
    items[9] = (struct price_item){.sku = STR("TEA-2"), .price = {10, eur}, .valid_to = now};
    items[10] = (struct price_item){.variant = {uuid_v7(1)}, .price = {10, eur}};
    items[11] = items[12] = (struct price_item){.sku = STR("MUG-2"), .price = {10, eur}};
    items[13] = (struct price_item){.sku = STR("TEA-1"), .price = {10, eur}, .if_price = {uuid_v7(1)}};
    static const struct { size_t at; enum problem problem; const char *param; } want[] = {
        {0, PROBLEM_UNKNOWN_VARIANT, "prices[1].sku"}, {1, PROBLEM_REQUIRED, "prices[2].variant_id"}, {2, PROBLEM_INVALID, "prices[3].sku"},
        {3, PROBLEM_UNKNOWN_PRICE_LIST, "prices[4].price_list"}, {4, PROBLEM_CURRENCY_MISMATCH, "prices[5].price"}, {5, PROBLEM_INVALID, "prices[6].compare_at"},
        {6, PROBLEM_INVALID, "prices[7].compare_at"}, {7, PROBLEM_IN_THE_PAST, "prices[8].valid_from"}, {8, PROBLEM_INVALID, "prices[9].valid_to"},
        {9, PROBLEM_UNKNOWN_VARIANT, "prices[10].variant_id"}, {10, PROBLEM_OVERLAP, "prices[11].valid_from"}, {11, PROBLEM_OVERLAP, "prices[12].valid_from"},
        {12, PROBLEM_PRECONDITION_FAILED, "prices[13].if_price_id"}, {19, PROBLEM_UNKNOWN_VARIANT, "prices[20].sku"}};
    err_clear(&e);
    assert_refused(price_set(as_key(s), items, 21, &b, &replayed, &e), e, PROBLEM_UNKNOWN_VARIANT);
    assert_int_equal(e.n_all, 20);
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_string_equal(e.all[want[i].at].param, want[i].param);
        assert_int_equal(e.all[want[i].at].problem, want[i].problem);
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.prices WHERE amount = 1"), 0);
    err_clear(&e);
    items[14] = items[13];
    assert_refused(price_set(as_key(s), items + 13, 1, &b, &replayed, &e), e, PROBLEM_PRECONDITION_FAILED);       /* alone it is one */
    struct price_item mixed[] = {items[13], items[2]};
    err_clear(&e);
    assert_refused(price_set(as_key(s), mixed, 2, &b, &replayed, &e), e, PROBLEM_REQUIRED);
    assert_string_equal(e.param, "prices[1].variant_id");
}

static void keys(void **state)
{
    struct shop *s = *state;
    struct price_item item = {.sku = STR("WOOL-1"), .price = {8000, eur}, .compare_at = {9000, eur}, .valid_to = shop_now(s) + USEC_PER_DAY}, other = {.sku = STR("WOOL-1"), .price = {1, eur}};
    struct price_batch first, again;
    struct err e;
    bool replayed;
    err_clear(&e);
    shop_key(s, "monday", "body");
    assert_good(price_set(as_key(s), &item, 1, &first, &replayed, &e), e);
    assert_false(replayed);
    struct price_row was = *((const struct price_outcome *)first.prices.v)->price;
    struct price_id id = was.id;
    shop_key(s, NULL, NULL);
    assert_good(price_set(as_key(s), &other, 1, &again, &replayed, &e), e);              /* meanwhile it is another price */
    shop_key(s, "monday", "body");
    assert_good(price_set(as_key(s), &item, 1, &again, &replayed, &e), e);
    const struct price_outcome *v = again.prices.v;
    assert_true(replayed && again.changed == 1 && again.unchanged == 0 && uuid_eq(v->price->id.u, id.u));
    assert_str(v->sku, "WOOL-1");
    assert_str(v->price->state, "current");
    assert_str(v->price->price_list, "eur");
    assert_true(v->price->price.amount == 8000 && v->price->compare_at.amount == 9000 && v->price->valid_from == was.valid_from && v->price->valid_to == was.valid_to);
    shop_key(s, "monday", "another body");
    assert_refused(price_set(as_key(s), &other, 1, &again, &replayed, &e), e, PROBLEM_IDEMPOTENCY_REUSED);
    err_clear(&e);
    shop_key(s, "tuesday", "body");
    struct price_item bad = {.sku = STR("NO-SUCH"), .price = {1, eur}};
    assert_refused(price_set(as_key(s), &bad, 1, &again, &replayed, &e), e, PROBLEM_UNKNOWN_VARIANT);
    err_clear(&e);
    assert_good(price_set(as_key(s), &other, 1, &again, &replayed, &e), e);              /* a refusal used up no key */
    assert_false(replayed);
    shop_sql(s, "UPDATE platform.idempotency SET result = '[[1]]' WHERE key = 'monday'");
    shop_key(s, "monday", "body");
    assert_refused(price_set(as_key(s), &item, 1, &again, &replayed, &e), e, PROBLEM_INTERNAL);
    shop_key(s, NULL, NULL);
}

/* Waits for an import, and gives up before the caller does. */
static void not_while_an_import_runs(void **state)
{
    struct shop *s = *state;
    struct price_item item = {.sku = STR("TEA-1"), .price = {850, eur}};
    struct price_batch b;
    struct err e;
    bool replayed;
    err_clear(&e);
    shop_sql(s, "SELECT pg_advisory_lock(6009413705712021)");
    assert_refused(price_set(as_key(s), &item, 1, &b, &replayed, &e), e, PROBLEM_UNAVAILABLE);
    shop_sql(s, "SELECT pg_advisory_unlock(6009413705712021)");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.prices WHERE amount = 850"), 0);
    err_clear(&e);
    assert_good(price_set(as_key(s), &item, 1, &b, &replayed, &e), e);
    assert_int_equal(b.changed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(set_and_set_again), cmocka_unit_test(all_refusals), cmocka_unit_test(keys),
                                       cmocka_unit_test(not_while_an_import_runs)};
    return cmocka_run_group_tests(tests, shelf_start, shop_stop);
}
