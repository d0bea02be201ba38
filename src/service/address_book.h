/* The address book of the signed-in account: at most ADDRESS_BOOK_MAX addresses, one of them the default for shipping and one (maybe the same) for
 * billing. Kept sealed as orders keep theirs; country and postal area stay clear. Rules per country: domain/address. */
#ifndef SOUK_SERVICE_ADDRESS_BOOK_H
#define SOUK_SERVICE_ADDRESS_BOOK_H

#include "base/opt.h"
#include "domain/address.h"
#include "json/shape.h"
#include "service/call.h"

enum { ADDRESS_BOOK_MAX = 50, ADDRESS_LABEL_MAX = 40 /* code points */ };

struct book_address {
    struct address_id id;
    int64_t version;
    struct str label, phone;             /* absent: none */
    struct address *address;
    bool default_shipping, default_billing;
    usec_t created_at, updated_at;
};

/* `address` is given whole; a default can be given to an address, never taken: give it to another. */
struct book_address_in {
    struct str label, phone;             /* change: absent stays, empty takes away */
    const struct address *address;       /* change: NULL stays */
    bool default_shipping, default_billing;
};

/* Defaults first, then oldest first. struct book_address. */
MUST_CHECK bool address_book_list(struct call *c, struct shape_list *ret_list, struct err *e);
/* The same of any account: for exports and operators. Nothing opens of an erased one. */
MUST_CHECK bool address_book_of(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e);
/* PROBLEM_NOT_FOUND: also for somebody else's. */
MUST_CHECK bool address_book_read(struct call *c, struct address_id id, struct book_address *ret, struct err *e);
/* The first address becomes both defaults. PROBLEM_CONFLICT when the book is full. Bad fields as "address.postal_code", "label", "phone". Honours the call's idempotency key. */
MUST_CHECK bool address_book_add(struct call *c, const struct book_address_in *in, struct book_address *ret, bool *ret_replayed, struct err *e);
/* `version` 0: whatever it is; else PROBLEM_PRECONDITION_FAILED. */
MUST_CHECK bool address_book_change(struct call *c, struct address_id id, int64_t version, const struct book_address_in *in, struct book_address *ret, struct err *e);
/* The oldest that is left inherits a default. Removing what is gone is PROBLEM_NOT_FOUND. */
MUST_CHECK bool address_book_remove(struct call *c, struct address_id id, struct err *e);

#endif
