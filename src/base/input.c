#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct input {
    gzFile file;
    const char *path;
    int64_t size;
};

enum { BUFFER = 128 << 10 };

static void close_input(void *arg)
{
    struct input *in = arg;
    (void)gzclose(in->file);
}

bool input_open(struct arena *a, const char *path, struct input **ret_input, struct err *e)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int why = errno;
        if (fd >= 0) close(fd);
        return err_set(e, PROBLEM_INVALID, "%s: %s", path, strerror(why));
    }
    if (S_ISDIR(st.st_mode)) {
        close(fd);
        return err_set(e, PROBLEM_INVALID, "%s is a folder", path);
    }
    struct input *in = ARENA_NEW(a, struct input);
    in->file = gzdopen(fd, "rb");
    if (!in->file) {
        close(fd);
        return err_set(e, PROBLEM_INVALID, "%s: cannot be read", path);
    }
    (void)gzbuffer(in->file, BUFFER);
    in->path = arena_strdup(a, standard ? "standard input" : path);
    in->size = S_ISREG(st.st_mode) ? st.st_size : 0;
    arena_defer(a, close_input, in);
    *ret_input = in;
    return true;
}

bool input_read(struct input *in, void *p, size_t n, size_t *ret_n, struct err *e)
{
    int got = gzread(in->file, p, n > 1 << 30 ? 1u << 30 : (unsigned)n);
    int code = Z_OK;
    if (got <= 0) {
        const char *why = gzerror(in->file, &code);
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
            return err_set(e, PROBLEM_INVALID, "%s: %s", in->path,
                           code == Z_BUF_ERROR ? "the compressed data ends too early" : code == Z_ERRNO ? strerror(errno) : why);
        }
    }
    *ret_n = (size_t)got;
    return true;
}

int64_t input_offset(struct input *in)
{
    return gzoffset(in->file);
}

int64_t input_size(const struct input *in)
{
    return in->size;
}
