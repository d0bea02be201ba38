#include "web/listen.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

bool listen_inherited(int fd)
{
    int on = 0;
    socklen_t n = sizeof(on);
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on;
}

static bool somebody_answers(const struct sockaddr_un *un)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    bool yes = connect(fd, (const struct sockaddr *)un, sizeof(*un)) == 0 || errno == EAGAIN;
    close(fd);
    return yes;
}

bool listen_unix(const char *path, int backlog, int *ret_fd, struct err *e)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (n >= sizeof(un.sun_path))
        return err_set(e, PROBLEM_INVALID, "the socket's path %.120s is longer than %zu bytes", path, sizeof(un.sun_path) - 1);
    memcpy(un.sun_path, path, n + 1);
    if (somebody_answers(&un))
        return err_set(e, PROBLEM_CONFLICT, "another process already answers on %.120s", path);
    (void)unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Who may reach the socket is decided by the folder: nginx often runs as somebody else. */
    if (fd < 0 || bind(fd, (struct sockaddr *)&un, sizeof(un)) != 0 || chmod(path, 0666) != 0 || listen(fd, backlog) != 0) {
        (void)err_set(e, PROBLEM_UNAVAILABLE, "cannot listen on %.120s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    *ret_fd = fd;
    return true;
}
