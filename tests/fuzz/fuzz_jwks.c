/* Sets of keys of others. Promises: no crash; what is accepted holds 1 to 64 public keys of two kinds with different names, and is printed as a set that is read again as the same. */
#include <stdlib.h>

#include "auth/token.h"
#include "base/arena.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct token_keys *s = NULL, *again = NULL;
    struct err e;
    err_clear(&e);
    if (token_keys_parse(str_of((const char *)data, size), &s, &e)) {
        struct str text = token_keys_print(s, a, 1);
        MUST(token_keys_count(s) >= 1 && token_keys_count(s) <= TOKEN_KEYS_MAX);
        MUST(memmem(text.p, text.n, "\"d\":", 4) == NULL && memmem(text.p, text.n, "\"k\":", 4) == NULL);
        MUST(token_keys_parse(text, &again, &e) && token_keys_count(again) == token_keys_count(s));
        MUST(str_eq(token_keys_print(again, a, 1), text));
        token_keys_unref(again);
    } else {
        MUST(s == NULL && e.problem == PROBLEM_INVALID);
    }
    token_keys_unref(s);
    arena_destroy(a);
    return 0;
}
