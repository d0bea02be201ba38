/* What people may ask about their own data: an export of everything, and erasure.
 *
 * Both are rows of identity.data_request, worked by souk-jobs core. An export collects what every domain keeps of the account's persons, opens it with their
 * keys, and puts a zip (data.json, index.html) under <home>/exports, sealed under the person's key; the owner gets a link for EXPORT_LIFE.
 *
 * An erasure waits until no order of the account is open; then the owner is told, and only when that mail is written the keys of all its persons
 * go: first in souk_keys (from then on nothing opens any more, in no backup of the shop either), then the shop's own rows are emptied. The list of erased persons
 * (keys.erased) is applied again to a shop that was restored from an older backup, before it serves: privacy_replay(). The books stay: orders keep country,
 * postal area and amounts. */
#ifndef SOUK_SERVICE_PRIVACY_H
#define SOUK_SERVICE_PRIVACY_H

#include "json/shape.h"
#include "service/account.h"

#define EXPORT_LIFE (7 * USEC_PER_DAY)

struct data_request {
    struct data_request_id id;
    struct account_id account;
    struct str kind;                     /* export, erase */
    struct str state;                    /* queued, waiting, running, telling, ready, done, canceled, expired, failed */
    int64_t open_orders;                 /* what an erasure waits for */
    int64_t bytes;                       /* of the export; 0: none yet */
    bool can_cancel;
    struct str download_path;            /* "/account/exports/dreq_…?t=…" while ready; absent otherwise */
    usec_t created_at, finished_at, expires_at;
};

/* Asks; asking again while one is open answers with that one. At most 5 exports a day (PROBLEM_RATE_LIMITED). */
MUST_CHECK bool privacy_ask_export(struct call *c, struct account_id account, struct data_request *ret, struct err *e);
/* Ends all sessions. `despite`: an operator's decision to erase although orders are open. PROBLEM_FORBIDDEN for staff who may do more than the caller. */
MUST_CHECK bool privacy_ask_erase(struct call *c, struct account_id account, bool despite, struct data_request *ret, struct err *e);
/* Until the owner was told that it is done. PROBLEM_INVALID_STATE afterwards. */
MUST_CHECK bool privacy_cancel(struct call *c, struct account_id account, struct data_request_id id, struct data_request *ret, struct err *e);
/* struct data_request, newest first, at most 100. */
MUST_CHECK bool privacy_list(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e);
MUST_CHECK bool privacy_read(struct call *c, struct account_id account, struct data_request_id id, struct data_request *ret, struct err *e);
/* The zip. With a link's token anybody who holds it, otherwise the signed-in owner. PROBLEM_NOT_FOUND, _EXPIRED. */
MUST_CHECK bool privacy_download(struct call *c, struct data_request_id id, struct str token, struct str *ret_zip, struct err *e);

/* --- jobs and operators --- */

/* What is known about a person, collected from every domain: one JSON document, and the same as lines that people can read. */
struct privacy_line {
    int depth;                           /* 0: a heading of a part, whose `label` is a key: "addresses" */
    struct str label, value;             /* value absent: a heading */
};
struct privacy_export {
    struct data_request_id request;      /* zero: none */
    struct str shop, locale;
    usec_t made_at;
    struct str json;
    size_t n_lines;
    struct privacy_line *lines;
};
MUST_CHECK bool privacy_collect(struct call *c, struct account_id account, struct privacy_export *ret_export, struct err *e);

/* Makes the file that its owner gets: jobs/ does, with templates and an archive. */
typedef bool privacy_pack_fn(struct call *c, const struct privacy_export *x, struct str *ret_zip, struct err *e);
/* One step of one request that is due. Needs call->db_keys and the keyring. */
MUST_CHECK bool privacy_work(struct call *c, privacy_pack_fn *pack, int *ret_done, struct err *e);
/* Removes export files whose time is over, and files that no request knows. */
MUST_CHECK bool privacy_sweep(struct call *c, int *ret_done, struct err *e);
/* "/account/exports/dreq_…?t=…": what the mail says. Absent when there is nothing to fetch (any more). */
MUST_CHECK bool privacy_link(struct call *c, struct data_request_id id, struct str *ret_path, struct err *e);

struct privacy_replayed { int64_t listed, persons, accounts; };
/* Applies keys.erased to the shop's database. Nothing owed: a few milliseconds. */
MUST_CHECK bool privacy_replay(struct call *c, struct privacy_replayed *ret, struct err *e);

#endif
