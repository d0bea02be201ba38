/* What this process heard of revocations (identity.revocation): whatever it, Redis or a token remembers of a session from before such a news is asked for
 * again. One per process; its main thread reads the news, any thread asks. Real time.
 *
 * Remembered is what carries a time: when it was read from PostgreSQL, or when the token was issued. A news voids what is younger than itself by
 * NEWS_SLACK, too: a transaction that ends a session takes its time before it commits, and somebody may read the session in between. */
#ifndef SOUK_SERVICE_SESSION_NEWS_H
#define SOUK_SERVICE_SESSION_NEWS_H

#include "base/clock.h"
#include "base/ids.h"

struct session_news;

#define NEWS_SLACK (15 * USEC_PER_SEC)         /* longer than any transaction may take */
#define NEWS_OVERLAP (30 * USEC_PER_SEC)       /* read again each time: clocks of programs differ, transactions commit late */
#define NEWS_STALE (5 * USEC_PER_SEC)          /* without news for so long nothing that is remembered counts */

/* `keep`: how old something remembered may be (the life of a token). */
struct session_news *session_news_new(int64_t keep_us);
void session_news_destroy(struct session_news *n);                                       /* NULL is allowed */
/* From when to read: everything that may still matter at first, then the overlap. */
usec_t session_news_since(struct session_news *n, usec_t real);
/* One revocation; a zero session means all of the account. */
void session_news_add(struct session_news *n, struct account_id account, struct session_id session, usec_t at);
/* The reading that began at `real` is complete. Forgets what can matter no more. */
void session_news_read(struct session_news *n, usec_t real);
/* Does it still count? False: ask PostgreSQL. Also false with NULL, and when the news are stale. */
bool session_news_good(struct session_news *n, struct account_id account, struct session_id session, usec_t remembered, usec_t real);
size_t session_news_count(struct session_news *n);

#endif
