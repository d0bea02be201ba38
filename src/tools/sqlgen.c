/* sqlgen -o DIR FILE.sql ...   writes DIR/<stem>.h, DIR/<stem>.c and DIR/all.c; files that would not change stay untouched.
 * Exit 0: written; 1: a query was refused, nothing was written; 2: wrong use, or a file cannot be read or written. */
#include "tools/sqlgen.h"

#include <errno.h>

static bool write_changed(struct arena *a, const char *dir, const char *stem, const char *ext, struct buf *content)
{
    const char *path = arena_printf(a, "%s/%s%s", dir, stem, ext), *temporary = arena_printf(a, "%s.new", path);
    struct str old;
    FILE *f = fopen(path, "rbe");

    if (f) {
        fclose(f);
        if (sqlgen_read(a, path, &old) && str_eq(old, buf_view(content))) {
            return true;
        }
    }
    f = fopen(temporary, "wbe");
    if (!f || fwrite(content->p, 1, content->n, f) != content->n || fclose(f) != 0 || rename(temporary, path) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

static bool write_all(struct arena *a, const char *dir, const struct sqlgen_file *files, size_t n)
{
    struct buf out;
    buf_init_arena(&out, a, 0);
    for (size_t i = 0; i < n; i++) {
        buf_clear(&out);
        sqlgen_emit_header(&out, &files[i]);
        if (!write_changed(a, dir, files[i].stem, ".h", &out)) {
            return false;
        }
        buf_clear(&out);
        sqlgen_emit_source(&out, &files[i]);
        if (!write_changed(a, dir, files[i].stem, ".c", &out)) {
            return false;
        }
    }
    buf_clear(&out);
    sqlgen_emit_all(&out, files, n);
    return write_changed(a, dir, "all", ".c", &out);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct sqlgen_file *files;
    bool good = true;
    size_t n = argc > 3 ? (size_t)argc - 3 : 0;
    int code = 0;

    if (argc < 3 || strcmp(argv[1], "-o") != 0) {
        fprintf(stderr, "usage: sqlgen -o DIR FILE.sql ...\n");
        arena_destroy(a);
        return 2;
    }
    files = ARENA_ARRAY(a, struct sqlgen_file, n + 1);
    for (size_t i = 0; i < n && code == 0; i++) {
        struct str text;
        if (!sqlgen_read(a, argv[3 + i], &text)) {
            code = 2;
        } else {
            good &= sqlgen_parse(a, argv[3 + i], text, &files[i]);
        }
    }
    if (code == 0) {
        good = good && sqlgen_names_unique(files, n);
        code = !good ? 1 : write_all(a, argv[2], files, n) ? 0 : 2;
    }
    arena_destroy(a);
    return code;
}
