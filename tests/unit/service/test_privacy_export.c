/* An export holds what every domain knows, opened. */
#include "erasing.h"

static bool has(struct str json, const char *part)
{
    return memmem(json.p, json.n, part, strlen(part)) != NULL;
}

static void everything_is_in_it(void **state)
{
    struct shop *s = *state;
    struct person_id guest = person_of(s, "ada@example.com");
    (void)order_for(s, guest, (struct account_id){{{0}}}, "completed");
    struct account_id ada = account_for(s, "ada@example.com");
    struct err e = {0};
    struct book_address address;
    struct privacy_export x;
    bool replayed;
    char id[40];
    struct address home = {.name = STR("Ada Example"), .line1 = STR("Second Street 2"), .postal_code = STR("10117"), .city = STR("Berlin"), .country = STR("DE")};
    assert_good(address_book_add(call_as(s, ada), &(struct book_address_in){.label = STR("Home"), .address = &home}, &address, &replayed, &e), e);
    uuid_sql(ada.u, id);
    shop_sql(s, "INSERT INTO identity.passkey (id, account_id, credential_id, public_key, algorithm, sign_count, backup_eligible, backed_up, aaguid, name, created_at, updated_at) "
             "VALUES (gen_random_uuid(), %s, '\\x01', '\\x02', -7, 0, false, false, gen_random_uuid(), 'My phone', '2026-06-01', '2026-06-01')", id);
    shop_sql(s, "INSERT INTO identity.consent (id, account_id, n, purpose, granted, text_version, source, actor, created_at) "
             "VALUES (gen_random_uuid(), %s, 1, 'newsletter', true, 1, 'account', 'x', '2026-06-01')", id);
    shop_sql(s, "SELECT platform.audit_v1('guest', 'login.failed', 'account', %s, '{\"place\":\"203.0.113.0\"}', 'r', 't', '2026-06-01')", id);
    shop_sql(s, "UPDATE identity.account SET preferences = '{\"theme\":\"dark\"}' WHERE id = %s", id);
    assert_good(privacy_collect(shop_call(s, "souk_jobs_core"), ada, &x, &e), e);
    static const char *const parts[] = {"\"email\":\"ada@example.com\"", "Second Street 2", "\"label\":\"Home\"", "Example Street 1", "\"total\": 1490", "\"name\": \"My phone\"",
                                        "\"purpose\": \"newsletter\"", "login.failed", "203.0.113.0", "\"theme\"", "\"carts\":[", "\"payments\":", "\"messages\":"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!has(x.json, parts[i])) fail_msg("no %s in " STR_FMT, parts[i], STR_ARG(x.json));
    assert_false(has(x.json, "sealed") || has(x.json, "\\\\x"));
    bool label = false, value = false;
    for (size_t i = 0; i < x.n_lines; i++) {
        label |= x.lines[i].depth == 0 && str_eq_c(x.lines[i].label, "addresses");
        value |= str_eq_c(x.lines[i].label, "line1") && str_eq_c(x.lines[i].value, "Second Street 2");
    }
    assert_true(label && value);
}

static void nobody_is_not_found(void **state)
{
    struct err e = {0};
    struct privacy_export x;
    assert_refused(privacy_collect(shop_call(*state, "souk_jobs_core"), (struct account_id){{{3}}}, &x, &e), e, PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_is_in_it), cmocka_unit_test(nobody_is_not_found)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
