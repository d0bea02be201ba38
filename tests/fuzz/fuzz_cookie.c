/* A Cookie header. Promises: no crash; a value is a part of the header without ';'; a session's token that is accepted is made again from its parts to the same bytes. */
#include <stdlib.h>

#include "auth/refresh.h"
#include "base/arena.h"
#include "fuzz.h"
#include "http/parse.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static void token(struct arena *a, struct str value, enum id_kind kind)
{
    struct uuid id;
    struct str secret;
    uint8_t hash[SHA256_LEN], key[AEAD_KEY_LEN] = {1};
    if (!secret_token_split(value, kind, &id, &secret)) return;
    MUST(secret.n == SECRET_TEXT_LEN && !uuid_is_zero(id) && str_eq(secret_token(a, kind, id, secret), value));
    secret_hash(secret, hash);
    MUST(secret_successor(a, key, secret).n == SECRET_TEXT_LEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"__Host-session", "__Host-verify", "__Host-form", "a", ""};
    struct arena *a = arena_new();
    struct str text = str_of((const char *)data, size);
    struct http_header header = {STR("cookie"), text};
    struct http_request r = {.n_headers = 1, .headers = &header};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str v = http_cookie(&r, names[i]);
        if (str_is_null(v)) continue;
        MUST(v.p >= text.p && v.p + v.n <= text.p + text.n && memchr(v.p, ';', v.n) == NULL);
        token(a, v, ID_session);
        token(a, v, ID_challenge);
    }
    token(a, text, ID_session);
    arena_destroy(a);
    return 0;
}
