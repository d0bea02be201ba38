/* routegen openapi|nginx|list|check [--table FILE.so]...
 *
 * Reads the route tables of all pools, which are linked into it, refuses what is wrong with them, and prints what follows from them. `--table` adds the
 * pool_spec named `pool_golden` of a shared object and leaves the linked ones out: that is how its own tests feed it. */
#include "tools/routegen.h"

#include <dlfcn.h>

#include "http/parse.h"
#include "pools.h"

enum { POOLS_MAX = 64 };

void routegen_complain(struct routegen *g, const char *pool, const char *where, const char *what)
{
    fprintf(stderr, "routegen: %s: %s: %s\n", pool, where, what);
    g->complaints++;
}

struct complaint {
    struct routegen *g;
    const char *pool;
};

static void complain_row(void *arg, const char *row, const char *what)
{
    struct complaint *c = arg;
    routegen_complain(c->g, c->pool, row, what);
}

/* One operation id and one method and path in the whole shop, whichever pool has them. */
static void check_across(struct routegen *g)
{
    for (size_t i = 0; i < g->n_pools; i++) {
        for (size_t k = 0; k < i; k++) {
            for (const struct route *a = g->pools[i]->routes; a->pattern; a++) {
                for (const struct route *b = g->pools[k]->routes; b->pattern; b++) {
                    if (a->name && b->name && strcmp(a->name, b->name) == 0)
                        routegen_complain(g, g->pools[i]->name, a->name, "another pool has a row of that name");
                    if (a->method == b->method && strcmp(a->pattern, b->pattern) == 0)
                        routegen_complain(g, g->pools[i]->name, a->pattern, "another pool answers this, too");
                }
            }
        }
    }
}

static void check(struct routegen *g)
{
    for (size_t i = 0; i < g->n_pools; i++) {
        struct complaint c = {g, g->pools[i]->name};
        (void)route_table_check(g->pools[i], complain_row, &c);
    }
    check_across(g);
}

/* One word a column: method, pattern, pool, name, kind, who may call, permission or "-", CSRF level, flags or "-". */
static void list_row(struct buf *out, const struct pool_spec *pool, const struct route *r)
{
    static const char *const levels[] = {[AUTH_NONE] = "none", [AUTH_GUEST] = "guest", [AUTH_CUSTOMER] = "customer", [AUTH_STAFF] = "staff"};
    static const char *const csrf[] = {[CSRF_NONE] = "none", [CSRF_ORIGIN] = "origin", [CSRF_TOKEN] = "token"};
    const struct { bool on; const char *name; } flags[] = {{r->fresh, "fresh"}, {r->one_factor, "one_factor"}, {r->sessions_only, "sessions_only"}, {r->raw_body, "raw_body"}, {r->cached, "cached"}, {r->navigation, "navigation"}};
    const char *between = " ";
    buf_printf(out, "%s %s %s %s %s %s %s %s", http_method_name(r->method), r->pattern, pool->name, r->name, r->kind == KIND_API ? "api" : "page", levels[r->auth],
               r->permission == PERMISSION_NONE ? "-" : permission_name(r->permission), csrf[r->csrf]);
    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        if (!flags[i].on)
            continue;
        buf_printf(out, "%s%s", between, flags[i].name);
        between = ",";
    }
    buf_cstr(out, between[0] == ' ' ? " -\n" : "\n");
}

static void list(struct routegen *g, struct buf *out)
{
    for (size_t i = 0; i < g->n_pools; i++) {
        for (const struct route *r = g->pools[i]->routes; r->pattern; r++)
            list_row(out, g->pools[i], r);
    }
}

static const struct pool_spec *load_table(const char *path)
{
    void *lib = dlopen(path, RTLD_NOW);
    const struct pool_spec *spec = lib ? dlsym(lib, "pool_golden") : NULL;
    if (!spec)
        fprintf(stderr, "routegen: %s: %s\n", path, dlerror());
    return spec;
}

static int usage(void)
{
    fprintf(stderr, "usage: routegen openapi|nginx|list|check [--table FILE.so]...\n");
    return 2;
}

static int print(struct routegen *g, const char *what)
{
    struct buf out;
    buf_init_arena(&out, g->arena, 0);
    check(g);
    if (g->complaints == 0 && strcmp(what, "openapi") == 0)
        routegen_openapi(g, &out);
    else if (g->complaints == 0 && strcmp(what, "nginx") == 0)
        routegen_nginx(g, &out);
    else if (g->complaints == 0 && strcmp(what, "list") == 0)
        list(g, &out);
    else if (strcmp(what, "check") != 0 && g->complaints == 0)
        return usage();
    if (g->complaints > 0 || out.failed)
        return 1;
    return fwrite(out.p ? out.p : "", 1, out.n, stdout) == out.n && fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct pool_spec *given[POOLS_MAX];
    struct routegen g = {arena_new(), sizeof(linked_pools) / sizeof(*linked_pools) - 1, linked_pools, 0};
    size_t n = 0;
    if (argc < 2 || argc % 2 != 0)
        return usage();
    for (int i = 2; i < argc; i += 2) {
        if (strcmp(argv[i], "--table") != 0 || n == POOLS_MAX || !(given[n] = load_table(argv[i + 1])))
            return usage();
        g.pools = given;
        g.n_pools = ++n;
    }
    int code = print(&g, argv[1]);
    arena_destroy(g.arena);
    return code;
}
