/* Inside auth/ only. */
#ifndef SOUK_AUTH_TOKEN_KEYS_H
#define SOUK_AUTH_TOKEN_KEYS_H

#include "auth/token.h"

/* NULL: unknown, or ended. */
const struct verify_key *token_keys_find(const struct token_keys *s, struct str kid, int64_t now_s);

#endif
