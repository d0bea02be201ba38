/* A shop for tests of services: a migrated PostgreSQL of its own, keys, a market, and calls whose clock stands where the test puts it. */
#ifndef SOUK_TESTS_UNIT_SERVICE_SHOP_H
#define SOUK_TESTS_UNIT_SERVICE_SHOP_H

#include "service/call.h"
#include "unit.h"

struct shop;

int shop_start(void **state);            /* group setup: *state is a struct shop */
int shop_stop(void **state);

/* A fresh call as the role `role` ("souk_order"), with an arena of its own; the one before ends. */
struct call *shop_call(struct shop *s, const char *role);
/* Business time of the next calls. Begins at 2026-06-01T12:00:00Z. */
void shop_at(struct shop *s, usec_t now);
usec_t shop_now(const struct shop *s);
/* The next call carries this idempotency key (NULL: none) and body hash. */
void shop_key(struct shop *s, const char *key, const char *body_hash);

/* As the superuser: a statement; a statement that answers one int8. */
void shop_sql(struct shop *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same in the database of the person keys. */
void shop_sql_keys(struct shop *s, const char *sql);
int64_t shop_ask(struct shop *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A product with one variant, priced in EUR, on the shelf. */
struct variant_id shop_variant(struct shop *s, int64_t price, int stock, int weight_g, const char *tax_class);
const char *uuid_sql(struct uuid u, char text[40]);      /* quoted, for statements */

/* `good` with the detail of `e` in the message when it is false. */
#define assert_good(good, e) do { if (!(good)) fail_msg("%s: %s %s (%s)", problem_info((e).problem)->code, (e).param, (e).detail, (e).cause); } while (0)
#define assert_refused(good, e, why) do { if (good) fail_msg("not refused"); assert_int_equal((e).problem, why); } while (0)

#endif
