/* Persons: who ordered, without an account. Their e-mail, names, phone and street lines exist only as ciphertext under
 * a key of their own; erasing the key erases the person.
 *
 * The key is made when contact data first arrives (person_for_contact), never inside checkout. It lives wrapped in the
 * database souk_keys; unwrapped keys are kept for one request and cleansed with its arena. */
#ifndef SOUK_SERVICE_PERSON_H
#define SOUK_SERVICE_PERSON_H

#include "service/call.h"

/* The unclaimed person of this e-mail address: found by the keyed hash, or made, with a key. Not inside a transaction. */
MUST_CHECK bool person_for_contact(struct call *c, struct str email, struct person_id *ret_person, struct err *e);

/* A person of its own, with a key, for an account whose address is not proven (or that has none). Not inside a transaction. */
MUST_CHECK bool person_make(struct call *c, struct person_id *ret_person, struct err *e);

/* Keyed hash (32 bytes) of a normalised e-mail address: for exact look-up. */
struct str person_email_hash(struct call *c, struct str email);

/* "orders.orders.email:<uuid>": where a ciphertext stands. A ciphertext moved to another place does not open. */
struct str person_context(struct arena *a, const char *schema_table_column, struct uuid row);

/* Absent text stays absent. `context` comes from person_context. May be called inside a transaction of call->db (another
 * connection is used), but call person_for_contact or person_load_key before: never wait for a second connection there. */
MUST_CHECK bool person_seal(struct call *c, struct person_id person, struct str context, struct str plain, struct str *ret_sealed, struct err *e);
/* Of an erased person every text is absent. */
MUST_CHECK bool person_open(struct call *c, struct person_id person, struct str context, struct str sealed, struct str *ret_plain, struct err *e);

/* Fetches the key into the request's cache; *ret_known false when the person was erased. */
MUST_CHECK bool person_load_key(struct call *c, struct person_id person, bool *ret_known, struct err *e);

/* For those who handle many: fetches the keys of all of them at once. */
MUST_CHECK bool person_load_keys(struct call *c, const struct person_id *persons, size_t n, struct err *e);
/* A key for a person that the caller is about to make: known to this call, wrapped for q_person_keys_put. */
struct str person_new_key(struct call *c, struct person_id person);

/* The keyring that the configuration names, for programs that are no pool. */
MUST_CHECK bool person_keyring_open(const struct config *config, struct keyring **ret_keyring, struct err *e);
void person_keyring_close(struct keyring *keyring);

#endif
