/* Inside jobs/ only: letters. One row per kind of message says who writes it and where its button leads; mail.c sends. */
#ifndef SOUK_JOBS_MAIL_H
#define SOUK_JOBS_MAIL_H

#include "html/html.h"
#include "service/account.h"
#include "service/notification.h"

/* What a writer makes of a message. */
struct letter {
    struct str to_name, to_email;        /* email absent: there is nobody to write to, and never will be */
    struct str subject, text, html;
    const struct text_catalog *texts;
};

enum mail_button {
    BUTTON_NONE,
    BUTTON_PAGE,                         /* `path` as it is */
    BUTTON_CHALLENGE,                    /* `path`?link=<the link of the message's challenge> */
    BUTTON_OWN,                          /* `link` makes the path */
};

struct mail_kind {
    const char *name;                    /* message.kind; texts "mail.<name>.subject", .heading, .lead, .button, .note */
    bool (*write)(struct call *c, const struct message *m, const struct mail_kind *k, struct letter *ret, struct err *e);
    enum mail_button button;
    const char *path;
    bool (*link)(struct call *c, const struct message *m, struct str *ret_path, struct err *e);
    bool code;                           /* the challenge's six digits */
    bool facts;                          /* when, which device, which network */
};

extern const struct mail_kind mail_kinds[];           /* ends with a row without name */
const struct mail_kind *mail_kind_find(struct str name);

bool mail_write_account(struct call *c, const struct message *m, const struct mail_kind *k, struct letter *ret, struct err *e);
bool mail_write_order(struct call *c, const struct message *m, const struct mail_kind *k, struct letter *ret, struct err *e);

#endif
