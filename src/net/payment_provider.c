#include "net/payment_provider.h"

const char *provider_state_name(enum provider_state s)
{
    static const char *const names[] = {
        [PROVIDER_PROCESSING] = "processing", [PROVIDER_REQUIRES_ACTION] = "requires_action", [PROVIDER_AUTHORIZED] = "authorized",
        [PROVIDER_CAPTURED] = "captured", [PROVIDER_VOIDED] = "voided", [PROVIDER_FAILED] = "failed"};
    return names[s];
}

const char *provider_outcome_name(enum provider_outcome o)
{
    static const char *const names[] = {
        [PROVIDER_ANSWERED] = "answered", [PROVIDER_REFUSED] = "refused", [PROVIDER_UNKNOWN] = "unknown",
        [PROVIDER_ABSENT] = "absent", [PROVIDER_UNSUPPORTED] = "unsupported"};
    return names[o];
}
