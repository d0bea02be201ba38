#include "domain/state.h"

static bool known(const struct state_table *t, int s)
{
    return s >= 0 && (size_t)s < t->n;
}

bool state_may(const struct state_table *t, int from, int to)
{
    return known(t, from) && known(t, to) && (t->states[from].next & STATE_BIT(to)) != 0;
}

bool state_final(const struct state_table *t, int s)
{
    return known(t, s) && t->states[s].next == 0;
}

const char *state_name(const struct state_table *t, int s)
{
    return known(t, s) ? t->states[s].name : NULL;
}

bool state_parse(const struct state_table *t, struct str name, int *ret_state)
{
    for (size_t i = 0; i < t->n; i++) {
        if (str_eq_c(name, t->states[i].name)) {
            *ret_state = (int)i;
            return true;
        }
    }
    return false;
}

bool state_check(const struct state_table *t, int from, int to, struct err *e)
{
    if (state_may(t, from, to)) return true;
    const char *a = state_name(t, from), *b = state_name(t, to);
    return err_set(e, PROBLEM_INVALID_STATE, "A %s cannot go from %s to %s", t->machine, a ? a : "an unknown state",
                   b ? b : "an unknown state");
}
