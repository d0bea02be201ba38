/* souk import: reads the arguments, prints the report. */
#include "cli/cli.h"
#include "cli/progress.h"
#include "service/import.h"

/* "370,931" */
static const char *number(struct arena *a, int64_t v)
{
    char *digits = arena_printf(a, "%lld", (long long)v), *out = arena_alloc(a, 32);
    size_t n = strlen(digits), at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    return out;
}

/* Every row has one outcome: prints them, and says whether they add up. */
static bool print_report(struct cli *cli, const char *path, const struct import_options *o, const struct import_report *r, int64_t us)
{
    struct arena *a = cli->arena;
    int64_t sum = 0, skipped = 0;
    printf("%s, profile " STR_FMT "%s\n", path, STR_ARG(o->profile), o->dry_run ? " (dry run: nothing was kept)" : "");
    printf("%12s rows, %s lines with the header, in %lld.%01lld s\n", number(a, r->rows), number(a, r->lines), (long long)(us / USEC_PER_SEC),
           (long long)(us % USEC_PER_SEC / 100000));
    for (enum import_outcome i = 0; i < IMPORT_OUTCOMES; i++) {
        sum += r->outcomes[i];
        if (import_is_skipped(i)) skipped += r->outcomes[i];
        if (r->outcomes[i] > 0 || i == IMPORT_CREATED) {
            printf("%12s %s%s\n", number(a, r->outcomes[i]), import_is_skipped(i) ? "skipped: " : "", import_outcome_text(i));
        }
    }
    printf("%12s = %s used + %s skipped%s\n", number(a, sum), number(a, sum - skipped), number(a, skipped),
           sum == r->rows ? ", which is every row" : ": THE SUM IS WRONG");
    if (r->shortened > 0) printf("%12s %s shortened: longer than there is room for\n", number(a, r->shortened), r->shortened == 1 ? "value was" : "values were");
    printf("products: %s created, %s updated, %s unchanged; %s variants got their first stock\n", number(a, r->products_created),
           number(a, r->products_updated), number(a, r->products_unchanged), number(a, r->variants_stocked));
    return sum == r->rows;
}

static bool read_stock(const char *text, struct opt_int32 *ret_stock)
{
    int64_t v;
    if (!str_to_int64(str_from(text), &v) || v < 0 || v > 1000000) return false;
    *ret_stock = (struct opt_int32){true, (int32_t)v};
    return true;
}

int cmd_import(struct cli *cli)
{
    struct progress progress = progress_begin(cli_flag(cli, "--all"));
    struct import_options o = {.progress = progress_show, .note = progress_note, .arg = &progress};
    struct import_report report;
    struct input *in;
    struct err e = {0};
    const char *text;
    o.dry_run = cli_flag(cli, "--dry-run");
    if (cli_option(cli, "--stock", &text) && !read_stock(text, &o.stock)) return cli_usage(cli, "--stock takes a whole number from 0 to 1000000");
    if (cli_option(cli, "--price-list", &text)) o.price_list = str_from(text);
    if (cli_option(cli, "--category", &text)) o.category = str_from(text);
    for (int i = 0; i < cli->argc; i++) {
        if (strncmp(cli->argv[i], "--", 2) == 0) return cli_usage(cli, arena_printf(cli->arena, "'%s' is not understood", cli->argv[i]));
    }
    if (cli->argc != 2) return cli_usage(cli, "a profile and a file are needed");
    o.profile = str_from(cli->argv[0]);

    if (!input_open(cli->arena, cli->argv[1], &in, &e) || !cli_open(cli, "souk_admin", &e)) return cli_fail(cli, &e);
    int64_t began = clock_monotonic();
    bool good = import_run(&cli->call, in, &o, &report, &e);
    progress_end(&progress);
    if (!good) {
        (void)cli_fail(cli, &e);
        fputs("nothing was imported\n", stderr);
        return 1;
    }
    return print_report(cli, cli->argv[1], &o, &report, clock_monotonic() - began) ? 0 : 1;
}
