/* souk users import, souk users export */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/users.h"
#include "service/users.h"

static void show(void *arg, int64_t offset, int64_t size, int64_t rows)
{
    progress_show(arg, offset, size, rows, "rows");
}

/* Every row has one outcome: prints them, and says whether they add up. */
static bool print_report(const char *path, bool dry_run, const struct users_import_report *r, int64_t us)
{
    int64_t sum = 0, skipped = 0;
    printf("%s%s\n", path, dry_run ? " (dry run: nothing was kept)" : "");
    printf("%10lld rows, %lld lines, in %lld.%01lld s\n", (long long)r->rows, (long long)r->lines, (long long)(us / USEC_PER_SEC), (long long)(us % USEC_PER_SEC / 100000));
    for (enum users_outcome i = 0; i < USERS_OUTCOMES; i++) {
        sum += r->outcomes[i];
        if (users_is_skipped(i)) skipped += r->outcomes[i];
        if (r->outcomes[i] > 0 || i == USERS_CREATED) printf("%10lld %s%s\n", (long long)r->outcomes[i], users_is_skipped(i) ? "skipped: " : "", users_outcome_text(i));
    }
    printf("%10lld = %lld used + %lld skipped%s\n", (long long)sum, (long long)(sum - skipped), (long long)skipped,
           sum == r->rows ? ", which is every row" : ": THE SUM IS WRONG");
    printf("%10lld of the new accounts bring a password\n", (long long)r->with_password);
    return sum == r->rows;
}

int users_import_file(struct cli *cli)
{
    struct progress progress = progress_begin(cli_flag(cli, "--all"));
    struct users_import_options o = {.dry_run = cli_flag(cli, "--dry-run"), .progress = show, .note = progress_note, .arg = &progress};
    struct users_import_report r;
    struct input *in;
    struct err e = {0};
    if (users_words(cli, 1, 1) != 0) return 2;
    if (!input_open(cli->arena, cli->argv[0], &in, &e) || !cli_open_personal(cli, &e)) return cli_fail(cli, &e);
    int64_t began = clock_monotonic();
    bool good = users_import(&cli->call, in, &o, &r, &e);
    progress_end(&progress);
    if (!good) {
        (void)cli_fail(cli, &e);
        fputs("what was imported before stays; run it again when the cause is gone\n", stderr);
        return 1;
    }
    return print_report(cli->argv[0], o.dry_run, &r, clock_monotonic() - began) ? 0 : 1;
}

/* --- export ----------------------------------------------------------------------------------------------------------------------- */

static bool write_lines(void *arg, struct str lines, struct err *e)
{
    FILE *out = arg;
    return fwrite(lines.p, 1, lines.n, out) == lines.n || err_set(e, PROBLEM_INVALID, "writing failed: %s", strerror(errno));
}

/* A file that only its owner may read, made anew. */
static FILE *open_out(const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || fchmod(fd, 0600) != 0) {
        (void)err_set(e, PROBLEM_INVALID, "%s: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return NULL;
    }
    return fdopen(fd, "w");
}

int users_export_file(struct cli *cli)
{
    struct err e = {0};
    const char *path = NULL;
    int64_t n;
    bool sure = cli_flag(cli, "--yes");
    if (cli_option(cli, "--out", &path) && path[0] == '\0') return cli_usage(cli, "--out needs a file");
    if (users_words(cli, 0, 0) != 0) return 2;
    if (path == NULL && isatty(1) && !sure) return cli_usage(cli, "addresses and passwords' hashes would go to this terminal: say --yes, or --out FILE");
    if (!cli_open_personal(cli, &e)) return cli_fail(cli, &e);
    FILE *out = path != NULL ? open_out(path, &e) : stdout;
    if (out == NULL) return cli_fail(cli, &e);
    bool good = users_export(&cli->call, write_lines, out, &n, &e);
    if (good && fflush(out) != 0) good = err_set(&e, PROBLEM_INVALID, "writing failed: %s", strerror(errno));
    if (path != NULL && fclose(out) != 0 && good) good = err_set(&e, PROBLEM_INVALID, "writing failed: %s", strerror(errno));
    if (!good) return cli_fail(cli, &e);
    fprintf(stderr, "%lld accounts\n", (long long)n);
    return 0;
}
