/* Passwords: rules, our own hash (argon2id, RFC 9106), and the hashes of others that an import brings (libidentity).
 *
 * Hashing takes tens of milliseconds of a core: services go through auth/hasher.h, never here.
 *
 * Encoded forms that are understood (the whole of it is kept in account.password):
 *   $argon2id$v=19$m=19456,t=2,p=1$salt$hash     ours and others'; $argon2i$, $argon2d$ and a missing v= (16) too
 *   $2a$ $2b$ $2y$ cost $ salt hash              bcrypt
 *   $scrypt$ln=15,r=8,p=1$salt$hash              base64 without padding (passlib)
 *   $pbkdf2-sha256$i=600000$salt$hash            also -sha512, -sha1; passlib's without "i=" and with '.' for '+'
 *   pbkdf2_sha256$600000$salt$hash               Django; the salt is text, the hash base64; also pbkdf2_sha1
 * An imported hash takes its own time until its first sign-in upgrades it: until then somebody who measures can tell that such an account exists.
 * A hash may cost no more than PASSWORD_MEMORY_MAX bytes and about PASSWORD_SECONDS_MAX seconds, so that no imported line can stop the shop. */
#ifndef SOUK_AUTH_PASSWORD_H
#define SOUK_AUTH_PASSWORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    PASSWORD_MIN = 8, PASSWORD_MAX = 256,          /* code points, after normalisation */
    PASSWORD_BYTES_MAX = 4 * PASSWORD_MAX * 3,     /* of what is typed: everything longer is refused unread */
    PASSWORD_ENCODED_MAX = 1000,
    PASSWORD_MEMORY_MAX = 256 << 20,
    PASSWORD_SECONDS_MAX = 2,
};

struct password_params { uint32_t memory_kib, passes, lanes; };      /* settings password_memory_kib, password_passes, password_lanes */

/* The rules for a NEW password; a present one is only verified. PROBLEM_WEAK_PASSWORD (too short, too long, control characters, among the most common ones, made
 * of the person's own name or address) with `param` and err.detail for people. `email` and `name` may be absent. */
MUST_CHECK bool password_rules(struct arena *a, struct str password, struct str email, struct str name, const char *param, struct err *e);
/* The same as a value, for pages with words of their own. */
enum password_weakness { PASSWORD_FINE, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_UNREADABLE, PASSWORD_COMMON, PASSWORD_PERSONAL };
enum password_weakness password_weakness(struct arena *a, struct str password, struct str email, struct str name);
/* Is it one of the most common ones? Case, trailing digits and signs, and the usual 4-for-a do not help. */
bool password_is_common(struct arena *a, struct str password);

/* argon2id with a random salt of 16 bytes and a hash of 32. Normalises (unicode_opaque). */
MUST_CHECK bool password_encode(const struct password_params *p, struct arena *a, struct str password, struct str *ret_encoded, struct err *e);
/* *ret_match. A password that cannot be normalised matches nothing (and costs the same). Hashes of others are tried with the bytes as typed, too. False only for an
 * encoded form that is not understood or costs too much: PROBLEM_INTERNAL with a cause. */
MUST_CHECK bool password_verify(struct arena *a, struct str encoded, struct str password, bool *ret_match, struct err *e);
/* Would password_verify() understand it? For imports: PROBLEM_INVALID with the reason. */
MUST_CHECK bool password_encoded_check(struct arena *a, struct str encoded, struct err *e);
/* True when it is not argon2id of at least these parameters: hash again at the next sign-in. */
bool password_needs_rehash(const struct password_params *p, struct str encoded);

#endif
