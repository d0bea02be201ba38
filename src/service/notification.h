/* Messages to people: which are owed, and what they are about. Words and looks are the sender's part (jobs/mail.c). */
#ifndef SOUK_SERVICE_NOTIFICATION_H
#define SOUK_SERVICE_NOTIFICATION_H

#include "domain/address.h"
#include "service/call.h"

#define MESSAGE_ORDER_CONFIRMATION "order_confirmation"

struct message {
    struct mail_id id;               /* stable: Message-ID and file name come from it */
    struct str kind;
    struct order_id order;           /* zero: not about an order */
    struct account_id account;       /* whose owner is written to; zero: the address stands with the order or the challenge */
    struct str subject_type;         /* order, challenge, …; absent: about the account as such */
    struct uuid subject;
    struct str locale;               /* of who caused it; may be absent */
    int64_t tries;
    usec_t created_at;
    struct str request_id, trace_id;
};

/* until: monotonic microseconds. What a worker that was killed held comes again when its lease ends, and somebody waits for a code meanwhile: so leases are
 * short, and whoever has not finished a message by then leaves it, and those behind it, to the next. */
struct message_list { size_t n; struct message *v; int64_t until; };

/* Owes a message, once per kind and order: the same news twice changes nothing. Inside the caller's transaction. */
MUST_CHECK bool message_queue(struct call *c, const char *kind, struct order_id order, struct str request_id, struct str trace_id, bool *ret_new, struct err *e);
/* Takes messages whose time has come; the lease ends by itself. */
MUST_CHECK bool message_claim(struct call *c, int limit, struct message_list *ret_list, struct err *e);
MUST_CHECK bool message_sent(struct call *c, const struct message *m, struct err *e);
/* There is nobody to write to any more, or nothing left to say. */
MUST_CHECK bool message_dropped(struct call *c, const struct message *m, const char *why, struct err *e);
/* Later again, or given up after a few days: then a person must look. */
MUST_CHECK bool message_failed(struct call *c, const struct message *m, bool permanent, const char *why, struct err *e);

/* What a message about an order says. */
struct message_line { struct str name, variant; int64_t quantity; struct money total; };
struct message_order {
    struct str number, locale;
    struct str email;                /* absent: the person was erased */
    struct address *address;         /* NULL: none, or erased */
    size_t n_lines;
    struct message_line *lines;
    struct money subtotal, shipping, tax, total;
    bool prices_include_tax;
    struct str shipping_name;
    struct str order_url;            /* absolute, signed */
    usec_t placed_at;
};
MUST_CHECK bool message_order_read(struct call *c, struct order_id order, struct message_order *ret_order, struct err *e);

#endif
