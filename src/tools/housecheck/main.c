/* housecheck [--code] ROOT   (see src/tools/README.md)
 * --code leaves out what concerns the tree (a README per folder, a test per file) and the warnings: that is what each build runs. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tools/housecheck/housecheck.h"

enum { SOURCE_MAX = 4 << 20, FOLDERS_DEEP = 8 };

static void say(const char *path, int line, const char *rule, const char *kind, const char *text)
{
    fprintf(stderr, "%s:%d: %s%s [%s]\n", path, line, kind, text, rule);
}

void house_error(struct house *h, const char *path, int line, const char *rule, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(path, line, rule, "", arena_vprintf(h->a, fmt, ap));
    va_end(ap);
    h->errors++;
}

void house_warn(struct house *h, const char *path, int line, const char *rule, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!h->quiet)
        say(path, line, rule, "warning: ", arena_vprintf(h->a, fmt, ap));
    va_end(ap);
    h->warnings++;
}

bool in_words(struct str s, const char *words)
{
    struct str rest = str_from(words), word;
    while (str_split(&rest, ' ', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

const struct file *house_file(const struct house *h, const char *path)
{
    for (size_t i = 0; i < h->n_files; i++)
        if (strcmp(h->files[i].path, path) == 0)
            return &h->files[i];
    return NULL;
}

static bool read_file(struct house *h, const char *path, struct str *ret_content)
{
    FILE *f = fopen(arena_printf(h->a, "%s/%s", h->root, path), "rb");
    if (!f)
        return false;
    struct buf b;
    char chunk[8192];
    size_t n;
    buf_init(&b, SOURCE_MAX);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_put(&b, chunk, n);
    bool ok = !ferror(f) && !b.failed;
    fclose(f);
    *ret_content = buf_to_str(&b, h->a);
    buf_free(&b);
    return ok;
}

static bool is_source(struct str name)
{
    return str_ends(name, STR(".c")) || str_ends(name, STR(".h")) || str_ends(name, STR(".def")) || str_ends(name, STR(".sql")) || str_ends(name, STR(".md")) ||
           str_ends(name, STR(".po")) || str_ends(name, STR("/without-test.txt"));
}

static void add_file(struct house *h, const char *path)
{
    if (h->n_files == h->cap_files) {
        size_t cap = h->cap_files ? h->cap_files * 2 : 512;
        struct file *v = ARENA_ARRAY(h->a, struct file, cap);
        if (h->n_files)
            memcpy(v, h->files, h->n_files * sizeof *v);
        h->files = v;
        h->cap_files = cap;
    }
    struct file f = {.path = path};
    struct str rest = str_from(path), top;
    (void)str_split(&rest, '/', &top);
    bool handlers = str_eq_c(top, "fcgi-handlers");
    if (handlers || str_eq_c(top, "src")) {
        (void)str_split(&rest, '/', &f.unit);
        f.layer = handlers ? top : f.unit;
    }
    if (!read_file(h, path, &f.content))
        house_error(h, path, 0, "tree", "cannot be read, or is larger than 4 MiB");
    h->files[h->n_files++] = f;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void walk(struct house *h, const char *folder, int deep)
{
    DIR *d = opendir(arena_printf(h->a, "%s/%s", h->root, folder));
    if (!d || deep > FOLDERS_DEEP) {
        if (d)
            closedir(d);
        return;
    }
    char *names[2048];
    size_t n = 0;
    for (struct dirent *e; (e = readdir(d)) && n < sizeof names / sizeof *names;)
        if (e->d_name[0] != '.')
            names[n++] = arena_printf(h->a, "%s/%s", folder, e->d_name);
    closedir(d);
    qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 0; i < n; i++) {
        struct stat st;
        if (lstat(arena_printf(h->a, "%s/%s", h->root, names[i]), &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            walk(h, names[i], deep + 1);
        else if (S_ISREG(st.st_mode) && is_source(str_from(names[i])))
            add_file(h, names[i]);
    }
}

/* The keys of templates/text/en*.po as "\nkey\nkey\n". */
static void collect_keys(struct house *h)
{
    struct buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < h->n_files; i++) {
        struct str path = str_from(h->files[i].path), rest = h->files[i].content, line;
        if (!str_starts(path, STR("templates/text/en.")) || !str_ends(path, STR(".po")))
            continue;
        while (str_split(&rest, '\n', &line)) {
            if (!str_starts(line, STR("msgid \"")) || line.n < 9)
                continue;
            buf_char(&b, '\n');
            buf_str(&b, str_sub(line, 7, line.n - 8));
        }
    }
    if (b.n) {
        buf_char(&b, '\n');
        h->keys = buf_to_str(&b, h->a);
    }
    buf_free(&b);
}

static void check_file(struct house *h, const struct file *f)
{
    struct str path = str_from(f->path);
    if (str_starts(path, STR("sql/")) && str_ends(path, STR(".sql"))) {
        check_sql(h, f);
        return;
    }
    bool c = str_ends(path, STR(".c")) || str_ends(path, STR(".h")) || str_ends(path, STR(".def"));
    if (!c || str_is_null(f->layer))
        return;
    struct tokens t;
    scan_c(h->a, f->content, &t);
    check_layers(h, f, &t);
    check_c(h, f, &t);
    if (str_ends(path, STR(".c"))) {
        check_functions(h, f, &t);
        check_state(h, f, &t);
    }
}

int main(int argc, char **argv)
{
    static const char *const folders[] = {"src", "fcgi-handlers", "sql", "templates", "nginx", "tests/unit"};
    bool code = argc == 3 && strcmp(argv[1], "--code") == 0;
    if (argc != (code ? 3 : 2)) {
        fprintf(stderr, "usage: housecheck [--code] ROOT\n");
        return 2;
    }
    struct house h = {.a = arena_new(), .root = argv[argc - 1], .quiet = code};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        walk(&h, folders[i], 0);
    if (h.n_files == 0) {
        fprintf(stderr, "%s: no sources here\n", h.root);
        return 2;
    }
    collect_keys(&h);
    for (size_t i = 0; i < h.n_files; i++)
        check_file(&h, &h.files[i]);
    if (!code)
        check_tree(&h);
    if (h.errors)
        fprintf(stderr, "housecheck: %d %s\n", h.errors, h.errors == 1 ? "violation" : "violations");
    int status = h.errors ? 1 : 0;
    arena_destroy(h.a);
    return status;
}
