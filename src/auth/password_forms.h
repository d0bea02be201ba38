/* Inside auth/ only: an encoded hash, taken apart and bounded, and the password that it belongs to. */
#ifndef SOUK_AUTH_PASSWORD_FORMS_H
#define SOUK_AUTH_PASSWORD_FORMS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum password_kind { PASSWORD_ARGON2, PASSWORD_BCRYPT, PASSWORD_SCRYPT, PASSWORD_PBKDF2 };
enum { PASSWORD_HASH_MIN = 16, PASSWORD_HASH_MAX = 64, PASSWORD_SALT_MAX = 128 };

struct password_form {
    enum password_kind kind;
    int variant;                            /* argon2: 0 d, 1 i, 2 id; PBKDF2: enum kdf_hash */
    uint32_t version;                       /* argon2: 16 or 19 */
    uint32_t memory_kib, passes, lanes;     /* argon2; scrypt: log2(N) in passes, r in memory_kib, p in lanes; PBKDF2: iterations in passes */
    struct str salt, hash;                  /* bytes; bcrypt: the whole text in salt */
};

/* What bounds the cost, in one place: false with a reason. */
MUST_CHECK bool password_form_parse(struct arena *a, struct str encoded, struct password_form *ret_form, struct err *e);

/* The hash of `password` with this form's parameters, f->hash.n bytes; for bcrypt compared there and then. */
MUST_CHECK bool password_argon2(const struct password_form *f, struct str password, void *ret_hash, struct err *e);
MUST_CHECK bool password_foreign(const struct password_form *f, struct arena *a, struct str password, bool *ret_match, struct err *e);

#endif
