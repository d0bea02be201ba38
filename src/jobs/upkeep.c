/* What keeps the house tidy. Each portion is one call of a published function that claims its own rows. */
#include "jobs/jobs.h"
#include "service/privacy.h"
#include "sql/jobs.h"
#include "sql/platform.h"

enum { PORTION = 100, KEEP_JOBS_DAYS = 7, KEEP_DONE_DAYS = 90, RETIRE = 1000 };

bool job_reservations(struct call *c, int *ret_done, struct err *e)
{
    struct q_reservations_expire_row r;
    if (!q_reservations_expire(c->db, c->arena, &(struct q_reservations_expire_in){.lim = PORTION, .now = c->now}, &r, e))
        return false;
    *ret_done = r.expired;
    return true;
}

bool job_carts(struct call *c, int *ret_done, struct err *e)
{
    struct q_carts_abandon_row r;
    if (!q_carts_abandon(c->db, c->arena, &(struct q_carts_abandon_in){.lim = PORTION, .now = c->now}, &r, e))
        return false;
    *ret_done = r.abandoned;
    return true;
}

bool job_listing(struct call *c, int *ret_done, struct err *e)
{
    struct q_listing_refresh_row r;
    if (!q_listing_refresh(c->db, c->arena, &(struct q_listing_refresh_in){.lim = PORTION, .now = c->now}, &r, e))
        return false;
    *ret_done = r.refreshed;
    return true;
}

bool job_challenges(struct call *c, int *ret_done, struct err *e)
{
    struct q_challenge_purge_row r;
    if (!q_challenge_purge(c->db, c->arena, &(struct q_challenge_purge_in){.lim = PORTION, .now = c->now}, &r, e))
        return false;
    *ret_done = r.removed;
    return true;
}

bool job_audit(struct call *c, int *ret_done, struct err *e)
{
    struct q_audit_seal_row r;
    if (!q_audit_seal(c->db, c->arena, &(struct q_audit_seal_in){.lim = PORTION}, &r, e))
        return false;
    *ret_done = r.sealed > 0 ? r.sealed : 0;           /* -1: another sealer is at work */
    return true;
}

/* Longer than any event is kept that they answer (souk verify compares the two), and than a provider repeats its news. */
static bool retire_done(struct call *c, int *ret_removed, struct err *e)
{
    struct uuid before = uuid_v7(c->now - KEEP_DONE_DAYS * USEC_PER_DAY), real = uuid_v7(clock_real() - KEEP_DONE_DAYS * USEC_PER_DAY);
    struct q_messages_retire_row messages;
    struct q_payment_events_retire_row news;
    if (!q_messages_retire(c->db, c->arena, &(struct q_messages_retire_in){.before = before, .lim = RETIRE}, &messages, e) ||
        !q_payment_events_retire(c->db, c->arena, &(struct q_payment_events_retire_in){.before = real, .lim = RETIRE}, &news, e))
        return false;
    *ret_removed = messages.removed + news.removed;
    return true;
}

bool job_partitions(struct call *c, int *ret_done, struct err *e)
{
    struct q_partitions_row r;
    struct q_identity_partitions_row id;
    struct q_job_purge_row purged;
    int expired, retired;
    if (!q_partitions(c->db, c->arena, &(struct q_partitions_in){.now = c->now}, &r, e) ||
        !q_identity_partitions(c->db, c->arena, &(struct q_identity_partitions_in){.now = c->now, .real = clock_real()}, &id, e) ||
        !q_job_purge(c->db, c->arena, &(struct q_job_purge_in){.before = c->now - KEEP_JOBS_DAYS * USEC_PER_DAY, .lim = RETIRE}, &purged, e) ||
        !retire_done(c, &retired, e) || !privacy_sweep(c, &expired, e))
        return false;
    *ret_done = r.made + r.dropped + id.made + id.dropped + purged.removed + retired + expired;
    return true;
}
