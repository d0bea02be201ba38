/* What sqlgen and sqlgen-check do with files as a whole. */
#include "tools/sqlgen.h"

#include <errno.h>

bool sqlgen_read(struct arena *a, const char *path, struct str *ret_text)
{
    FILE *f = fopen(path, "rbe");
    struct buf b;
    char chunk[16384];
    size_t n;

    if (!f) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    buf_init_arena(&b, a, 0);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0) {
        buf_put(&b, chunk, n);
    }
    if (ferror(f) || b.failed) {
        fprintf(stderr, "%s: cannot be read\n", path);
        fclose(f);
        return false;
    }
    fclose(f);
    *ret_text = buf_view(&b);
    return true;
}

bool sqlgen_names_unique(struct sqlgen_file *files, size_t n)
{
    bool unique = true;
    for (size_t i = 0; i < n; i++) {
        for (struct sqlgen_query *q = files[i].queries; q; q = q->next) {
            for (size_t j = 0; j <= i; j++) {
                for (struct sqlgen_query *o = files[j].queries; o && o != q; o = o->next) {
                    if (strcmp(o->name, q->name) == 0) {
                        fprintf(stderr, "%s:%d: query %s exists already (%s:%d)\n", files[i].path, q->line, q->name, files[j].path, o->line);
                        unique = false;
                    }
                }
            }
        }
    }
    return unique;
}
