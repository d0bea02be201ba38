/* souk verify finds each damage that is planted, by the check that is meant for it, and nothing in a shop in order. */
#include "paying.h"

#include <sys/stat.h>
#include <unistd.h>

#include "service/notification.h"
#include "service/verify.h"

static char spool[64];

struct found { const char *check; size_t n, others; char first[200]; };

static void note(void *arg, const struct verify_check *check, const struct verify_finding *findings, size_t n)
{
    struct found *f = arg;
    if (n == 0)
        return;
    if (f->check != NULL && strcmp(f->check, check->name) == 0)
        f->n += n;
    else
        f->others += n;
    snprintf(f->first, sizeof f->first, "%s: %.*s %.*s", check->name, STR_ARG(findings[0].object), STR_ARG(findings[0].detail));
}

static struct found look(struct shop *s, const char *check)
{
    struct found f = {.check = check};
    struct err e;
    size_t wrong;
    err_clear(&e);
    struct call *c = paying_call(s, "souk_admin");
    assert_good(verify_all(c, spool, note, &f, &wrong, &e), e);
    return f;
}

/* Orders in every state, with their mails: what the damages are planted into. */
static void a_shop_in_order(void **state)
{
    static const char *const tokens[] = {"tok_ok", "tok_ok", "tok_declined", "tok_challenge", "tok_ok"};
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 50, 300, "standard");
    for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
        struct checkout_result r = order_to_pay(s, cup, tokens[i]);
        struct payment_view v;
        struct err e;
        bool replayed, fresh;
        err_clear(&e);
        if (i == 4)
            continue;
        assert_good(payment_confirm(paying_call(s, "souk_payment"), r.payment, r.payment_token, &v, &replayed, &e), e);
        if (i < 2)
            assert_good(message_queue(paying_call(s, "souk_jobs_core"), MESSAGE_ORDER_CONFIRMATION, r.order, STR_NULL, STR_NULL, &fresh, &e), e);
    }
    paying_config()->payment_capture = "shipment";
    struct checkout_result held = order_to_pay(s, cup, "tok_ok");
    struct payment_view v;
    struct err e;
    bool replayed, fresh;
    err_clear(&e);
    assert_good(payment_confirm(paying_call(s, "souk_payment"), held.payment, held.payment_token, &v, &replayed, &e), e);
    assert_good(message_queue(paying_call(s, "souk_jobs_core"), MESSAGE_ORDER_CONFIRMATION, held.order, STR_NULL, STR_NULL, &fresh, &e), e);
    work_payments(s);
    shop_sql(s, "SELECT platform.relay_v1(10000, '2026-06-01')");
    shop_sql(s, "INSERT INTO platform.consumer SELECT 'mail', last_position, '2026-06-01', '2026-06-01' FROM platform.relay_state");
    struct message_list list;
    err_clear(&e);
    struct call *c = paying_call(s, "souk_jobs_core");
    assert_good(message_claim(c, 10, &list, &e), e);
    assert_int_equal(list.n, 3);
    assert_int_equal(mkdir(spool, 0700), 0);
    for (size_t i = 0; i < list.n; i++) {
        FILE *f = fopen(arena_printf(c->arena, "%s/%.*s.eml", spool, STR_ARG(id_str(c->arena, ID_mail, list.v[i].id.u))), "w");
        assert_non_null(f);
        fputs("mail", f);
        fclose(f);
        assert_good(message_sent(c, &list.v[i], &e), e);
    }
    shop_sql(s, "SELECT platform.relay_v1(10000, '2026-06-01')");
    struct found f = look(s, NULL);
    if (f.others > 0)
        fail_msg("%s", f.first);
}

/* Damage and repair run as the superuser with triggers and foreign keys off. */
static const struct { const char *check, *damage, *repair; } damages[] = {
    {"order_attempt", "UPDATE payment.attempt SET order_id = order_id_moved(order_id) WHERE state = 'failed'", "UPDATE payment.attempt SET order_id = order_id_back(order_id) WHERE state = 'failed'"},
    {"attempt_order", "UPDATE payment.attempt SET order_id = order_id_moved(order_id) WHERE state = 'failed'", "UPDATE payment.attempt SET order_id = order_id_back(order_id) WHERE state = 'failed'"},
    {"order_cart", "UPDATE orders.cart SET state = 'abandoned' WHERE state = 'ordered'", "UPDATE orders.cart SET state = 'ordered' WHERE state = 'abandoned'"},
    {"order_cart", "INSERT INTO orders.cart (id, state, token_hash, market_id, expires_at, created_at, updated_at) SELECT order_id_moved(id), 'ordered', sha256(id::text::bytea), "
     "market_id, expires_at, created_at, updated_at FROM orders.cart LIMIT 1", "DELETE FROM orders.cart WHERE id NOT IN (SELECT cart_id FROM orders.orders)"},
    {"order_paid", "UPDATE payment.attempt SET state = 'voided' WHERE state = 'authorized'", "UPDATE payment.attempt SET state = 'authorized' WHERE state = 'voided'"},
    {"order_paid", "UPDATE payment.attempt SET amount = amount - 1, captured = captured - 1 WHERE state = 'captured'", "UPDATE payment.attempt SET amount = amount + 1, captured = captured + 1 WHERE state = 'captured'"},
    {"order_unpaid_money", "UPDATE payment.attempt SET state = 'authorized' WHERE state = 'failed'", "UPDATE payment.attempt SET state = 'failed' WHERE failure_code IS NOT NULL"},
    {"order_sums", "UPDATE orders.order_line SET net = net + 1, total = total + 1", "UPDATE orders.order_line SET net = net - 1, total = total - 1"},
    {"order_sums", "UPDATE orders.order_line SET net = net - 1, tax = tax + 1", "UPDATE orders.order_line SET net = net + 1, tax = tax - 1"},
    {"order_recomputed", "UPDATE orders.order_line SET net = net - 1, tax = tax + 1", "UPDATE orders.order_line SET net = net + 1, tax = tax - 1"},
    {"order_recomputed", "UPDATE orders.order_line SET tax_rate = 70000", "UPDATE orders.order_line SET tax_rate = 190000"},
    {"order_person", "UPDATE identity.person SET id = order_id_moved(id)", "UPDATE identity.person SET id = order_id_back(id)"},
    {"stock_levels", "UPDATE inventory.levels SET on_hand = on_hand + 1", "UPDATE inventory.levels SET on_hand = on_hand - 1"},
    {"stock_levels", "UPDATE inventory.levels SET reserved = reserved + 1", "UPDATE inventory.levels SET reserved = reserved - 1"},
    {"stock_orders", "UPDATE inventory.reservations SET allocated = 0 WHERE status = 'consumed'", "UPDATE inventory.reservations SET allocated = quantity WHERE status = 'consumed'"},
    {"stock_strangers", "UPDATE inventory.reservations SET order_id = order_id_moved(order_id)", "UPDATE inventory.reservations SET order_id = order_id_back(order_id)"},
    {"ledger_balance", "UPDATE payment.ledger_entry SET amount = amount + 1 WHERE n = 1", "UPDATE payment.ledger_entry SET amount = amount - 1 WHERE n = 1"},
    {"ledger_balance", "INSERT INTO payment.ledger_transaction SELECT '99999999-0000-7000-8000-000000000001', 'void', id, order_id, NULL, created_at FROM payment.attempt LIMIT 1",
     "DELETE FROM payment.ledger_transaction WHERE id = '99999999-0000-7000-8000-000000000001'"},
    {"ledger_balance", "INSERT INTO payment.ledger_entry VALUES ('99999999-0000-7000-8000-000000000002', 1, 'sales', 5, 'EUR'), ('99999999-0000-7000-8000-000000000002', 2, 'commitment', -5, 'EUR')",
     "DELETE FROM payment.ledger_entry WHERE transaction_id = '99999999-0000-7000-8000-000000000002'"},
    {"ledger_attempts", "UPDATE payment.attempt SET refunded = 1 WHERE state = 'captured'", "UPDATE payment.attempt SET refunded = 0 WHERE state = 'captured'"},
    {"books", "UPDATE sandbox.booking SET amount = amount + 1 WHERE kind = 'capture'", "UPDATE sandbox.booking SET amount = amount - 1 WHERE kind = 'capture'"},
    {"books", "UPDATE sandbox.intent SET attempt_id = order_id_moved(attempt_id)", "UPDATE sandbox.intent SET attempt_id = order_id_back(attempt_id)"},
    {"sandbox", "UPDATE sandbox.intent SET captured = captured - 1 WHERE state = 'captured'", "UPDATE sandbox.intent SET captured = captured + 1 WHERE state = 'captured'"},
    {"unsettled", "UPDATE payment.attempt SET flag = 'look' WHERE state = 'failed'", "UPDATE payment.attempt SET flag = NULL"},
    {"unsettled", "UPDATE orders.orders o SET expires_at = '2026-05-31', updated_at = '2026-05-31' WHERE id IN (SELECT order_id FROM payment.attempt WHERE state = 'failed')",
     "UPDATE orders.orders SET expires_at = '2026-06-01 12:15:00+00', updated_at = created_at WHERE expires_at = '2026-05-31'"},
    {"unsettled", "UPDATE inventory.reservations SET expires_at = '2026-05-31' WHERE status = 'active'", "UPDATE inventory.reservations SET expires_at = '2026-06-01 12:15:00+00'"},
    {"events_gapless", "UPDATE platform.outbox SET seq = 7 WHERE seq = 2 AND object_type = 'order'", "UPDATE platform.outbox SET seq = 2 WHERE seq = 7 AND object_type = 'order'"},
    {"events_counters", "UPDATE orders.orders SET event_seq = event_seq + 1", "UPDATE orders.orders SET event_seq = event_seq - 1"},
    {"events_feed", "UPDATE platform.outbox SET position = 100000 WHERE position = 3", "UPDATE platform.outbox SET position = 3 WHERE position = 100000"},
    {"events_feed", "UPDATE platform.relay_state SET last_position = last_position + 1", "UPDATE platform.relay_state SET last_position = last_position - 1"},
    {"mail_owed", "UPDATE notification.message SET kind = 'other_news'", "UPDATE notification.message SET kind = 'order_confirmation'"},
    {"mail_stray", "UPDATE notification.message SET state = 'failed', sent_at = NULL", "UPDATE notification.message SET state = 'sent', sent_at = created_at"},
    {"mail_files", "UPDATE notification.message SET id = order_id_moved(id)", "UPDATE notification.message SET id = order_id_back(id)"},
    {"audit", "INSERT INTO platform.audit (id, actor, action, created_at) VALUES (gen_random_uuid(), 'x', 'test.old', '2026-01-01')", "DELETE FROM platform.audit WHERE action = 'test.old'"},
    {"audit", "UPDATE platform.audit_chain SET last_number = last_number + 1", "UPDATE platform.audit_chain SET last_number = last_number - 1"},
    {"erased", "INSERT INTO identity.account (id, person_id, status, created_at, updated_at) SELECT order_id_moved(id), id, 'erased', '2026-06-01', '2026-06-01' FROM identity.person LIMIT 1",
     "DELETE FROM identity.account"},
};

static void each_damage_is_found(void **state)
{
    struct shop *s = *state;
    shop_sql(s, "CREATE FUNCTION public.order_id_moved(uuid) RETURNS uuid LANGUAGE sql AS $$ SELECT ('ffffffff' || substr($1::text, 9))::uuid $$");
    shop_sql(s, "CREATE TABLE public.moved (was uuid, is_now uuid)");
    shop_sql(s, "INSERT INTO public.moved SELECT id, public.order_id_moved(id) FROM (SELECT id FROM orders.orders UNION SELECT id FROM payment.attempt UNION "
                "SELECT id FROM identity.person UNION SELECT id FROM notification.message) x");
    shop_sql(s, "CREATE FUNCTION public.order_id_back(uuid) RETURNS uuid LANGUAGE sql AS $$ SELECT was FROM public.moved WHERE is_now = $1 $$");
    shop_sql(s, "SET session_replication_role = replica");
    shop_sql(s, "SET search_path = public");
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        shop_sql(s, "%s", damages[i].damage);
        struct found f = look(s, damages[i].check);
        if (f.n == 0)
            fail_msg("%s does not find: %s (others found %zu: %s)", damages[i].check, damages[i].damage, f.others, f.first);
        shop_sql(s, "%s", damages[i].repair);
        f = look(s, NULL);
        if (f.others > 0)
            fail_msg("not repaired: %s: %s", damages[i].repair, f.first);
    }
}

/* Every check has a damage: a new one cannot be forgotten here. */
static void each_check_has_a_damage(void **state)
{
    (void)state;
    for (const struct verify_check *c = verify_checks(); c->name != NULL; c++) {
        size_t n = 0;
        for (size_t i = 0; i < ARRAY_LEN(damages); i++)
            n += strcmp(damages[i].check, c->name) == 0;
        if (n == 0)
            fail_msg("no damage for %s", c->name);
    }
}

static void a_mail_too_many(void **state)
{
    struct shop *s = *state;
    char path[100];
    snprintf(path, sizeof path, "%s/mail_00000000000000000000000000.eml", spool);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(look(s, "mail_files").n, 1);
    unlink(path);
    assert_int_equal(look(s, "mail_files").n, 0);
}

/* A mail that found nobody (a sign-in tried for an address that no account has, an erased person) is no mail that was given up. */
static void nobody_to_write_to(void **state)
{
    struct shop *s = *state;
    shop_sql(s, "SELECT notification.queue_v2(gen_random_uuid(), 'sign_in_locked', 'challenge', gen_random_uuid(), NULL, NULL, NULL, true, NULL, NULL, '2026-06-01')");
    assert_int_equal(look(s, "mail_stray").n, 0);
    shop_sql(s, "UPDATE notification.message SET state = 'failed' WHERE state = 'dropped'");
    assert_int_equal(look(s, "mail_stray").n, 1);
}

static void what_waits(void **state)
{
    struct shop *s = *state;
    struct verify_waiting w;
    struct err e;
    err_clear(&e);
    assert_good(verify_waiting(paying_call(s, "souk_admin"), &w, &e), e);
    assert_int_equal(w.attempts, 2);
    assert_true(w.events == 0 && w.operations == 0 && w.commands == 0 && w.news == 0 && w.mails == 0);
}

static int stop(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", spool);
    if (system(command) != 0)
        return 1;
    return paying_stop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_shop_in_order), cmocka_unit_test(each_damage_is_found), cmocka_unit_test(each_check_has_a_damage),
                                       cmocka_unit_test(a_mail_too_many), cmocka_unit_test(what_waits),
                                       cmocka_unit_test(nobody_to_write_to)};
    snprintf(spool, sizeof spool, "/tmp/souk-test-verify-%d", (int)getpid());
    return cmocka_run_group_tests(tests, paying_start, stop);
}
