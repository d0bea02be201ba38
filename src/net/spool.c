#include "net/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static bool make_folder(const char *path, struct err *e)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || err_cause(e, "mail spool %s: %m", path);
}

static bool write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return fsync(fd) == 0;
}

static bool flush_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

/* A link fails when the name is taken, a rename would replace it: so the first content stays. */
static bool publish(const char *folder, const char *tmp, const char *final, bool *ret_new, struct err *e)
{
    bool made = link(tmp, final) == 0;
    int saved = errno;
    unlink(tmp);
    errno = saved;
    if (!made && saved != EEXIST && (saved != ENOENT || access(final, F_OK) != 0))      /* ENOENT: whoever was first took the name away */
        return err_cause(e, "mail spool %s: %m", final);
    if (!flush_folder(folder))
        return err_cause(e, "mail spool %s: %m", folder);
    *ret_new = made;
    return true;
}

/* Writers of one name wait for each other, and the file of one who was killed is written over. */
static bool put_locked(int fd, const char *folder, const char *tmp, const char *final, struct str mail, bool *ret_new, struct err *e)
{
    if (flock(fd, LOCK_EX) != 0)
        return err_cause(e, "mail spool %s: %m", tmp);
    if (access(final, F_OK) == 0) {
        *ret_new = false;
        return true;
    }
    if (ftruncate(fd, 0) != 0 || !write_all(fd, mail))
        return err_cause(e, "mail spool %s: %m", tmp);
    return publish(folder, tmp, final, ret_new, e);
}

static bool put(struct arena *a, const char *folder, const char *name, struct str mail, bool *ret_new, struct err *e)
{
    const char *final = arena_printf(a, "%s/%s.eml", folder, name), *tmp_folder = arena_printf(a, "%s/tmp", folder);
    const char *tmp = arena_printf(a, "%s/%s", tmp_folder, name);
    if (!make_folder(folder, e) || !make_folder(tmp_folder, e))
        return false;
    if (access(final, F_OK) == 0) {
        *ret_new = false;
        return true;
    }
    int fd = open(tmp, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_cause(e, "mail spool %s: %m", tmp);
    bool ok = put_locked(fd, folder, tmp, final, mail, ret_new, e);
    close(fd);
    return ok;
}

bool spool_put(const char *folder, const char *name, struct str mail, bool *ret_new, struct err *e)
{
    struct arena *a = arena_new();
    bool ok = put(a, folder, name, mail, ret_new, e);
    arena_destroy(a);
    return ok;
}
