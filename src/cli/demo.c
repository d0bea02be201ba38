/* souk demo */
#include <errno.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "service/demo.h"

enum { DEMO_BYTES_MAX = 8 << 20 };

static bool read_file(struct arena *a, const char *path, struct str *ret_text, struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(e, PROBLEM_INVALID, "%s: %s", path, strerror(errno));
    struct buf b;
    char block[65536];
    size_t n;
    buf_init_arena(&b, a, DEMO_BYTES_MAX);
    while (!b.failed && (n = fread(block, 1, sizeof block, f)) > 0) buf_put(&b, block, n);
    bool good = !ferror(f) && !b.failed;
    fclose(f);
    if (!good) return err_set(e, PROBLEM_INVALID, "%s: cannot be read, or larger than 8 MB", path);
    *ret_text = buf_view(&b);
    return true;
}

int cmd_demo(struct cli *cli)
{
    const char *path = SOUK_DEMO_FILE;
    struct demo_report report;
    struct str text;
    struct err e = {0};
    if (cli->argc > 1) return cli_usage(cli, "one file at most");
    if (cli->argc == 1) path = cli->argv[0];
    if (!read_file(cli->arena, path, &text, &e) || !cli_open(cli, "souk_admin", &e) || !demo_load(&cli->call, text, &report, &e)) return cli_fail(cli, &e);
    printf("demo catalogue: %lld categories; products: %lld created, %lld updated, %lld unchanged; %lld variants got their first stock\n",
           (long long)report.categories, (long long)report.created, (long long)report.updated, (long long)report.unchanged, (long long)report.stocked);
    return 0;
}
