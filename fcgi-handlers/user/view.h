/* What the account's pages have in common: frames, fields, errors, where to go next. */
#ifndef SOUK_USER_VIEW_H
#define SOUK_USER_VIEW_H

#include "service/account.h"
#include "shared/account.h"
#include "tpl/account_field.h"
#include "tpl/shop_errors.h"
#include "web/web.h"

#define VERIFY_COOKIE "__Host-verify"            /* verification of a registration: only with it does a code work */
#define VERIFY_EMAIL_COOKIE "__Host-verify-to"   /* the address, so that the page can say where the code went */
#define EMAIL_COOKIE "__Host-email"              /* verification of a new address */
#define SECOND_COOKIE "__Host-second"            /* a sign-in that owes its second factor */

struct str view_text_with(struct req *r, const char *key, const char *name, struct str value);
void view_go(struct http_response *w, struct str where);
/* "/sign-in?return_to=%2Fcheckout" */
struct str view_with(struct req *r, const char *path, const char *name, struct str value);
/* What `done` of the query stands for, among the keys "<prefix>.<done>"; absent for anything else. */
struct str view_notice(struct req *r, const char *prefix, struct str done);

void view_cookie_put(struct http_response *w, const char *name, struct str value, int64_t max_age_s);
/* A text as a cookie's value (percent-encoded), and back; absent when there is none that could be ours. */
struct str view_cookie_text(struct req *r, struct str text);
struct str view_cookie_text_read(struct req *r, const char *name);
void view_cookie_drop(struct http_response *w, const char *name);

/* --- forms: a row for each field, ended by a NULL field --- */
struct form_row {
    const char *param;                   /* as services call it */
    const char *field;                   /* name and id in the page */
    const char *label;                   /* key */
    const char *wrong;                   /* key: what is said when the value is wrong */
};
/* What is wrong with a field; absent: nothing. `bad` may be NULL. */
struct str form_error(struct req *r, const struct form_row *rows, const struct err *bad, const char *field);
/* Whether `bad` is about fields of this form (and thus the form is shown again). */
bool form_blames(const struct form_row *rows, const struct err *bad);
/* Both also have the page's title begin with what is up, which is the first thing that a screen reader says. */
void form_summary(struct req *r, const struct form_row *rows, const struct err *bad, struct tpl_shop_layout *page, struct tpl_shop_errors *ret);
/* One sentence about the whole form; `href` may be absent. */
void form_problem(struct req *r, struct str href, struct str message, struct tpl_shop_layout *page, struct tpl_shop_errors *ret);
struct tpl_account_field form_text(struct req *r, const struct form_row *rows, const struct err *bad, const char *field, const char *type, const char *autocomplete,
                                   struct str value, int64_t max);
struct tpl_account_field form_secret(struct req *r, const struct form_row *rows, const struct err *bad, const char *field, const char *autocomplete);
struct tpl_account_field form_code(struct req *r, const struct form_row *rows, const struct err *bad, const char *field, struct str value);

/* A new password that is missing, too short or too long, in the form's own words; the other rules are the service's. False: `bad` says so. */
bool form_password(struct str password, const char *param, struct err *bad);

/* Too many tries, too much at once: in words, with status and Retry-After set. Absent for other errors. */
struct str view_wait(struct req *r, struct http_response *w, const struct err *bad);

/* The end of every way to sign in with a browser: the session's cookie, or the second step. */
void view_signed_in(struct req *r, struct http_response *w, const struct login_result *login, struct str return_to);

/* A page with a title, a sentence and one thing to do. `link`: what a form posts to `post`; absent: a link to `action`. */
struct view_message { const char *title, *text, *label; struct str action, post, link; int status; };
void view_message(struct req *r, struct http_response *w, const struct view_message *m);
/* A link of a mail that is over. `label` and `action`: where a new one is to be had. */
void view_link_over(struct req *r, struct http_response *w, const char *label, struct str action);
/* The same when that is what `e` says; false: it says something else. */
MUST_CHECK bool view_over(struct req *r, struct http_response *w, struct err *e, const char *label, struct str action);

#endif
