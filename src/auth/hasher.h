/* The threads that hash passwords, behind a bounded queue (libidentity). They run with lowered priority (nice 10), and the pool
 * steps back behind the others (pool_spec.nice), so 200 people who sign in at once take no time from those who look at products; who finds the queue full, or would wait longer
 * than the deadline, is told to come back.
 *
 * Made after the fork (threads do not survive one). Any thread may call; it waits for its turn until the deadline. Passwords are copied into the
 * hasher's own memory and wiped there. */
#ifndef SOUK_AUTH_HASHER_H
#define SOUK_AUTH_HASHER_H

#include "auth/password.h"

struct hasher;

struct hasher_options {
    struct password_params params;      /* of new hashes */
    int threads;                        /* setting password_threads */
    int queue;                          /* setting password_queue: how many may wait */
};

MUST_CHECK bool hasher_new(const struct hasher_options *o, struct hasher **ret_hasher, struct err *e);
/* What is being hashed is finished, what waits is answered PROBLEM_UNAVAILABLE, and every caller has left when this returns. NULL is allowed. No call may come in
 * afterwards. */
void hasher_destroy(struct hasher *h);

/* `deadline`: monotonic microseconds. PROBLEM_UNAVAILABLE with retry_after_s: the queue is full, or the turn would come too late. */
MUST_CHECK bool hasher_encode(struct hasher *h, struct arena *a, struct str password, int64_t deadline, struct str *ret_encoded, struct err *e);
MUST_CHECK bool hasher_verify(struct hasher *h, struct str encoded, struct str password, int64_t deadline, bool *ret_match, struct err *e);
/* Takes the same time and the same place in the queue as hasher_verify() with a hash of ours: for an address without account. */
MUST_CHECK bool hasher_equalise(struct hasher *h, struct str password, int64_t deadline, struct err *e);
bool hasher_needs_rehash(const struct hasher *h, struct str encoded);

struct hasher_status { int waiting, working; int64_t done, refused; };
void hasher_status(struct hasher *h, struct hasher_status *ret_status);

#endif
