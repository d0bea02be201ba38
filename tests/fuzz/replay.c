/* Runs a fuzz driver without a fuzzer: over every file of the named folders, and over mutations of them that depend on nothing but
 * the seed, so a failure can be repeated.
 *   replay [--mutations N] [--seed S] FOLDER|FILE...
 * With clang the same driver is a libFuzzer program: clang -fsanitize=fuzzer,address,undefined (see README.md). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { INPUT_MAX = 1 << 20, PATH_MAX_LEN = 1024, FILES_MAX = 4096 };

struct input {
    char *name;
    uint8_t *p;
    size_t n;
};

struct replay {
    struct input files[FILES_MAX];
    size_t n;
    uint64_t random;
};

static uint64_t next_random(struct replay *r)          /* xorshift64* */
{
    r->random ^= r->random >> 12;
    r->random ^= r->random << 25;
    r->random ^= r->random >> 27;
    return r->random * UINT64_C(2685821657736338717);
}

static size_t below(struct replay *r, size_t n)
{
    return n ? (size_t)(next_random(r) % n) : 0;
}

static bool add_file(struct replay *r, const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = malloc(INPUT_MAX);
    if (!f || !p || r->n == FILES_MAX) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        if (f)
            fclose(f);
        free(p);
        return false;
    }
    size_t n = fread(p, 1, INPUT_MAX, f);
    fclose(f);
    r->files[r->n++] = (struct input){strdup(path), p, n};
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static bool add(struct replay *r, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return add_file(r, path);
    DIR *d = opendir(path);
    bool ok = d != NULL;
    for (struct dirent *e; ok && (e = readdir(d));) {
        char file[PATH_MAX_LEN];
        if (e->d_name[0] == '.')
            continue;
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        ok = add_file(r, file);
    }
    if (d)
        closedir(d);
    return ok;
}

/* Flips, inserts, removes, repeats, or splices in a piece of another file. */
static size_t mutate(struct replay *r, uint8_t *p, size_t n)
{
    size_t at = below(r, n + 1), len = 1 + below(r, 16);
    const struct input *other = &r->files[below(r, r->n)];
    switch (below(r, 5)) {
    case 0:
        if (at < n)
            p[at] = (uint8_t)next_random(r);
        return n;
    case 1:
        if (at < n)
            p[at] ^= (uint8_t)(1u << below(r, 8));
        return n;
    case 2:
        len = len < n - at ? len : n - at;
        memmove(p + at, p + at + len, n - at - len);
        return n - len;
    case 3:
        len = len < n - at ? len : n - at;
        if (n + len > INPUT_MAX)
            return n;
        memmove(p + at + len, p + at, n - at);
        return n + len;
    default: {
        size_t from = below(r, other->n + 1);
        len = len < other->n - from ? len : other->n - from;
        if (n + len > INPUT_MAX)
            return n;
        memmove(p + at + len, p + at, n - at);
        memcpy(p + at, other->p + from, len);
        return n + len;
    }
    }
}

/* A driver aborts when it finds something; the last input is then in the file $FUZZ_LAST_INPUT: eight digits of length and the
 * bytes. It is mapped, because it is written for every input and must survive any kind of death. */
static uint8_t *open_last(const char *path)
{
    int fd = path ? open(path, O_RDWR | O_CREAT, 0600) : -1;
    if (fd < 0 || ftruncate(fd, INPUT_MAX + 8) != 0)
        return NULL;
    void *p = mmap(NULL, INPUT_MAX + 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return p == MAP_FAILED ? NULL : p;
}

static void remember(uint8_t *last, const uint8_t *p, size_t n)
{
    char length[16];
    if (!last)
        return;
    snprintf(length, sizeof length, "%08zu", n);
    memcpy(last, length, 8);
    memcpy(last + 8, p, n);
}

static void run_one(const uint8_t *p, size_t n)
{
    uint8_t *exact = malloc(n ? n : 1);        /* so that a sanitizer sees reads behind the end */
    if (!exact)
        abort();
    memcpy(exact, p, n);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

static void run(struct replay *r, long mutations)
{
    uint8_t *last = open_last(getenv("FUZZ_LAST_INPUT"));
    for (size_t i = 0; i < r->n; i++) {
        remember(last, r->files[i].p, r->files[i].n);
        run_one(r->files[i].p, r->files[i].n);
    }
    uint8_t *p = malloc(INPUT_MAX);
    for (long i = 0; p && r->n && i < mutations; i++) {
        const struct input *seed = &r->files[below(r, r->n)];
        size_t n = seed->n;
        memcpy(p, seed->p, n);
        for (size_t k = 1 + below(r, 8); k > 0; k--)
            n = mutate(r, p, n);
        remember(last, p, n);
        run_one(p, n);
    }
    free(p);
}

int main(int argc, char **argv)
{
    struct replay *r = calloc(1, sizeof *r);
    long mutations = 0;
    bool ok = r != NULL;
    if (ok)
        r->random = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 1; ok && i < argc; i++) {
        if (strcmp(argv[i], "--mutations") == 0 && i + 1 < argc)
            mutations = strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            r->random ^= strtoull(argv[++i], NULL, 10) * UINT64_C(2685821657736338717) + 1;
        else
            ok = add(r, argv[i]);
    }
    if (!ok || r->n == 0) {
        fprintf(stderr, "usage: %s [--mutations N] [--seed S] FOLDER|FILE...\n", argv[0]);
        return 2;
    }
    qsort(r->files, r->n, sizeof *r->files, compare);
    run(r, mutations);
    printf("%zu inputs, %ld mutations\n", r->n, mutations);
    for (size_t i = 0; i < r->n; i++) {
        free(r->files[i].p);
        free(r->files[i].name);
    }
    free(r);
    return 0;
}
