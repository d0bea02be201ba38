/* Mails about accounts: owed once, read with what they need and nothing that a stranger may choose. */
#include "shop.h"

#include "service/account.h"
#include "service/challenge.h"
#include "service/notification.h"

static struct account_id make(struct shop *s, const char *email, const char *locale)
{
    struct account_id id;
    struct err e = {0};
    assert_good(account_create(shop_call(s, "souk_user"), &(struct account_new){.email = str_from(email), .name = STR("Ada Example"), .locale = str_from(locale), .verified = true},
                               &id, &e), e);
    return id;
}

static struct message only(struct shop *s)
{
    struct message_list list;
    struct err e = {0};
    assert_good(message_claim(shop_call(s, "souk_jobs_core"), 10, &list, &e), e);
    assert_int_equal(list.n, 1);
    return list.v[0];
}

static void owed_to_the_owner(void **state)
{
    struct shop *s = *state;
    struct account_id id = make(s, "ada@example.com", "de");
    struct uuid subject = uuid_v7(shop_now(s));
    struct account_message m;
    struct err e = {0};
    for (int i = 0; i < 3; i++)
        assert_good(account_mail(shop_call(s, "souk_user"), "passkey_added", id, subject, &e), e);
    struct message owed = only(s);
    assert_good(account_message_read(shop_call(s, "souk_jobs_core"), &owed, &m, &e), e);
    assert_str(m.email, "ada@example.com");
    assert_str(m.name, "Ada Example");
    assert_str(m.locale, "de");
    assert_true(str_is_null(m.code) && str_is_null(m.link));
    assert_good(account_mail(shop_call(s, "souk_user"), "password_changed", id, (struct uuid){{0}}, &e), e);
    assert_good(account_mail(shop_call(s, "souk_user"), "password_changed", id, (struct uuid){{0}}, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'password_changed'"), 2);
    shop_sql(s, "UPDATE notification.message SET state = 'failed'");
    shop_sql_keys(s, "DELETE FROM keys.person_key");
    assert_good(account_message_read(shop_call(s, "souk_jobs_core"), &owed, &m, &e), e);
    assert_true(str_is_null(m.email));
}

static void a_strangers_words_stay_out(void **state)
{
    struct shop *s = *state;
    struct challenge_id id;
    struct account_message m;
    struct err e = {0};
    assert_good(challenge_begin(shop_call(s, "souk_user"), &(struct challenge_new){
        .purpose = CHALLENGE_REGISTER, .email = STR("eve@example.com"), .name = STR("Win a prize at evil.example"), .locale = STR("de"), .mail = "verify_email",
        .life = CHALLENGE_LINK_LIFE}, &id, NULL, &e), e);
    struct message owed = only(s);
    struct call *c = shop_call(s, "souk_jobs_core");
    assert_good(account_message_read(c, &owed, &m, &e), e);
    assert_str(m.email, "eve@example.com");
    assert_true(str_is_null(m.name));
    assert_true(str_eq(m.code, challenge_code(c, id, 1)) && str_eq(m.link, challenge_link(c, id)));
    assert_str(m.locale, "de");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(owed_to_the_owner), cmocka_unit_test(a_strangers_words_stay_out)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
