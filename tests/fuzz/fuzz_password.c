/* Passwords and their encoded hashes, "<password>\n<e-mail>\n<name>\n<encoded hash>". Promises: no crash; normal forms are their own normal forms; a new password that passes has its
 * length; an encoded hash that is understood costs no more than it may; an address's key is its own key. Nothing is hashed here. */
#include <stdlib.h>

#include "auth/password.h"
#include "auth/password_forms.h"
#include "base/arena.h"
#include "base/unicode.h"
#include "domain/contact.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static void normal_forms(struct arena *a, struct str s)
{
    bool (*const forms[])(struct arena *, struct str, struct str *) = {unicode_nfc, unicode_fold, unicode_opaque, unicode_domain};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct str once, twice;
        if (!forms[i](a, s, &once)) continue;
        MUST(str_is_utf8(once));
        MUST(forms[i](a, once, &twice) && str_eq(once, twice));
    }
}

static void address(struct arena *a, struct str s)
{
    struct str email, again;
    struct str key = email_key(a, s);
    MUST(str_eq(email_key(a, key), key));
    if (!email_normalise(a, s, &email)) return;
    MUST(email.n <= EMAIL_MAX && str_is_text(email, false) && memchr(email.p, ' ', email.n) == NULL);
    MUST(email_normalise(a, email, &again) && str_eq(email, again) && str_eq(email_key(a, email), key));
}

static void encoded(struct arena *a, struct str s)
{
    struct password_form f;
    struct err e;
    err_clear(&e);
    bool ok = password_form_parse(a, s, &f, &e);
    MUST(ok == (e.problem == PROBLEM_NONE));
    if (!ok) return;
    MUST(s.n <= PASSWORD_ENCODED_MAX && f.passes >= 1);
    if (f.kind == PASSWORD_ARGON2) MUST(f.memory_kib <= 262144 && (uint64_t)f.memory_kib * f.passes <= 3200 * 1024 && f.lanes >= 1 && f.lanes <= 16);
    if (f.kind == PASSWORD_SCRYPT) MUST(((uint64_t)128 * f.memory_kib << f.passes) <= 256 << 20 && f.lanes >= 1);
    if (f.kind == PASSWORD_PBKDF2) MUST(f.passes <= 5000000);
    if (f.kind == PASSWORD_BCRYPT) MUST(s.n == 60 && f.passes <= 15);
    else MUST(f.hash.n >= 16 && f.hash.n <= 64 && f.salt.n <= 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str rest = str_of((const char *)data, size), password = STR_NULL, email = STR_NULL, name = STR_NULL, prepared;
    (void)str_split(&rest, '\n', &password);
    if (!str_is_null(rest)) (void)str_split(&rest, '\n', &email);
    if (!str_is_null(rest)) (void)str_split(&rest, '\n', &name);
    normal_forms(a, password);
    if (!str_is_null(email)) address(a, email);
    encoded(a, rest);
    if (password_weakness(a, password, email, name) == PASSWORD_FINE) {
        MUST(unicode_opaque(a, password, &prepared));
        size_t n = str_utf8_length(prepared);
        MUST(n >= PASSWORD_MIN && n <= PASSWORD_MAX && !password_is_common(a, password));
    }
    arena_destroy(a);
    return 0;
}
