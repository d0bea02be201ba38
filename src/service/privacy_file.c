/* Files of exports. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/person.h"
#include "service/privacy_internal.h"

#define ENDING ".zip.sealed"

enum { FILE_MAX = 128 << 20 };

static const char *folder_of(struct call *c)
{
    return arena_printf(c->arena, "%s/exports", c->env->config->home);
}

static const char *path_of(struct call *c, struct data_request_id id)
{
    return arena_printf(c->arena, "%s/" STR_FMT ENDING, folder_of(c), STR_ARG(id_str(c->arena, ID_data_request, id.u)));
}

static bool write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return fsync(fd) == 0;
}

bool export_file_put(struct call *c, struct data_request_id id, struct person_id person, struct str zip, int64_t *ret_bytes, struct err *e)
{
    struct str sealed;
    const char *path = path_of(c, id), *tmp = arena_printf(c->arena, "%s.%d", path, (int)getpid());
    if (!person_seal(c, person, person_context(c->arena, "identity.data_request.file", id.u), zip, &sealed, e)) return false;
    if (mkdir(folder_of(c), 0700) != 0 && errno != EEXIST) return err_cause(e, "%s: %m", folder_of(c));
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return err_cause(e, "%s: %m", tmp);
    bool good = write_all(fd, sealed);
    if (close(fd) != 0) good = false;
    if (!good || rename(tmp, path) != 0) {
        (void)err_cause(e, "%s: %m", path);
        unlink(tmp);
        return false;
    }
    *ret_bytes = (int64_t)zip.n;
    return true;
}

static bool read_file(struct call *c, const char *path, struct str *ret_bytes, struct err *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return errno == ENOENT ? err_set(e, PROBLEM_EXPIRED, "This export is gone; ask for a new one") : err_cause(e, "%s: %m", path);
    char *bytes = NULL;
    size_t n = 0;
    ssize_t got = -1;
    if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= FILE_MAX) {
        bytes = arena_alloc(c->arena, (size_t)st.st_size);
        while (n < (size_t)st.st_size && ((got = read(fd, bytes + n, (size_t)st.st_size - n)) > 0 || (got < 0 && errno == EINTR))) n += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    if (bytes == NULL || n != (size_t)st.st_size) return err_cause(e, "%s cannot be read", path);
    *ret_bytes = str_of(bytes, n);
    return true;
}

bool export_file_get(struct call *c, struct data_request_id id, struct person_id person, struct str *ret_zip, struct err *e)
{
    struct str sealed, zip;
    if (!read_file(c, path_of(c, id), &sealed, e) || !person_open(c, person, person_context(c->arena, "identity.data_request.file", id.u), sealed, &zip, e)) return false;
    if (str_is_null(zip)) return err_set(e, PROBLEM_EXPIRED, "This export is gone");
    *ret_zip = zip;
    return true;
}

void export_file_remove(struct call *c, struct data_request_id id)
{
    unlink(path_of(c, id));
}

size_t export_files(struct call *c, struct data_request_id *v, size_t max)
{
    size_t n = 0;
    DIR *d = opendir(folder_of(c));
    for (struct dirent *x; d != NULL && n < max && (x = readdir(d)) != NULL;) {
        struct str name = str_from(x->d_name);
        if (str_ends(name, STR(ENDING)) && id_parse(ID_data_request, str_sub(name, 0, name.n - strlen(ENDING)), &v[n].u)) n++;
    }
    if (d != NULL) closedir(d);
    return n;
}
