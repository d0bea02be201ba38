/* A provider of identities for tests of services: a thread that speaks OpenID Connect on a free port, and a shop that has it as "fake". */
#ifndef SOUK_TESTS_UNIT_SERVICE_OUTSIDE_H
#define SOUK_TESTS_UNIT_SERVICE_OUTSIDE_H

#include "../net/counterpart.h"
#include "crypto/sign.h"
#include "service/identity_provider.h"
#include "shop.h"

struct outside {
    struct shop *s;
    struct counterpart *c;
    struct http_client *http;
    struct service_env env;
    struct arena *arena;
    struct sign_key *key;
    char issuer[64];
    /* what it does next */
    const char *claims;              /* of the ID token, after iss, aud, iat and exp: "\"sub\":\"s1\",…" */
    const char *userinfo;            /* NULL: the same claims again */
    const char *kid;                 /* in the ID token's header; the published one is "k1" until `rotated` */
    const char *audience, *token_issuer;     /* NULL: right */
    bool down, refuses, rotated;
    int life_s;
    char nonce[64];                  /* added to the ID token when not empty */
    /* what it was asked */
    char form[4096];
    int discoveries, exchanges;
};

int outside_start(void **state);     /* group setup: *state is a struct outside */
int outside_stop(void **state);
/* A fresh call of the role, that can call out. */
struct call *outside_call(struct outside *o, const char *role);
/* Makes or changes the row of a provider, with this issuer. */
void outside_provider(struct outside *o, const char *name);
/* The value of a parameter in an address, decoded as far as base64url needs it. */
struct str outside_param(struct outside *o, struct str url, const char *name);
/* A token of its own: header and payload as given, signed with its key. */
struct str outside_token(struct outside *o, struct arena *a, const char *header, struct str payload);

#endif
