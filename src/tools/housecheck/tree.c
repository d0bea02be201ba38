/* Rules about the tree: every folder says what it is for, every source file has its unit test. */
#include "tools/housecheck/housecheck.h"

static struct str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_of(path, slash ? (size_t)(slash - path) : 0);
}

static bool seen_before(const struct house *h, size_t at, struct str folder)
{
    for (size_t i = 0; i < at; i++)
        if (str_eq(folder_of(h->files[i].path), folder))
            return true;
    return false;
}

/* src/<x>, fcgi-handlers/<x> and the folders at the top that hold sources; folders below them are described above. */
static bool wants_readme(struct str folder)
{
    size_t slashes = 0;
    for (size_t i = 0; i < folder.n; i++)
        slashes += folder.p[i] == '/';
    if (str_starts(folder, STR("src/")) || str_starts(folder, STR("fcgi-handlers/")))
        return slashes == 1;
    return slashes == 0 && in_words(folder, "sql templates nginx");
}

static void check_readmes(struct house *h)
{
    for (size_t i = 0; i < h->n_files; i++) {
        struct str folder = folder_of(h->files[i].path);
        while (!str_is_empty(folder) && !wants_readme(folder))
            folder = folder_of(str_cstr(h->a, folder));
        if (str_is_empty(folder) || seen_before(h, i, folder))
            continue;
        const char *readme = arena_printf(h->a, STR_FMT "/README.md", STR_ARG(folder));
        bool told = false;              /* once per folder, also when all its files are deeper */
        for (size_t k = 0; k < i && !told; k++)
            told = str_starts(str_from(h->files[k].path), str_printf(h->a, STR_FMT "/", STR_ARG(folder)));
        const struct file *f = house_file(h, readme);
        if (!told && !f)
            house_error(h, readme, 0, "readme", "missing: what the folder is for, its rules, \"steps to add a ...\"");
        else if (!told && !memmem(f->content.p, f->content.n, "Steps to ", 9) && !memmem(f->content.p, f->content.n, "steps to ", 9))
            house_error(h, readme, 0, "readme", "does not say how something is added: \"steps to add a ...\"");
    }
}

/* tests/unit/without-test.txt: "src/jobs/main.c  reason", for files that a unit test cannot reach. */
static bool is_excused(const struct house *h, const char *path)
{
    for (size_t i = 0; i < h->n_files; i++) {
        if (strcmp(h->files[i].path, "tests/unit/without-test.txt") != 0)
            continue;
        struct str rest = h->files[i].content, line;
        while (str_split(&rest, '\n', &line)) {
            struct str name;
            if (str_split(&line, ' ', &name) && str_eq_c(name, path) && !str_is_empty(str_trim(line)))
                return true;
        }
    }
    return false;
}

static void check_unit_tests(struct house *h)
{
    for (size_t i = 0; i < h->n_files; i++) {
        struct str path = str_from(h->files[i].path);
        if (!str_starts(path, STR("src/")) || !str_ends(path, STR(".c")) || str_starts(path, STR("src/tools/")))
            continue;
        const char *base = strrchr(h->files[i].path, '/') + 1;
        struct str folder = folder_of(h->files[i].path + 4);
        const char *test = arena_printf(h->a, "tests/unit/" STR_FMT "/test_%s", STR_ARG(folder), base);
        if (strcmp(base, "main.c") != 0 && !house_file(h, test) && !is_excused(h, h->files[i].path))
            house_error(h, h->files[i].path, 0, "unit-test", "%s is missing", test);
    }
}

void check_tree(struct house *h)
{
    check_readmes(h);
    check_unit_tests(h);
}
