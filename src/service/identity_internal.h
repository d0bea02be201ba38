/* Between the files of outside identities only. */
#ifndef SOUK_SERVICE_IDENTITY_INTERNAL_H
#define SOUK_SERVICE_IDENTITY_INTERNAL_H

#include "net/oidc.h"
#include "service/identity_provider.h"
#include "sql/identity_outside.h"

enum { PROVIDER_KEYS_LIFE_S = 3600, PROVIDER_PAUSE_S = 10 };

/* A provider that may sign somebody in, with what was fetched from it. */
struct provider {
    struct str name;
    struct q_provider_get_row row;
    struct oidc_endpoints endpoints;
};

/* What is needed to fetch from one. */
struct provider_source { struct uuid id; struct str kind, issuer, jwks_url; };
struct provider_news { struct str discovery, jwks; struct oidc_endpoints endpoints; size_t keys; };

/* PROBLEM_NOT_FOUND unless it is enabled and of kind oidc. */
MUST_CHECK bool provider_load(struct call *c, struct str name, struct provider *ret, struct err *e);
/* The same with endpoints and keys; fetches them when nothing is known yet. PROBLEM_UNAVAILABLE. */
MUST_CHECK bool provider_ready(struct call *c, struct str name, struct provider *ret, struct err *e);
/* Somebody met a key that is not among the known ones: fetches again, at most every PROVIDER_PAUSE_S. *ret_newer: there are others now. */
MUST_CHECK bool provider_keys_again(struct call *c, struct provider *p, bool *ret_newer, struct err *e);
/* Asks the provider and stores what it says, or that it says nothing. No transaction may be open: connections are given back while it waits. */
MUST_CHECK bool provider_fetch(struct call *c, const struct provider_source *s, struct provider_news *ret, struct err *e);
int64_t provider_deadline(const struct call *c);
/* The client secret; absent: a public client. */
MUST_CHECK bool provider_secret(struct call *c, const struct provider *p, struct str *ret_secret, struct err *e);
struct str provider_secret_seal(struct call *c, struct uuid provider, struct str secret);

/* {"provider":"google"} */
struct str provider_detail(struct arena *a, struct str name);

#endif
