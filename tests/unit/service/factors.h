/* What the tests of second factors share: codes as an app computes them, and calls of somebody who is signed in. */
#ifndef SOUK_TESTS_UNIT_SERVICE_FACTORS_H
#define SOUK_TESTS_UNIT_SERVICE_FACTORS_H

#include <time.h>

#include "auth/totp.h"
#include "service/second_factor.h"
#include "signing.h"

/* Base32 with blanks (RFC 4648) to bytes, as an app reads what somebody types. */
static inline struct str app_secret(struct arena *a, struct str typed)
{
    uint8_t *out = ARENA_ARRAY(a, uint8_t, typed.n);
    size_t n = 0;
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char ch = typed.p[i];
        if (ch == ' ') continue;
        bits = bits << 5 | (uint32_t)(ch >= 'A' ? ch - 'A' : ch - '2' + 26);
        if ((have += 5) >= 8) out[n++] = (uint8_t)(bits >> (have -= 8));
    }
    return str_of((const char *)out, n);
}

/* The present step of the app, with a few seconds left in it, so that it is still the same when the code is looked at. */
static inline int64_t app_step(void)
{
    while (clock_real() / USEC_PER_SEC % TOTP_STEP_S >= TOTP_STEP_S - 3) nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    return clock_real() / USEC_PER_SEC / TOTP_STEP_S;
}

static inline struct str app_code(struct arena *a, struct str secret, int64_t step)
{
    return str_printf(a, "%06u", (unsigned)totp_code(secret, step));
}

/* A call of the signed-in account, with or without a session. */
static inline struct call *call_of(struct shop *s, struct account_id account, bool second_factor)
{
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .id = id_str(c->arena, ID_account, account.u), .account = account, .second_factor = second_factor, .fresh_at = c->now};
    c->user_agent = STR("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
    c->client = STR("203.0.113.9");
    return c;
}

/* An account with an app; *ret_secret and *ret_codes live in `keep`. */
static inline struct account_id account_with_app(struct shop *s, struct arena *keep, struct str *ret_secret, struct str ret_codes[RECOVERY_CODES])
{
    struct account_id account = an_account(s, NULL);
    struct totp_setup setup;
    struct recovery_codes codes;
    struct err e = {0};
    assert_good(totp_begin(call_of(s, account, false), &setup, &e), e);
    *ret_secret = str_dup(keep, app_secret(keep, setup.secret));
    struct call *c = call_of(s, account, false);
    assert_good(totp_confirm(c, app_code(c->arena, *ret_secret, app_step() - 1), &codes, &e), e);
    assert_int_equal(codes.codes.n, RECOVERY_CODES);
    for (size_t i = 0; i < RECOVERY_CODES; i++) ret_codes[i] = str_dup(keep, ((const struct str *)codes.codes.v)[i]);
    return account;
}

#endif
