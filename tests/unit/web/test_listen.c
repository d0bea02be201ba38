#include "web/listen.h"
#include "unit_arena.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void own_sockets(void **state)
{
    char folder[] = "/tmp/souk-listen-XXXXXX";
    struct err e = {0};
    int fd, second;
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *path = arena_printf(a, "%s/x.sock", folder);
    assert_true(listen_unix(path, 4, &fd, &e));
    assert_true(listen_inherited(fd));
    assert_false(listen_unix(path, 4, &second, &e));              /* somebody answers */
    assert_int_equal(e.problem, PROBLEM_CONFLICT);
    close(fd);
    err_clear(&e);
    assert_true(listen_unix(path, 4, &second, &e));               /* left by a dead one */
    close(second);
    assert_int_equal(unlink(path), 0);
    assert_false(listen_unix(arena_printf(a, "%s/no/x.sock", folder), 4, &fd, &e));
    assert_int_equal(rmdir(folder), 0);
}

static void long_paths_are_named(void **state)
{
    struct err e = {0};
    char path[200];
    int fd;
    (void)state;
    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_false(listen_unix(path, 4, &fd, &e));
    assert_non_null(strstr(e.detail, "107 bytes"));
}

static void what_is_no_listening_socket(void **state)
{
    int fds[2];
    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_false(listen_inherited(fds[0]));
    assert_false(listen_inherited(-1));
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_false(listen_inherited(fds[0]));
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(own_sockets), WITH_ARENA(long_paths_are_named), WITH_ARENA(what_is_no_listening_socket)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
