/* Which providers there are, and which methods they offer. */
#include "crypto/keyring.h"
#include "service/payment.h"
#include "service/provider_sandbox.h"

static bool is_sandbox(const struct config *config)
{
    return strcmp(config->mode, "sandbox") == 0;
}

static const struct payment_method sandbox_methods[] = {
#define SANDBOX(token, state, code, late_s, late_state, copies, slow_ms, fault, doc) {"sandbox", #token, "payment.method_" #token, "payment.hint_" #token},
#include "service/provider_sandbox.def"
#undef SANDBOX
};

const struct payment_method *payment_methods(const struct service_env *env, size_t *ret_n)
{
    *ret_n = is_sandbox(env->config) ? sizeof sandbox_methods / sizeof *sandbox_methods : 0;
    return sandbox_methods;
}

bool payment_method_known(const struct service_env *env, struct str token, const char **ret_provider)
{
    size_t n;
    const struct payment_method *m = payment_methods(env, &n);
    for (size_t i = 0; i < n; i++) {
        if (str_eq_c(token, m[i].token)) {
            *ret_provider = m[i].provider;
            return true;
        }
    }
    return false;
}

bool payment_providers_open(struct arena *a, const struct config *config, struct log *log, const struct keyring *keyring,
                            const struct payment_provider *const **ret_providers, struct err *e)
{
    const struct payment_provider **list = ARENA_ARRAY(a, const struct payment_provider *, 2);
    if (is_sandbox(config)) {
        struct payment_provider *p = ARENA_NEW(a, struct payment_provider);
        if (!provider_sandbox_open(config, keyring, p, e))
            return false;
        list[0] = p;
    } else {
        LOG(log, LOG_WARN, "payment_no_provider");
    }
    *ret_providers = list;
    return true;
}

void payment_providers_close(const struct payment_provider *const *providers)
{
    for (size_t i = 0; providers != NULL && providers[i] != NULL; i++)
        providers[i]->close(providers[i]);
}

const struct payment_provider *payment_provider(const struct service_env *env, struct str name)
{
    for (size_t i = 0; env->providers != NULL && env->providers[i] != NULL; i++)
        if (str_eq_c(name, env->providers[i]->name))
            return env->providers[i];
    return NULL;
}
