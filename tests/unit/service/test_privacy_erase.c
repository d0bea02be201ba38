/* Erasure: nothing opens any more, nothing finds the person, the books stay; and again in a shop that was restored. */
#include "erasing.h"

static int64_t person_rows(struct shop *s, struct account_id account)
{
    char id[40];
    uuid_sql(account.u, id);
    return shop_ask(s, "SELECT (SELECT count(*) FROM identity.address WHERE account_id = %s) + (SELECT count(*) FROM identity.passkey WHERE account_id = %s) + "
                    "(SELECT count(*) FROM identity.challenge WHERE account_id = %s) + (SELECT count(*) FROM identity.account_role WHERE account_id = %s) + "
                    "(SELECT count(*) FROM identity.account WHERE id = %s AND status <> 'erased') + "
                    "(SELECT count(*) FROM identity.person WHERE account_id = %s AND (email_hash IS NOT NULL OR erased_at IS NULL)) + "
                    "(SELECT count(*) FROM orders.orders o JOIN identity.person p ON p.id = o.person_id WHERE p.account_id = %s AND o.address_sealed <> '\\x') + "
                    "(SELECT count(*) FROM identity.session WHERE account_id = %s AND (ended_at IS NULL OR device <> ''))", id, id, id, id, id, id, id, id);
}

static struct account_id full_account(struct shop *s, const char *email)
{
    struct account_id a = account_for(s, email);
    struct person_id again;
    struct err e = {0};
    struct book_address out;
    bool replayed;
    char id[40];
    struct address home = {.name = STR("Ada Example"), .line1 = STR("Second Street 2"), .postal_code = STR("10117"), .city = STR("Berlin"), .country = STR("DE")};
    assert_good(address_book_add(call_as(s, a), &(struct book_address_in){.address = &home}, &out, &replayed, &e), e);
    /* A guest with the same address who was not claimed yet. */
    shop_sql(s, "UPDATE identity.account SET preferences = '{}' WHERE id = %s", uuid_sql(a.u, id));
    again = person_of(s, email);
    (void)order_for(s, again, (struct account_id){{{0}}}, "completed");
    shop_sql(s, "INSERT INTO identity.passkey (id, account_id, credential_id, public_key, algorithm, sign_count, backup_eligible, backed_up, aaguid, name, created_at, updated_at) "
             "VALUES (gen_random_uuid(), %s, sha256(%s::text::bytea), '\\x02', -7, 0, false, false, gen_random_uuid(), 'My phone', '2026-06-01', '2026-06-01')", id, id);
    shop_sql(s, "INSERT INTO identity.account_role (account_id, role_id, granted_by, created_at) VALUES (%s, '01900000-0000-7000-8000-000000000505', 'x', '2026-06-01')", id);
    shop_sql(s, "INSERT INTO identity.challenge (id, purpose, account_id, expires_at, created_at, updated_at) VALUES (gen_random_uuid(), 'reset', %s, '2026-06-02', '2026-06-01', '2026-06-01')", id);
    shop_sql(s, "INSERT INTO identity.session (id, account_id, kind, secret_hash, rotated_at, method, fresh_at, device, last_used_at, expires_at, created_at, updated_at) "
             "VALUES (gen_random_uuid(), %s, 'browser', sha256('x'), '2026-06-01', 'password', '2026-06-01', 'Firefox on Linux', '2026-06-01', '2026-07-01', '2026-06-01', '2026-06-01')", id);
    shop_sql(s, "INSERT INTO identity.consent (id, account_id, n, purpose, granted, text_version, source, actor, created_at) "
             "VALUES (gen_random_uuid(), %s, 1, 'newsletter', true, 1, 'account', 'x', '2026-06-01')", id);
    return a;
}

static void nothing_is_left_but_the_books(void **state)
{
    struct shop *s = *state;
    struct account_id ada = full_account(s, "ada@example.com");
    struct err e = {0};
    struct account a;
    bool erased;
    char id[40];
    assert_true(person_rows(s, ada) >= 6);
    struct data_request_id request = {uuid_v7(1)};
    assert_good(privacy_erase_now(shop_call(s, "souk_jobs_core"), ada, request, &erased, &e), e);
    assert_true(erased);
    assert_int_equal(person_rows(s, ada), 0);
    uuid_sql(ada.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE account_id = %s", id), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.consent WHERE account_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'account.erased' AND object_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'customer.erased' AND object_id = %s", id), 1);
    assert_good(account_read(call_as(s, ada), ada, &a, &e), e);
    assert_true(str_is_null(a.email) && str_is_null(a.name));
    assert_good(privacy_erase_now(shop_call(s, "souk_jobs_core"), ada, request, &erased, &e), e);      /* killed in between: again */
    assert_false(erased);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'customer.erased' AND object_id = %s", id), 1);
    assert_false(uuid_is_zero(account_for(s, "ada@example.com").u));                                   /* the address is free again */
}

static void a_restored_shop_forgets_again(void **state)
{
    struct shop *s = *state;
    struct account_id bob = full_account(s, "bob@example.com");
    struct person_id guest = person_of(s, "guest@example.com"), stays = person_of(s, "stays@example.com");
    struct err e = {0};
    struct privacy_replayed r;
    char id[40], g[40];
    uuid_sql(bob.u, id), uuid_sql(guest.u, g);
    (void)order_for(s, guest, (struct account_id){{{0}}}, "completed");
    /* As after a restore of the shop's database: the keys are gone, the rows are back. */
    char sql[400];
    snprintf(sql, sizeof sql, "INSERT INTO keys.erased VALUES (%s, '2026-06-01')", g);
    shop_sql_keys(s, sql);
    struct call *c = shop_call(s, "souk_admin");
    struct person_id own = {0};
    struct account a;
    assert_good(account_read(c, bob, &a, &e), e);
    own = a.person;
    char p[40];
    snprintf(sql, sizeof sql, "INSERT INTO keys.erased VALUES (%s, '2026-06-01')", uuid_sql(own.u, p));
    shop_sql_keys(s, sql);
    shop_sql_keys(s, "DELETE FROM keys.person_key WHERE person_id IN (SELECT person_id FROM keys.erased)");
    assert_good(privacy_replay(shop_call(s, "souk_admin"), &r, &e), e);
    assert_int_equal(r.accounts, 1);
    assert_int_equal(r.persons, 2);
    assert_int_equal(person_rows(s, bob), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE id = %s AND erased_at IS NOT NULL AND email_hash IS NULL", g), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.orders WHERE person_id = %s AND address_sealed = '\\x'", g), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE id = %s AND erased_at IS NULL", uuid_sql(stays.u, p)), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'customer.erased' AND payload ->> 'replay' = 'true'"), 1);
    assert_good(privacy_replay(shop_call(s, "souk_admin"), &r, &e), e);
    assert_true(r.listed >= 2 && r.persons == 0 && r.accounts == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_left_but_the_books), cmocka_unit_test(a_restored_shop_forgets_again)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
