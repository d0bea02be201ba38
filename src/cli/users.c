/* souk users */
#include "cli/users.h"
#include "service/account.h"
#include "service/customer.h"
#include "service/privacy.h"
#include "service/second_factor.h"

enum { PAGE = 100 };

int users_words(const struct cli *cli, int min, int max)
{
    for (int i = 0; i < cli->argc; i++)
        if (strncmp(cli->argv[i], "--", 2) == 0) return cli_usage(cli, arena_printf(cli->arena, "'%s' is not understood", cli->argv[i]));
    return cli->argc < min || cli->argc > max ? cli_usage(cli, "see souk users --help") : 0;
}

/* An address or an id. */
static bool find_account(struct cli *cli, const char *who, struct account_id *ret, struct err *e)
{
    bool found;
    if (id_parse(ID_account, str_from(who), &ret->u)) return true;
    if (!account_find(&cli->call, str_from(who), ret, &found, e)) return false;
    return found || err_set(e, PROBLEM_NOT_FOUND, "nobody has the address or id %s", who);
}

static bool begin(struct cli *cli, struct account_id *ret, struct err *e)
{
    return cli_open_personal(cli, e) && find_account(cli, cli->argv[0], ret, e);
}

static struct str or_dash(struct str s)
{
    return str_is_empty(s) ? STR("-") : s;
}

static void print_line(struct cli *cli, const struct customer *x)
{
    struct str id = id_str(cli->arena, ID_account, x->id.u), day = str_sub(time_format(cli->arena, x->created_at), 0, 10), email = or_dash(x->email);
    printf(STR_FMT "  %-8.*s  %-5s  %-3s  " STR_FMT "  " STR_FMT "\n", STR_ARG(id), STR_ARG(x->status), x->staff ? "staff" : "", x->second_factor ? "2fa" : "", STR_ARG(day),
           STR_ARG(email));
}

static int list(struct cli *cli)
{
    struct err e = {0};
    struct customer_filter f = {.staff_only = cli_flag(cli, "--staff"), .limit = PAGE};
    const char *text;
    int64_t most = 50, shown = 0;
    if (cli_option(cli, "--status", &text)) f.status = str_from(text);
    if (cli_option(cli, "--limit", &text) && (!str_to_int64(str_from(text), &most) || most < 1)) return cli_usage(cli, "--limit takes a number from 1 on");
    if (users_words(cli, 0, 0) != 0) return 2;
    if (!cli_open_personal(cli, &e)) return cli_fail(cli, &e);
    do {
        struct shape_list page;
        f.limit = most - shown < PAGE ? most - shown : PAGE;
        if (!customer_list(&cli->call, &f, &page, &f.cursor, &e)) return cli_fail(cli, &e);
        const struct customer *v = page.v;
        for (size_t i = 0; i < page.n; i++) print_line(cli, &v[i]);
        shown += (int64_t)page.n;
    } while (!str_is_null(f.cursor) && shown < most);
    return 0;
}

static void print_field(const char *name, struct str value)
{
    struct str shown = or_dash(value);
    printf("%-15s " STR_FMT "\n", name, STR_ARG(shown));
}

static int show(struct cli *cli)
{
    struct err e = {0};
    struct account_id id;
    struct customer x;
    if (users_words(cli, 1, 1) != 0) return 2;
    if (!begin(cli, &id, &e) || !customer_read(&cli->call, id, &x, &e)) return cli_fail(cli, &e);
    print_field("id", id_str(cli->arena, ID_account, x.id.u));
    print_field("status", x.status);
    print_field("e-mail", x.email);
    printf("%-15s %s\n", "verified", x.email_verified ? "yes" : "no");
    print_field("name", x.name);
    print_field("phone", x.phone);
    print_field("language", x.locale);
    printf("%-15s %s\n%-15s %s\n%-15s %s\n", "staff", x.staff ? "yes" : "no", "password", x.has_password ? "yes" : "no", "second factor", x.second_factor ? "yes" : "no");
    printf("%-15s %lld, %lld of them open\n%-15s %lld\n", "orders", (long long)x.orders, (long long)x.open_orders, "sessions", (long long)x.sessions);
    print_field("since", time_format(cli->arena, x.created_at));
    print_field("last sign-in", x.last_sign_in_at != 0 ? time_format(cli->arena, x.last_sign_in_at) : STR_NULL);
    return 0;
}

static int set_enabled(struct cli *cli, bool enabled)
{
    struct err e = {0};
    struct account_id id;
    struct customer x;
    if (users_words(cli, 1, 1) != 0) return 2;
    if (!begin(cli, &id, &e) || !customer_set_enabled(&cli->call, id, enabled, &x, &e)) return cli_fail(cli, &e);
    print_line(cli, &x);
    return 0;
}

static int disable(struct cli *cli)
{
    return set_enabled(cli, false);
}

static int enable(struct cli *cli)
{
    return set_enabled(cli, true);
}

static int reset_mfa(struct cli *cli)
{
    struct err e = {0};
    struct account_id id;
    if (users_words(cli, 1, 1) != 0) return 2;
    if (!begin(cli, &id, &e) || !second_factor_reset(&cli->call, id, &e)) return cli_fail(cli, &e);
    printf("the second factors are gone, all sessions ended, the owner is told\n");
    return 0;
}

static int replay(struct cli *cli)
{
    struct err e = {0};
    struct privacy_replayed r;
    if (users_words(cli, 0, 0) != 0) return 2;
    if (!cli_open(cli, "souk_admin", &e)) return cli_fail(cli, &e);
    db_deadline(cli->call.db, clock_monotonic() + 600 * USEC_PER_SEC);
    db_deadline(cli->call.db_keys, clock_monotonic() + 600 * USEC_PER_SEC);
    if (!privacy_replay(&cli->call, &r, &e)) return cli_fail(cli, &e);
    printf("%lld persons on the list of the erased; %lld were still here and are erased again (%lld accounts)\n", (long long)r.listed, (long long)r.persons, (long long)r.accounts);
    return 0;
}

static int erase(struct cli *cli)
{
    struct err e = {0};
    struct account_id id;
    struct data_request q;
    if (cli_flag(cli, "--replay")) return replay(cli);
    bool despite = cli_flag(cli, "--despite-open-orders"), sure = cli_flag(cli, "--yes");
    if (users_words(cli, 1, 1) != 0) return 2;
    if (!sure) return cli_usage(cli, "this cannot be taken back once it is done: say --yes");
    if (!begin(cli, &id, &e) || !privacy_ask_erase(&cli->call, id, despite, &q, &e)) return cli_fail(cli, &e);
    struct str request = id_str(cli->arena, ID_data_request, q.id.u);
    printf(STR_FMT " " STR_FMT ": souk-jobs core does it\n", STR_ARG(request), STR_ARG(q.state));
    return 0;
}

static const struct { const char *name; int (*run)(struct cli *cli); } words[] = {
    {"create-admin", users_create_admin}, {"list", list}, {"show", show}, {"disable", disable}, {"enable", enable}, {"reset-mfa", reset_mfa},
    {"import", users_import_file}, {"export", users_export_file}, {"erase", erase}};

int cmd_users(struct cli *cli)
{
    for (size_t i = 0; cli->argc > 0 && i < sizeof words / sizeof *words; i++) {
        if (strcmp(cli->argv[0], words[i].name) != 0) continue;
        cli->argc--;
        cli->argv++;
        return words[i].run(cli);
    }
    return cli_usage(cli, cli->argc > 0 ? arena_printf(cli->arena, "'%s' is not understood", cli->argv[0]) : "say what to do");
}
