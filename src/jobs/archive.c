#include "jobs/archive.h"

#include <zip.h>

static bool fail(struct err *e, zip_error_t *why)
{
    (void)err_cause(e, "zip: %s", zip_error_strerror(why));
    zip_error_fini(why);
    return false;
}

static bool add(zip_t *z, const struct archive_file *f, usec_t at, struct err *e)
{
    zip_source_t *s = zip_source_buffer(z, f->bytes.p, f->bytes.n, 0);
    zip_int64_t i = s != NULL ? zip_file_add(z, f->name, s, ZIP_FL_ENC_UTF_8) : -1;
    if (i >= 0 && zip_file_set_mtime(z, (zip_uint64_t)i, (time_t)(at / USEC_PER_SEC), 0) == 0) return true;
    if (i < 0 && s != NULL) zip_source_free(s);
    return err_cause(e, "zip: %s", zip_strerror(z));
}

static bool read_back(zip_source_t *s, struct arena *a, struct str *ret, struct err *e)
{
    zip_stat_t st;
    if (zip_source_open(s) != 0) return err_cause(e, "zip: %s", zip_error_strerror(zip_source_error(s)));
    bool good = zip_source_stat(s, &st) == 0 && st.size > 0;
    char *bytes = good ? arena_alloc(a, (size_t)st.size) : NULL;
    good = good && zip_source_read(s, bytes, st.size) == (zip_int64_t)st.size;
    (void)zip_source_close(s);
    if (!good) return err_cause(e, "zip: the archive cannot be read back");
    *ret = str_of(bytes, (size_t)st.size);
    return true;
}

bool archive_make(struct arena *a, const struct archive_file *files, size_t n, usec_t at, struct str *ret_zip, struct err *e)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &why);
    if (s == NULL) return fail(e, &why);
    zip_source_keep(s);                                   /* zip_close lets go of one, we read the other */
    zip_t *z = zip_open_from_source(s, ZIP_TRUNCATE, &why);
    if (z == NULL) {
        zip_source_free(s);
        zip_source_free(s);
        return fail(e, &why);
    }
    bool good = true;
    for (size_t i = 0; i < n && good; i++) good = add(z, &files[i], at, e);
    if (!good) {
        zip_discard(z);
    } else if (zip_close(z) != 0) {
        good = err_cause(e, "zip: %s", zip_strerror(z));
        zip_discard(z);
    }
    zip_error_fini(&why);
    good = good && read_back(s, a, ret_zip, e);
    zip_source_free(s);
    return good;
}
