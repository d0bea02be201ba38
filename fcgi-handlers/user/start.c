/* What a worker of the user pool has besides connections: the threads that hash passwords, the key that signs access tokens, a client for outside
 * identity providers. */
#include "service/identity_provider.h"
#include "service/signing_key.h"
#include "user/auth.h"

bool user_start(struct service_env *env, struct arena *a, struct err *e)
{
    (void)a;
    signing_key_start(env);
    return identity_http_open(env->config, &env->http, e) && account_hasher_open(env->config, &env->hasher, e);
}

void user_stop(struct service_env *env)
{
    account_hasher_close(env->hasher);
    env->hasher = NULL;
    identity_http_close(env->http);
    env->http = NULL;
    signing_key_stop(env);
}
