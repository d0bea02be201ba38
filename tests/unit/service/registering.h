/* People who register and sign in: a shop whose calls can hash passwords (cheaply). */
#ifndef SOUK_TESTS_UNIT_SERVICE_REGISTERING_H
#define SOUK_TESTS_UNIT_SERVICE_REGISTERING_H

#include "service/account.h"
#include "service/challenge.h"
#include "shop.h"

#define GOOD_PASSWORD "seven green teapots"
#define OTHER_PASSWORD "eight blue saucers"

int registering_start(void **state);
int registering_stop(void **state);
struct call *registering_call(struct shop *s, struct err *e);         /* as souk_user; clears *e */
struct config *registering_config(void);                             /* of hashers made from here on: registering_again */
void registering_again(void);                                        /* a new hasher with the present configuration */

struct pending { struct challenge_id id; char verification[120]; };
struct pending register_one(struct shop *s, const char *email);
/* Registered, verified by code, signed in: the account. */
struct account_id member(struct shop *s, const char *email);
/* As that account's session. */
struct call *as_member(struct shop *s, struct account_id account, struct session_id session, struct err *e);
/* The newest challenge of a purpose; its link. */
struct challenge_id newest(struct shop *s, const char *purpose);
void link_of(struct shop *s, struct challenge_id id, char ret_link[120]);
bool signs_in(struct shop *s, const char *email, const char *password, struct login_result *ret, struct err *e);
int64_t owed(struct shop *s, const char *kind);                       /* mails of a kind that were owed so far */

#endif
