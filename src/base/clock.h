/* Business time and real time are different things.
 * Business time (when was this ordered, is this price valid, has this reservation expired) comes from a `struct clock`
 * and travels as an argument; the shop's clock offset moves it. Deadlines, leases, TLS and signatures use real time.
 * Only this file of the whole project reads a clock. */
#ifndef SOUK_BASE_CLOCK_H
#define SOUK_BASE_CLOCK_H

#include "base/str.h"

/* Microseconds since 1970-01-01T00:00:00Z, as PostgreSQL keeps them. 0 stands for "none". */
typedef int64_t usec_t;

#define USEC_PER_MS INT64_C(1000)
#define USEC_PER_SEC INT64_C(1000000)
#define USEC_PER_MINUTE (60 * USEC_PER_SEC)
#define USEC_PER_HOUR (60 * USEC_PER_MINUTE)
#define USEC_PER_DAY (24 * USEC_PER_HOUR)

struct clock {
    int64_t offset_us;          /* sandbox only; 0 in production */
    usec_t fixed_us;            /* tests: != 0 stops the clock there */
};

usec_t clock_now(const struct clock *c);            /* business time */
usec_t clock_real(void);                            /* CLOCK_REALTIME, for TLS, signatures, log lines */
int64_t clock_monotonic(void);                      /* microseconds, for deadlines and durations */

/* RFC 3339 with microseconds cut to the second when zero: "2026-11-22T21:50:00Z" or "...00.123456Z". */
struct str time_format(struct arena *a, usec_t t);
/* The same with all six digits and without memory, for log lines (no end of string). */
enum { TIME_STAMP_LEN = 27 };
void time_stamp(usec_t t, char ret_text[TIME_STAMP_LEN]);
bool time_parse(struct str s, usec_t *ret_time);    /* RFC 3339, any offset */
/* IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 22 Nov 2026 21:50:00 GMT" */
struct str time_http(struct arena *a, usec_t t);

struct civil { int year, month, day, hour, minute, second, weekday; };   /* month 1..12, weekday 0 = Sunday, UTC */
struct civil time_civil(usec_t t);

#endif
