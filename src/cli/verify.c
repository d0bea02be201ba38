#include "cli/cli.h"
#include "service/verify.h"

static void report(void *arg, const struct verify_check *check, const struct verify_finding *findings, size_t n)
{
    const bool *quiet = arg;
    if (n == 0 && *quiet)
        return;
    printf("%-5s %-20s %s\n", n == 0 ? "ok" : "WRONG", check->name, check->what);
    for (size_t i = 0; i < n && i < VERIFY_SHOWN; i++)
        printf("        " STR_FMT ": " STR_FMT "\n", STR_ARG(findings[i].object), STR_ARG(findings[i].detail));
    if (n > VERIFY_SHOWN)
        printf("        and more\n");
    fflush(stdout);                 /* whoever watches a log sees how far it is */
}

static int list(void)
{
    for (const struct verify_check *c = verify_checks(); c->name != NULL; c++)
        printf("%-20s %s\n", c->name, c->what);
    return 0;
}

int cmd_verify(struct cli *cli)
{
    struct err e = {0};
    struct verify_waiting w;
    const char *spool = NULL;
    size_t wrong;
    bool quiet = cli_flag(cli, "--quiet");
    if (cli_flag(cli, "--list"))
        return list();
    if (cli_option(cli, "--spool", &spool) && spool[0] == '\0')
        return cli_usage(cli, "--spool needs a folder");
    if (cli->argc > 0)
        return cli_usage(cli, "it takes no further words");
    if (!cli_open(cli, "souk_admin", &e))
        return cli_fail(cli, &e);
    if (!verify_waiting(&cli->call, &w, &e) || !verify_all(&cli->call, spool, report, &quiet, &wrong, &e))
        return cli_fail(cli, &e);
    printf("under way: %lld attempts, %lld calls, %lld commands, %lld provider events, %lld outbox events, %lld mails\n", (long long)w.attempts,
           (long long)w.operations, (long long)w.commands, (long long)w.news, (long long)w.events, (long long)w.mails);
    if (wrong > 0) {
        printf("%zu of the checks found something wrong\n", wrong);
        return 1;
    }
    printf("everything is as it must be\n");
    return 0;
}
