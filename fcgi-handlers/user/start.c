/* What a worker of the user pool has besides connections: the threads that hash passwords, the key that signs access tokens. */
#include "service/signing_key.h"
#include "user/auth.h"

bool user_start(struct service_env *env, struct arena *a, struct err *e)
{
    (void)a;
    signing_key_start(env);
    return account_hasher_open(env->config, &env->hasher, e);
}

void user_stop(struct service_env *env)
{
    account_hasher_close(env->hasher);
    env->hasher = NULL;
    signing_key_stop(env);
}
