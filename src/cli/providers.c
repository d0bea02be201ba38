/* souk providers: who outside may vouch for somebody. */
#include <stdlib.h>

#include "cli/cli.h"
#include "service/identity_provider.h"
#include "service/person.h"

enum { SECRET_MAX = 4096, VALUES_MAX = 100 };

/* "--client A --client B": each of them; "-" alone empties the list. */
static bool values(struct cli *cli, const char *name, bool *ret_given, struct shape_list *ret)
{
    struct str *v = ARENA_ARRAY(cli->arena, struct str, VALUES_MAX);
    const char *one;
    size_t n = 0;
    *ret_given = false;
    while (cli_option(cli, name, &one)) {
        *ret_given = true;
        if (n == VALUES_MAX)
            return false;
        if (strcmp(one, "-") != 0)
            v[n++] = str_from(one);
    }
    *ret = (struct shape_list){n, v};
    return true;
}

static void value(struct cli *cli, const char *name, struct str *ret)
{
    const char *v;
    if (cli_option(cli, name, &v))
        *ret = strcmp(v, "-") == 0 ? STR("") : str_from(v);
}

/* Secrets come from a file, never from the command line, which everybody on the machine can read. */
static bool secret_from(struct cli *cli, const char *path, struct str *ret, struct err *e)
{
    char *text = arena_alloc(cli->arena, SECRET_MAX);
    arena_cleanse(cli->arena, text, SECRET_MAX);
    FILE *f = strcmp(path, "/dev/stdin") == 0 ? stdin : fopen(path, "r");
    if (!f)
        return err_set(e, PROBLEM_INVALID, "%s cannot be read.", path);
    size_t n = fread(text, 1, SECRET_MAX, f);
    if (f != stdin)
        fclose(f);
    *ret = str_trim(str_of(text, n));
    if (n == SECRET_MAX || ret->n == 0 || !str_is_text(*ret, false))
        return err_set(e, PROBLEM_INVALID, "The secret's file holds one line of text.");
    return true;
}

static int fail_fields(const struct cli *cli, const struct err *e)
{
    for (size_t i = 1; i < e->n_fields; i++)
        fprintf(stderr, "souk providers: %s: %s\n", e->fields[i].param, e->fields[i].detail);
    if (e->param[0])
        fprintf(stderr, "souk providers: %s\n", e->param);
    return cli_fail(cli, e);
}

static int set(struct cli *cli, struct str name)
{
    struct identity_provider_set in = {.name = name};
    struct err e = {0};
    const char *file = NULL;
    bool created;
    value(cli, "--kind", &in.kind);
    value(cli, "--label", &in.label);
    value(cli, "--issuer", &in.issuer);
    value(cli, "--client-id", &in.client_id);
    value(cli, "--scopes", &in.scopes);
    value(cli, "--jwks-url", &in.jwks_url);
    if (!values(cli, "--client", &in.has_clients, &in.allowed_clients) || !values(cli, "--app-redirect", &in.has_redirects, &in.app_redirects) ||
        !values(cli, "--group", &in.has_groups, &in.groups))
        return cli_usage(cli, "too many values");
    in.second_factor = cli_flag(cli, "--second-factor") ? (struct opt_bool)OPT(true) : cli_flag(cli, "--no-second-factor") ? (struct opt_bool)OPT(false) : (struct opt_bool){0};
    in.enabled = (struct opt_bool)OPT(true);
    if (cli_flag(cli, "--no-client-secret"))
        in.client_secret = STR("");
    if (cli_option(cli, "--client-secret-file", &file) && !secret_from(cli, file, &in.client_secret, &e))
        return cli_fail(cli, &e);
    if (cli->argc > 0)
        return cli_usage(cli, "there is more than it understands");
    if (!identity_provider_put(&cli->call, &in, &created, &e))
        return fail_fields(cli, &e);
    printf(STR_FMT ": %s\n", STR_ARG(name), created ? "made" : "changed");
    return 0;
}

static int disable(struct cli *cli, struct str name)
{
    struct identity_provider_set in = {.name = name, .enabled = OPT(false)};
    struct err e = {0};
    struct shape_list list;
    bool created, found = false;
    if (cli->argc > 0)
        return cli_usage(cli, "it takes one name");
    if (!identity_provider_list(&cli->call, &list, &e))
        return cli_fail(cli, &e);
    const struct identity_provider *p = list.v;
    for (size_t i = 0; i < list.n; i++)
        found = found || str_eq(p[i].name, name);
    if (!found)
        return cli_usage(cli, "there is no such provider");
    if (!identity_provider_put(&cli->call, &in, &created, &e))
        return fail_fields(cli, &e);
    printf(STR_FMT ": disabled\n", STR_ARG(name));
    return 0;
}

static void print_list(const char *label, struct shape_list list)
{
    const struct str *v = list.v;
    for (size_t i = 0; i < list.n; i++)
        printf("    %-16s " STR_FMT "\n", label, STR_ARG(v[i]));
}

static void print_str(const char *label, struct str s)
{
    if (!str_is_empty(s))
        printf("    %-16s " STR_FMT "\n", label, STR_ARG(s));
}

static int list(struct cli *cli)
{
    struct err e = {0};
    struct shape_list all;
    if (cli->argc > 0)
        return cli_usage(cli, "it takes no further words");
    if (!identity_provider_list(&cli->call, &all, &e))
        return cli_fail(cli, &e);
    const struct identity_provider *p = all.v;
    for (size_t i = 0; i < all.n; i++) {
        printf(STR_FMT "  " STR_FMT "%s\n", STR_ARG(p[i].name), STR_ARG(p[i].kind), p[i].enabled ? "" : "  (disabled)");
        print_str("label", p[i].label);
        print_str("issuer", p[i].issuer);
        print_str("client id", p[i].client_id);
        if (p[i].has_secret)
            printf("    %-16s (kept sealed)\n", "client secret");
        if (str_eq_c(p[i].kind, "oidc"))
            printf("    %-16s %s/v1/auth/oidc/" STR_FMT "/callback\n", "redirect URI", cli->config->base_url, STR_ARG(p[i].name));
        print_str("keys at", p[i].jwks_url);
        print_list("client", p[i].allowed_clients);
        print_list("app redirect", p[i].app_redirects);
        if (!str_eq_c(p[i].group_roles, "{}"))
            print_str("groups", p[i].group_roles);
        if (p[i].second_factor)
            printf("    %-16s the provider's counts\n", "second factor");
        print_str("keys fetched", p[i].fetched_at ? time_format(cli->arena, p[i].fetched_at) : STR("never"));
        print_str("last error", p[i].last_error);
    }
    return 0;
}

static int test(struct cli *cli, struct str name)
{
    struct identity_provider_test t;
    struct err e = {0};
    if (cli->argc > 0)
        return cli_usage(cli, "it takes one name");
    if (!identity_provider_test(&cli->call, name, &t, &e))
        return cli_fail(cli, &e);
    print_str("sign-in", t.authorization);
    print_str("tokens", t.token);
    print_str("keys", t.jwks);
    printf("    %-16s %d\n", "usable keys", t.keys);
    return 0;
}

static struct str word(struct cli *cli)
{
    if (cli->argc == 0 || cli->argv[0][0] == '-')
        return STR_NULL;
    struct str s = str_from(cli->argv[0]);
    cli->argc--;
    cli->argv++;
    return s;
}

static int run(struct cli *cli)
{
    struct str what = word(cli), name;
    if (str_eq_c(what, "list"))
        return list(cli);
    name = word(cli);
    if (str_is_null(name))
        return cli_usage(cli, "which provider?");
    if (str_eq_c(what, "set"))
        return set(cli, name);
    if (str_eq_c(what, "disable"))
        return disable(cli, name);
    if (str_eq_c(what, "test"))
        return test(cli, name);
    return cli_usage(cli, "list, set, disable or test?");
}

int cmd_providers(struct cli *cli)
{
    struct err e = {0};
    struct keyring *keyring = NULL;
    struct http_client *http = NULL;
    int code = 1;
    if (!cli_open(cli, "souk_admin", &e) || !person_keyring_open(cli->config, &keyring, &e) || !identity_http_open(cli->config, &http, &e)) {
        code = cli_fail(cli, &e);
    } else {
        cli->env.keyring = keyring;
        cli->env.http = http;
        db_deadline(cli->call.db, clock_monotonic() + 60 * USEC_PER_SEC);
        code = run(cli);
    }
    cli->env.keyring = NULL;
    cli->env.http = NULL;
    identity_http_close(http);
    person_keyring_close(keyring);
    return code;
}
