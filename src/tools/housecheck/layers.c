/* Who may include whom: the complete list, not transitive. And where a third-party header may appear. */
#include "tools/housecheck/housecheck.h"

/* Every folder may include itself and base. */
static const struct {
    const char *folder, *may;
} layers[] = {
    {"base", ""},
    {"html", ""}, {"json", ""}, {"crypto", ""}, {"db", ""}, {"kv", ""}, {"media", ""}, {"domain", ""},
    {"http", "json html crypto"},
    {"auth", "json crypto"},
    {"net", "json crypto"},
    {"service", "json domain crypto auth db kv net"},
    {"web", "http service auth db kv crypto"},
    {"fcgi-handlers", "web http html json service domain"},
    {"jobs", "service domain db kv net html"},
    {"cli", "service domain db kv json html"},
    {"tools", "web http json html"},    /* routegen reads the route tables, pagegen renders; the others stand on base alone */
};

/* Generated headers belong to the folder whose code they are. */
static const struct {
    const char *name;           /* a folder when it ends in '/' */
    const char *folder;
} generated[] = {
    {"sql/", "db"}, {"tpl/", "html"}, {"text.h", "html"}, {"assets.h", "html"}, {"pools.h", "tools"},
};

static const struct {
    const char *prefix, *folders;
} third_party[] = {
    {"libpq", "db tools"}, {"postgres", "db"}, {"pg_config", "db"}, {"hiredis/", "kv"}, {"json-c/", "json"}, {"openssl/", "crypto"}, {"fcgi", "http"},
    {"curl/", "net"}, {"zlib.h", "base"}, {"zip.h", "jobs"}, {"jwt.h", "auth"}, {"argon2.h", "auth"}, {"crypt.h", "auth"}, {"utf8proc.h", "base"}, {"idn2.h", "base"}, {"vips/", "media"}, {"qrencode.h", "auth"},
};

/* Everything else in <> must be the C library's or the kernel's. */
static const char system_headers[] =
    "assert.h ctype.h dirent.h dlfcn.h endian.h errno.h fcntl.h fnmatch.h getopt.h glob.h grp.h inttypes.h langinfo.h libgen.h limits.h locale.h malloc.h "
    "math.h netdb.h poll.h pthread.h pwd.h regex.h sched.h semaphore.h setjmp.h signal.h spawn.h stdalign.h stdarg.h stdatomic.h stdbool.h "
    "stddef.h stdint.h stdio.h stdlib.h string.h strings.h syslog.h termios.h time.h unistd.h wchar.h";

static const char *allowed(struct str folder)
{
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        if (str_eq_c(folder, layers[i].folder))
            return layers[i].may;
    return NULL;
}

static struct str first_part(struct str path)
{
    size_t slash;
    return str_find(path, '/', &slash) ? str_sub(path, 0, slash) : STR("");
}

static const char *generated_folder(struct str path)
{
    for (size_t i = 0; i < sizeof generated / sizeof *generated; i++) {
        struct str name = str_from(generated[i].name);
        if (str_ends(name, STR("/")) ? str_starts(path, name) : str_eq(path, name))
            return generated[i].folder;
    }
    return NULL;
}

static void check_own(struct house *h, const struct file *f, const struct token *t, struct str path)
{
    const char *made = generated_folder(path);
    struct str folder = made ? str_from(made) : first_part(path);
    if (str_is_empty(folder))
        return;                             /* "pool.h": beside the file that includes it */
    bool handlers = str_eq_c(f->layer, "fcgi-handlers");
    if (handlers && !made && !allowed(folder)) {
        if (!str_eq(folder, f->unit) && !str_eq_c(folder, "shared"))
            house_error(h, f->path, t->line, "layers", "pool '" STR_FMT "' may not include pool '" STR_FMT "'", STR_ARG(f->unit), STR_ARG(folder));
        return;
    }
    if (!allowed(folder)) {
        house_error(h, f->path, t->line, "layers", "\"" STR_FMT "\" belongs to no folder of the include list", STR_ARG(path));
        return;
    }
    if (str_eq(folder, f->layer) || str_eq_c(folder, "base") || in_words(folder, allowed(f->layer)))
        return;
    house_error(h, f->path, t->line, "layers", STR_FMT " may not include " STR_FMT " (\"" STR_FMT "\")", STR_ARG(f->layer), STR_ARG(folder), STR_ARG(path));
}

static void check_foreign(struct house *h, const struct file *f, const struct token *t, struct str path)
{
    for (size_t i = 0; i < sizeof third_party / sizeof *third_party; i++) {
        if (!str_starts(path, str_from(third_party[i].prefix)))
            continue;
        if (!in_words(f->layer, third_party[i].folders))
            house_error(h, f->path, t->line, "third-party", "<" STR_FMT "> is used in %s only", STR_ARG(path), third_party[i].folders);
        return;
    }
    if (!in_words(path, system_headers) && !str_starts(path, STR("sys/")) && !str_starts(path, STR("linux/")) && !str_starts(path, STR("netinet/")) &&
        !str_starts(path, STR("arpa/")) && !str_starts(path, STR("net/")))
        house_error(h, f->path, t->line, "third-party", "<" STR_FMT "> is not known: it needs a folder of its own in the table", STR_ARG(path));
}

void check_layers(struct house *h, const struct file *f, const struct tokens *t)
{
    if (str_is_null(f->layer))
        return;
    if (!allowed(f->layer)) {
        house_error(h, f->path, 1, "layers", "folder '" STR_FMT "' is not in the include list", STR_ARG(f->layer));
        return;
    }
    for (size_t i = 0; i < t->n; i++) {
        if (t->v[i].kind != TOKEN_INCLUDE || t->v[i].s.n < 3)
            continue;
        struct str path = str_sub(t->v[i].s, 1, t->v[i].s.n - 2);
        if (t->v[i].s.p[0] == '"')
            check_own(h, f, &t->v[i], path);
        else
            check_foreign(h, f, &t->v[i], path);
    }
}
