/* What a mail or a code must prove: derived, counted, used once. */
#include "shop.h"

#include "service/challenge.h"

struct begun { struct challenge_id id; char verification[120]; };

static struct call *user(struct shop *s, struct err *e)
{
    err_clear(e);
    return shop_call(s, "souk_user");
}

static struct begun begin(struct shop *s, const char *email, bool decoy)
{
    struct begun b;
    struct str verification;
    struct err e;
    struct call *c = user(s, &e);
    assert_good(challenge_begin(c, &(struct challenge_new){.purpose = CHALLENGE_REGISTER, .email = str_from(email), .name = STR("Ada"), .password = STR("x"), .mail = "verify_email",
                                                           .decoy = decoy, .life = CHALLENGE_LINK_LIFE}, &b.id, &verification, &e), e);
    snprintf(b.verification, sizeof b.verification, STR_FMT, STR_ARG(verification));
    return b;
}

static bool by_code(struct shop *s, const struct begun *b, const char *verification, int64_t sends, bool right, struct challenge *ret, struct err *e)
{
    struct call *c = user(s, e);
    struct str code = challenge_code(c, b->id, sends);
    if (!right)
        code = str_printf(c->arena, "%c" STR_FMT, code.p[0] == '9' ? '0' : code.p[0] + 1, STR_ARG(str_sub(code, 1, 5)));
    return challenge_by_code(c, CHALLENGE_REGISTER, str_from(verification), code, ret, e);
}

static void the_code_with_its_holder(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "code@example.com", false), other = begin(s, "other@example.com", false);
    struct challenge ch;
    struct err e;
    bool first;
    assert_refused(by_code(s, &b, b.verification, 1, false, &ch, &e), e, PROBLEM_INVALID_CODE);
    assert_refused(by_code(s, &b, other.verification, 1, true, &ch, &e), e, PROBLEM_INVALID_CODE);
    assert_refused(by_code(s, &b, "nonsense", 1, true, &ch, &e), e, PROBLEM_EXPIRED);
    assert_refused(by_code(s, &b, "chl_01j00000000000000000000000.abc", 1, true, &ch, &e), e, PROBLEM_EXPIRED);
    struct call *c = user(s, &e);
    struct str code = challenge_code(c, b.id, 1);
    struct str typed = str_printf(c->arena, " " STR_FMT " - " STR_FMT, STR_ARG(str_sub(code, 0, 3)), STR_ARG(str_sub(code, 3, 3)));
    assert_good(challenge_by_code(c, CHALLENGE_REGISTER, str_from(b.verification), typed, &ch, &e), e);
    assert_str(ch.email, "code@example.com");
    assert_str(ch.name, "Ada");
    assert_good(challenge_use(user(s, &e), b.id, &first, &e), e);
    assert_true(first);
    assert_good(challenge_use(user(s, &e), b.id, &first, &e), e);
    assert_false(first);
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_EXPIRED);
}

static void a_stranger_burns_no_tries(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "burn@example.com", false);
    char forged[120];
    struct challenge ch;
    struct err e;
    snprintf(forged, sizeof forged, "%.30s.AAAAAAAAAAAAAAAAAAAAAA", b.verification);
    for (int i = 0; i < 10; i++)
        assert_refused(by_code(s, &b, forged, 1, true, &ch, &e), e, PROBLEM_EXPIRED);
    assert_good(by_code(s, &b, b.verification, 1, true, &ch, &e), e);
}

static void five_tries_for_each_code(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "tries@example.com", false);
    struct challenge ch;
    struct err e;
    for (int i = 0; i < CHALLENGE_TRIES; i++)
        assert_refused(by_code(s, &b, b.verification, 1, false, &ch, &e), e, PROBLEM_INVALID_CODE);
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_TOO_MANY_TRIES);
    assert_good(challenge_resend(user(s, &e), CHALLENGE_REGISTER, str_from(b.verification), &e), e);
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_INVALID_CODE);      /* the old one is void */
    assert_good(by_code(s, &b, b.verification, 2, true, &ch, &e), e);
}

static void codes_and_links_end(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "ends@example.com", false);
    struct challenge ch;
    struct err e;
    char link[120];
    usec_t now = shop_now(s);
    snprintf(link, sizeof link, STR_FMT, STR_ARG(challenge_link(user(s, &e), b.id)));
    shop_at(s, now + CHALLENGE_CODE_LIFE);
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_EXPIRED);
    assert_good(challenge_by_link(user(s, &e), CHALLENGE_REGISTER, str_from(link), &ch, &e), e);
    assert_refused(challenge_by_link(user(s, &e), CHALLENGE_RESET, str_from(link), &ch, &e), e, PROBLEM_EXPIRED);
    link[strlen(link) - 2] ^= 1;
    assert_refused(challenge_by_link(user(s, &e), CHALLENGE_REGISTER, str_from(link), &ch, &e), e, PROBLEM_EXPIRED);
    link[strlen(link) - 2] ^= 1;
    shop_at(s, now + CHALLENGE_LINK_LIFE);
    assert_refused(challenge_by_link(user(s, &e), CHALLENGE_REGISTER, str_from(link), &ch, &e), e, PROBLEM_EXPIRED);
    shop_at(s, now);
}

static void a_mailbox_is_not_flooded(void **state)
{
    struct shop *s = *state;
    struct begun b;
    struct challenge ch;
    struct err e;
    char id[40];
    for (int i = 0; i < CHALLENGE_SENDS + 2; i++)
        b = begin(s, "flood@example.com", false);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message m JOIN identity.challenge c ON c.id = m.subject_id "
                                 "WHERE c.email_hash = (SELECT x.email_hash FROM identity.challenge x WHERE x.id = %s)", uuid_sql(b.id.u, id)), CHALLENGE_SENDS);
    assert_refused(by_code(s, &b, b.verification, 0, true, &ch, &e), e, PROBLEM_INVALID_CODE);      /* nothing was sent: no code is right */
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_INVALID_CODE);
    assert_good(challenge_resend(user(s, &e), CHALLENGE_REGISTER, str_from(b.verification), &e), e);
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_INVALID_CODE);
}

static void decoys_are_never_met(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "decoy@example.com", true);
    struct challenge ch;
    struct err e;
    bool first;
    char link[120];
    snprintf(link, sizeof link, STR_FMT, STR_ARG(challenge_link(user(s, &e), b.id)));
    assert_refused(by_code(s, &b, b.verification, 1, true, &ch, &e), e, PROBLEM_INVALID_CODE);
    assert_refused(challenge_by_link(user(s, &e), CHALLENGE_REGISTER, str_from(link), &ch, &e), e, PROBLEM_EXPIRED);
    assert_good(challenge_use(user(s, &e), b.id, &first, &e), e);
    assert_false(first);
}

static void nothing_secret_stands_in_the_row(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "clear@example.com", false);
    struct err e;
    struct call *c = user(s, &e);
    struct str code = challenge_code(c, b.id, 1), link = challenge_link(c, b.id);
    char id[40];
    for (size_t i = 0; i < code.n; i++)
        assert_true(code.p[i] >= '0' && code.p[i] <= '9');
    assert_int_equal(code.n, 6);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.challenge c WHERE c.id = %s AND (c::text LIKE '%%clear@example%%' OR c::text LIKE '%%" STR_FMT "%%' "
                                 "OR c::text LIKE '%%" STR_FMT "%%' OR c::text LIKE '%%%s%%')", uuid_sql(b.id.u, id), STR_ARG(code), STR_ARG(str_sub(link, 31, 22)),
                              b.verification + 31), 0);
}

static void who_asked_and_what_a_link_may_try(void **state)
{
    struct shop *s = *state;
    struct begun b = begin(s, "held@example.com", false), other = begin(s, "held2@example.com", false);
    struct challenge ch;
    struct err e;
    bool found, held;
    assert_good(challenge_read(user(s, &e), b.id, &ch, &found, &e), e);
    assert_true(found);
    ch.id = b.id;
    assert_good(challenge_held_by(user(s, &e), &ch, str_from(b.verification), &held, &e), e);
    assert_true(held);
    assert_good(challenge_held_by(user(s, &e), &ch, str_from(other.verification), &held, &e), e);
    assert_false(held);
    assert_good(challenge_held_by(user(s, &e), &ch, STR_NULL, &held, &e), e);
    assert_false(held);
    /* a look counts nothing, and shows nothing to others */
    for (int i = 0; i <= CHALLENGE_TRIES; i++)
        assert_good(challenge_peek(user(s, &e), CHALLENGE_REGISTER, str_from(b.verification), &ch, &e), e);
    assert_true(uuid_eq(ch.id.u, b.id.u));
    char mixed[120];
    snprintf(mixed, sizeof mixed, "%.31s%.80s", b.verification, other.verification + 31);
    const struct { const char *purpose, *verification; } none[] = {
        {CHALLENGE_MFA, b.verification}, {CHALLENGE_REGISTER, mixed}, {CHALLENGE_REGISTER, "x.y"}, {CHALLENGE_REGISTER, NULL}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_refused(challenge_peek(user(s, &e), none[i].purpose, str_from(none[i].verification), &ch, &e), e, PROBLEM_EXPIRED);
    for (int i = 0; i < CHALLENGE_TRIES; i++)
        assert_good(challenge_count(user(s, &e), b.id, &e), e);
    assert_refused(challenge_peek(user(s, &e), CHALLENGE_REGISTER, str_from(b.verification), &ch, &e), e, PROBLEM_EXPIRED);
    assert_refused(challenge_count(user(s, &e), b.id, &e), e, PROBLEM_TOO_MANY_TRIES);
    assert_refused(challenge_by_holder(user(s, &e), CHALLENGE_REGISTER, str_from(b.verification), &ch, &e), e, PROBLEM_TOO_MANY_TRIES);
    assert_good(challenge_by_holder(user(s, &e), CHALLENGE_REGISTER, str_from(other.verification), &ch, &e), e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_with_its_holder), cmocka_unit_test(a_stranger_burns_no_tries), cmocka_unit_test(five_tries_for_each_code),
        cmocka_unit_test(codes_and_links_end), cmocka_unit_test(a_mailbox_is_not_flooded), cmocka_unit_test(decoys_are_never_met),
        cmocka_unit_test(nothing_secret_stands_in_the_row), cmocka_unit_test(who_asked_and_what_a_link_may_try)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
