#include "domain/return_to.h"

/* Coming back to these would only go round in circles, or sign out. */
static const char *const never[] = {"/sign-in", "/sign-out", "/register", "/verify", "/forgot", "/reset", "/unlock", "/invitation"};

static bool begins_with_page(struct str path, const char *page)
{
    struct str p = str_from(page);
    return str_starts(path, p) && (path.n == p.n || path.p[p.n] == '/' || path.p[p.n] == '?' || path.p[p.n] == '#');
}

bool return_to_ok(struct str path)
{
    if (path.n == 0 || path.n > RETURN_TO_MAX || path.p[0] != '/') return false;
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c <= ' ' || c >= 0x7f || c == '\\') return false;
        if (c == '/' && i > 0 && path.p[i - 1] == '/') return false;
    }
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (begins_with_page(path, never[i])) return false;
    }
    return true;
}

struct str return_to_or_default(struct str path)
{
    return return_to_ok(path) ? path : STR(RETURN_TO_DEFAULT);
}
