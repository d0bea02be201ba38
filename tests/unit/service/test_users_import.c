/* Users from a file: every row has one outcome, a second run changes nothing, what was sealed opens. */
#include "service/account.h"
#include "service/users.h"
#include "signed_in.h"
#include "users_text.h"

#define BCRYPT "$2b$04$abcdefghijklmnopqrstuuVv4X1P5cJ0vXkPzB1jZ1X8a1eGz9m2W"

struct notes { int n; int64_t lines[16]; };

static void note(void *arg, int64_t line, const char *what)
{
    struct notes *k = arg;
    assert_non_null(what);
    assert_true(k->n < 16);
    k->lines[k->n++] = line;
}

static struct users_import_report import(struct shop *s, const char *text, bool dry_run, struct notes *k)
{
    struct err e = {0};
    struct users_import_report r;
    struct call *c = shop_call(s, "souk_admin");
    *k = (struct notes){0};
    assert_good(users_import(c, input_of(c->arena, text, strlen(text)), &(struct users_import_options){.dry_run = dry_run, .note = note, .arg = k}, &r, &e), e);
    int64_t sum = 0;
    for (int i = 0; i < USERS_OUTCOMES; i++) sum += r.outcomes[i];
    assert_int_equal(sum, r.rows);
    return r;
}

static const char rows[] =
    "email,name,phone,email_verified,locale,password_hash,created_at\n"
    "ada@imported.example,Ada Example,+49 30 12345,true,de," BCRYPT ",2020-01-02T03:04:05Z\n"
    "bob@imported.example,,,false,,,\n"
    ",Nobody,,,,,\n"
    "not an address,Nobody,,,,,\n"
    "ADA@imported.example,Ada again,,,,,\n"
    "carl@imported.example,Carl,,,,md5:0123456789,\n"
    "dora@imported.example,Dora,call me,,,,\n"
    "emil@imported.example,Emil,,,,,yesterday\n"
    "fred@imported.example,\"Fred\" x,,,,,\n";

static void every_row_has_one_outcome(void **state)
{
    struct shop *s = *state;
    struct notes k;
    struct users_import_report r = import(s, rows, true, &k);
    assert_int_equal(r.outcomes[USERS_CREATED], 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account"), 0);
    r = import(s, rows, false, &k);
    static const int64_t named[] = {4, 5, 6, 7, 8, 9, 10};
    assert_int_equal(r.rows, 9);
    assert_int_equal(k.n, 7);
    for (size_t i = 0; i < 7; i++) assert_int_equal(k.lines[i], named[i]);
    assert_int_equal(r.outcomes[USERS_CREATED], 2);
    assert_int_equal(r.outcomes[USERS_TWICE], 1);
    assert_int_equal(r.outcomes[USERS_NO_EMAIL], 1);
    assert_int_equal(r.outcomes[USERS_BAD_EMAIL], 1);
    assert_int_equal(r.outcomes[USERS_BAD_HASH], 1);
    assert_int_equal(r.outcomes[USERS_BAD_VALUE], 2);
    assert_int_equal(r.outcomes[USERS_BAD_ROW], 1);
    assert_int_equal(r.with_password, 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'customer.created'"), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'users.imported' AND detail ->> 'created' = '2'"), 1);
    r = import(s, rows, false, &k);
    assert_int_equal(r.outcomes[USERS_CREATED], 0);
    assert_int_equal(r.outcomes[USERS_PRESENT], 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account"), 2);
}

static void what_was_imported_can_be_read(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct account a;
    struct call *c = shop_call(s, "souk_admin");
    struct str hash = person_email_hash(c, STR("ada@imported.example"));
    int64_t high = shop_ask(s, "SELECT ('x' || substr(replace(id::text, '-', ''), 1, 16))::bit(64)::bigint FROM identity.account WHERE email_hash = '\\x" STR_FMT "'",
                            STR_ARG(crypto_hex(c->arena, hash.p, hash.n)));
    int64_t low = shop_ask(s, "SELECT ('x' || substr(replace(id::text, '-', ''), 17))::bit(64)::bigint FROM identity.account WHERE email_hash = '\\x" STR_FMT "'",
                           STR_ARG(crypto_hex(c->arena, hash.p, hash.n)));
    struct account_id id;
    for (int i = 0; i < 8; i++) {
        id.u.b[i] = (uint8_t)((uint64_t)high >> (56 - 8 * i));
        id.u.b[8 + i] = (uint8_t)((uint64_t)low >> (56 - 8 * i));
    }
    assert_good(account_read(c, id, &a, &e), e);
    assert_str(a.email, "ada@imported.example");
    assert_str(a.name, "Ada Example");
    assert_str(a.phone, "+493012345");
    assert_str(a.locale, "de");
    assert_true(a.email_verified && a.has_password);
    assert_str(time_format(c->arena, a.created_at), "2020-01-02T03:04:05Z");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE password = '" BCRYPT "'"), 1);
}

static void more_than_one_batch(void **state)
{
    struct shop *s = *state;
    struct notes k;
    char *text = malloc(100000), *p = text;
    for (int i = 0; i < 600; i++) p += snprintf(p, 100, "{\"email\":\"user%d@many.example\",\"name\":\"User %d\"}\n", i, i);
    struct users_import_report r = import(s, text, false, &k);
    assert_int_equal(r.outcomes[USERS_CREATED], 600);
    assert_int_equal(r.lines, 600);
    r = import(s, text, false, &k);
    assert_int_equal(r.outcomes[USERS_PRESENT], 600);
    free(text);
}

/* An export that is read again lets nobody in who was locked out. */
static void the_disabled_stay_disabled(void **state)
{
    struct shop *s = *state;
    struct notes k;
    (void)import(s, "{\"email\":\"off1@states.example\",\"status\":\"disabled\"}\n{\"email\":\"off2@states.example\",\"enabled\":false}\n"
                    "{\"email\":\"on1@states.example\",\"status\":\"active\",\"enabled\":true}\n{\"email\":\"on2@states.example\",\"status\":7}\n"
                    "{\"email\":\"on3@states.example\",\"status\":\"CONFIRMED\"}\n", false, &k);
    assert_int_equal(k.n, 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE status = 'disabled'"), 2);
    (void)import(s, "email,Status,Enabled\noff3@states.example,Blocked,\noff4@states.example,,false\non4@states.example,,TRUE\non5@states.example,,\n", false, &k);
    assert_int_equal(k.n, 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE status = 'disabled'"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_has_one_outcome), cmocka_unit_test(what_was_imported_can_be_read), cmocka_unit_test(more_than_one_batch),
                                       cmocka_unit_test(the_disabled_stay_disabled)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
