#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum kind { KIND_INT, KIND_STR, KIND_BOOL, KIND_ENUM, KIND_ORIGIN, KIND_ORIGINS };

struct setting {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *def;
    int64_t min, max;
    const char *unit, *choices, *doc;
};

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

static const struct setting settings[] = {
#define CONFIG_INT(name, def, min, max, unit, doc) {#name, KIND_INT, offsetof(struct config, name), TEXT(def), min, max, unit, "", doc},
#define CONFIG_STR(name, def, doc) {#name, KIND_STR, offsetof(struct config, name), def, 0, 0, "", "", doc},
#define CONFIG_BOOL(name, def, doc) {#name, KIND_BOOL, offsetof(struct config, name), TEXT(def), 0, 0, "", "", doc},
#define CONFIG_ENUM(name, def, choices, doc) {#name, KIND_ENUM, offsetof(struct config, name), def, 0, 0, "", choices, doc},
#define CONFIG_ORIGIN(name, def, doc) {#name, KIND_ORIGIN, offsetof(struct config, name), def, 0, 0, "", "", doc},
#define CONFIG_ORIGINS(name, def, doc) {#name, KIND_ORIGINS, offsetof(struct config, name), def, 0, 0, "", "", doc},
#include "base/config.def"
#undef CONFIG_INT
#undef CONFIG_STR
#undef CONFIG_BOOL
#undef CONFIG_ENUM
#undef CONFIG_ORIGIN
#undef CONFIG_ORIGINS
};

enum { N_SETTINGS = sizeof settings / sizeof *settings };

static const struct setting *find(struct str name)
{
    for (size_t i = 0; i < N_SETTINGS; i++) {
        const char *n = settings[i].name;
        if (strlen(n) != name.n) continue;
        size_t k = 0;
        while (k < name.n && (n[k] == name.p[k] || (n[k] == '_' && name.p[k] == '-'))) k++;
        if (k == name.n) return &settings[i];
    }
    return NULL;
}

static bool one_of(const char *choices, struct str value)
{
    struct str rest = str_from(choices), word;
    while (str_split(&rest, ' ', &word))
        if (str_eq(word, value)) return true;
    return false;
}

/* Scheme, host and port as browsers write them in Origin: anything else would equal none of theirs. */
static bool is_origin(struct str s)
{
    size_t i = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : s.n;
    bool ok = i < s.n;
    for (; i < s.n; i++) ok = ok && s.p[i] && strchr("abcdefghijklmnopqrstuvwxyz0123456789.-:[]", s.p[i]) != NULL;
    return ok;
}

static bool are_origins(struct str value)
{
    struct str rest = value, word;
    while (!str_is_null(rest) && str_split(&rest, ' ', &word))
        if (word.n && !is_origin(word)) return false;
    return true;
}

static bool assign(struct arena *a, const struct setting *s, struct str value, const char *where, struct config *c, struct err *e)
{
    void *at = (char *)c + s->offset;
    switch (s->kind) {
    case KIND_INT: {
        int64_t v;
        if (!str_to_int64(value, &v) || v < s->min || v > s->max)
            return err_param(e, PROBLEM_OUT_OF_RANGE, s->name, "%s: %s = \"" STR_FMT "\": a whole number from %lld to %lld%s%s is needed", where, s->name,
                             STR_ARG(value), (long long)s->min, (long long)s->max, *s->unit ? " " : "", s->unit);
        memcpy(at, &v, sizeof v);
        return true;
    }
    case KIND_BOOL: {
        bool yes = str_eq_c(value, "true") || str_eq_c(value, "yes") || str_eq_c(value, "1");
        if (!yes && !str_eq_c(value, "false") && !str_eq_c(value, "no") && !str_eq_c(value, "0"))
            return err_param(e, PROBLEM_INVALID, s->name, "%s: %s = \"" STR_FMT "\": true or false is needed", where, s->name, STR_ARG(value));
        memcpy(at, &yes, sizeof yes);
        return true;
    }
    case KIND_ENUM:
        if (!one_of(s->choices, value))
            return err_param(e, PROBLEM_INVALID, s->name, "%s: %s = \"" STR_FMT "\": one of these is needed: %s", where, s->name, STR_ARG(value), s->choices);
        break;
    case KIND_ORIGIN: case KIND_ORIGINS:
        if (s->kind == KIND_ORIGIN ? !is_origin(value) : !are_origins(value))
            return err_param(e, PROBLEM_INVALID, s->name, "%s: %s = \"" STR_FMT "\": like https://shop.example:8443, in small letters and without a path or a slash at the end",
                             where, s->name, STR_ARG(value));
        break;
    case KIND_STR:
        if (!str_is_text(value, false))
            return err_param(e, PROBLEM_INVALID, s->name, "%s: %s: the value is not plain UTF-8 text", where, s->name);
        break;
    }
    const char *copy = str_cstr(a, value);
    memcpy(at, &copy, sizeof copy);
    return true;
}

/* `lines`: where each setting was given already, by its place in the table. */
static bool read_line(struct arena *a, const char *path, int number, struct str line, int *lines, struct config *c, struct err *e)
{
    const char *where = arena_printf(a, "%s:%d", path, number);
    line = str_trim(line);
    if (!line.n || line.p[0] == '#') return true;
    size_t at;
    if (!str_find(line, '=', &at)) return err_set(e, PROBLEM_INVALID, "%s: \"name = value\" is needed", where);
    struct str name = str_trim(str_sub(line, 0, at)), value = str_trim(str_sub(line, at + 1, line.n));
    const struct setting *s = find(name);
    if (!s) return err_set(e, PROBLEM_UNKNOWN_FIELD, "%s: there is no setting \"" STR_FMT "\" (--help lists them)", where, STR_ARG(name));
    if (lines[s - settings]) return err_param(e, PROBLEM_INVALID, s->name, "%s: %s was given in line %d already", where, s->name, lines[s - settings]);
    lines[s - settings] = number;
    return assign(a, s, value, where, c, e);
}

static bool read_file(struct arena *a, const char *path, struct config *c, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f) return err_set(e, PROBLEM_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    bool ok = true;
    int lines[N_SETTINGS] = {0};
    for (int number = 1; ok && (n = getline(&line, &cap, f)) >= 0; number++) ok = read_line(a, path, number, str_of(line, (size_t)n), lines, c, e);
    if (ok && ferror(f)) ok = err_set(e, PROBLEM_INVALID, "%s: %s", path, strerror(errno));       /* a folder, say: it opens like a file */
    free(line);
    fclose(f);
    return ok;
}

static bool read_environment(struct arena *a, struct config *c, struct err *e)
{
    for (size_t i = 0; i < N_SETTINGS; i++) {
        char *name = arena_printf(a, "SOUK_%s", settings[i].name);
        for (char *p = name; *p; p++) *p = (char)toupper((unsigned char)*p);
        const char *value = getenv(name);
        if (value && !assign(a, &settings[i], str_from(value), arena_printf(a, "environment %s", name), c, e)) return false;
    }
    return true;
}

static bool read_flags(struct arena *a, int argc, char **argv, struct config *c, int *rest_count, char **rest, struct err *e)
{
    bool words_only = false;
    *rest_count = 0;
    for (int i = 1; i < argc; i++) {
        if (words_only || strncmp(argv[i], "--", 2) != 0) {
            rest[(*rest_count)++] = argv[i];
            continue;
        }
        if (!argv[i][2]) {
            words_only = true;
            continue;
        }
        struct str flag = str_from(argv[i] + 2), name = flag, value = STR_NULL;
        size_t at;
        if (str_find(flag, '=', &at)) name = str_sub(flag, 0, at), value = str_sub(flag, at + 1, flag.n);
        const struct setting *s = find(name);
        if (!s) {                                  /* a flag of the program itself: it looks at the rest */
            rest[(*rest_count)++] = argv[i];
            continue;
        }
        if (!value.p && s->kind == KIND_BOOL) value = STR("true");
        if (!value.p && i + 1 < argc && strncmp(argv[i + 1], "--", 2) != 0) value = str_from(argv[++i]);
        if (!value.p) return err_param(e, PROBLEM_REQUIRED, s->name, "--%s needs a value", s->name);
        if (!assign(a, s, value, arena_printf(a, "--%s", s->name), c, e)) return false;
    }
    return true;
}

bool config_load(struct arena *a, const char *path, int argc, char **argv, struct config *ret_config, int *ret_rest_count, char ***ret_rest,
                 struct err *e)
{
    struct config c;
    memset(&c, 0, sizeof c);
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (!assign(a, &settings[i], str_from(settings[i].def), "default", &c, e)) return false;
    if (path && !read_file(a, path, &c, e)) return false;
    if (!read_environment(a, &c, e)) return false;
    char **rest = ARENA_ARRAY(a, char *, (size_t)(argc > 0 ? argc : 0) + 1);
    int rest_count = 0;
    if (!read_flags(a, argc, argv, &c, &rest_count, rest, e)) return false;
    *ret_config = c;
    *ret_rest_count = rest_count;
    *ret_rest = rest;
    return true;
}

static void print_range(FILE *out, const struct setting *s)
{
    if (s->kind == KIND_INT) fprintf(out, " (%lld to %lld%s%s)", (long long)s->min, (long long)s->max, *s->unit ? " " : "", s->unit);
    if (s->kind == KIND_ENUM) fprintf(out, " (%s)", s->choices);
    if (s->kind == KIND_BOOL) fprintf(out, " (true false)");
}

void config_help(FILE *out)
{
    for (size_t i = 0; i < N_SETTINGS; i++) {
        const struct setting *s = &settings[i];
        fprintf(out, "  --%-18s %s", s->name, s->doc);
        print_range(out, s);
        fprintf(out, "%s%s%s\n", *s->def ? " [" : "", s->def, *s->def ? "]" : "");
    }
}

void config_sample(FILE *out)
{
    fprintf(out, "# Settings of Souk. Each can also be given as the environment variable SOUK_<NAME> or as the flag --<name>.\n");
    for (size_t i = 0; i < N_SETTINGS; i++) {
        const struct setting *s = &settings[i];
        fprintf(out, "\n# %s", s->doc);
        print_range(out, s);
        fprintf(out, "\n# %s = %s\n", s->name, s->def);
    }
}
