/* souk audit */
#include <unistd.h>

#include "cli/cli.h"
#include "service/audit.h"

enum { LIST_DEFAULT = 50, SEAL_TRIES = 10, SEAL_PAUSE_US = 500000 };

/* "12:ab…" */
static bool expected(struct cli *cli, const char *text, bool *ret_holds, struct err *e)
{
    struct str hash = str_from(text), number;
    int64_t n;
    if (!str_split(&hash, ':', &number) || str_is_null(hash) || hash.n != 64 || !str_to_int64(number, &n))
        return err_set(e, PROBLEM_INVALID, "--expect takes NUMBER:HASH, as an earlier verify printed it");
    return audit_holds(&cli->call, n, hash, ret_holds, e);
}

static int verify(struct cli *cli)
{
    struct err e = {0};
    struct audit_state s;
    struct audit_finding *f;
    const char *expect = NULL;
    size_t n;
    bool holds = true;
    (void)cli_option(cli, "--expect", &expect);
    if (cli->argc > 0) return cli_usage(cli, arena_printf(cli->arena, "'%s' is not understood", cli->argv[0]));
    if (!cli_open(cli, "souk_admin", &e)) return cli_fail(cli, &e);
    db_deadline(cli->call.db, clock_monotonic() + 600 * USEC_PER_SEC);
    /* The sealer comes twice a second: what was written before now must be chained in a moment. */
    for (int i = 0;; i++) {
        if (!audit_verify(&cli->call, 0, &s, &n, &f, &e)) return cli_fail(cli, &e);
        if (n == 0 || i == SEAL_TRIES || !str_eq_c(f[0].problem, "unsealed")) break;
        usleep(SEAL_PAUSE_US);
    }
    if (expect != NULL && !expected(cli, expect, &holds, &e)) return cli_fail(cli, &e);
    for (size_t i = 0; i < n; i++)
        printf("WRONG %-9.*s %lld " STR_FMT " " STR_FMT "\n", STR_ARG(f[i].problem), (long long)f[i].number, STR_ARG(f[i].id), STR_ARG(f[i].detail));
    if (!holds) printf("WRONG expected  the chain does not hold %s\n", expect);
    printf("%lld rows, the chain ends with %lld:" STR_FMT "\n", (long long)s.rows, (long long)s.last_number, STR_ARG(s.last_hash));
    if (s.retired > 0) printf("%lld older rows went when their time was over\n", (long long)s.retired);
    if (n == 0 && holds) printf("the trail is whole\n");
    return n == 0 && holds ? 0 : 1;
}

static int list(struct cli *cli)
{
    struct err e = {0};
    struct audit_filter f = {.limit = LIST_DEFAULT};
    struct shape_list rows;
    struct str next;
    const char *text;
    if (cli_option(cli, "--actor", &text)) f.actor = str_from(text);
    if (cli_option(cli, "--action", &text)) f.action = str_from(text);
    if (cli_option(cli, "--object", &text)) f.object = str_from(text);
    if (cli_option(cli, "--since", &text) && !time_parse(str_from(text), &f.from) && !time_parse(str_from(arena_printf(cli->arena, "%sT00:00:00Z", text)), &f.from))
        return cli_usage(cli, "--since takes a day (2026-01-31) or a time (2026-01-31T12:00:00Z)");
    if (cli_option(cli, "--limit", &text) && (!str_to_int64(str_from(text), &f.limit) || f.limit < 1 || f.limit > 1000)) return cli_usage(cli, "--limit takes a number from 1 to 1000");
    if (cli->argc > 0) return cli_usage(cli, arena_printf(cli->arena, "'%s' is not understood", cli->argv[0]));
    if (!cli_open(cli, "souk_admin", &e) || !audit_list(&cli->call, &f, &rows, &next, &e)) return cli_fail(cli, &e);
    const struct audit_row *v = rows.v;
    for (size_t i = rows.n; i-- > 0;) {
        struct str at = time_format(cli->arena, v[i].created_at), object = str_is_null(v[i].object) ? STR("-") : v[i].object;
        printf("%8lld  " STR_FMT "  " STR_FMT "  " STR_FMT "  " STR_FMT "  " STR_FMT "\n", (long long)v[i].number, STR_ARG(at), STR_ARG(v[i].actor), STR_ARG(v[i].action),
               STR_ARG(object), STR_ARG(v[i].detail));
    }
    if (!str_is_null(next)) printf("and older ones\n");
    return 0;
}

int cmd_audit(struct cli *cli)
{
    const char *word = cli->argc > 0 ? cli->argv[0] : "";
    cli->argc -= cli->argc > 0;
    cli->argv++;
    if (strcmp(word, "verify") == 0) return verify(cli);
    if (strcmp(word, "list") == 0) return list(cli);
    cli->argv--;
    return cli_usage(cli, "verify or list");
}
