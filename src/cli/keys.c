/* souk keys: the keys that sign access tokens, and API keys of programs. */
#include "cli/cli.h"
#include "service/api_key.h"
#include "service/person.h"
#include "service/signing_key.h"

enum { LIST_PAGE = 100, DAYS_MAX = 3660 };

static const char *when(struct cli *cli, usec_t t)
{
    return t == 0 ? "-" : str_cstr(cli->arena, time_format(cli->arena, t / USEC_PER_SEC * USEC_PER_SEC));
}

/* --- keys that sign ------------------------------------------------------------------------------------------------------ */

static int list_signing(struct cli *cli)
{
    struct err e = {0};
    struct shape_list list;
    if (!signing_key_list(&cli->call, &list, &e))
        return cli_fail(cli, &e);
    const struct signing_key *v = list.v;
    printf("%-24s %-9s %-21s %s\n", "key", "state", "signs from", "verifies until");
    for (size_t i = 0; i < list.n; i++)
        printf("%-24.*s %-9.*s %-21s %s\n", STR_ARG(v[i].kid), STR_ARG(v[i].state), when(cli, v[i].activates_at), when(cli, v[i].retires_at));
    if (list.n == 0)
        printf("none yet: the user pool makes the first one when it starts\n");
    return 0;
}

static int rotate(struct cli *cli, bool at_once)
{
    struct err e = {0};
    struct str kid;
    struct keyring *ring;
    if (!person_keyring_open(cli->config, &ring, &e))
        return cli_fail(cli, &e);
    cli->env.keyring = ring;
    bool ok = signing_key_rotate(&cli->call, at_once, &kid, &e);
    person_keyring_close(ring);
    cli->env.keyring = NULL;
    if (!ok)
        return cli_fail(cli, &e);
    if (at_once)
        printf("%.*s signs from now on; every access token of before is void, apps refresh theirs\n", STR_ARG(kid));
    else
        printf("%.*s is published and signs in %d seconds; the present key verifies until its last token has expired\n", STR_ARG(kid),
               (int)(SIGNING_KEY_AHEAD / USEC_PER_SEC));
    return 0;
}

/* --- keys of programs ------------------------------------------------------------------------------------------------------ */

static int list_api(struct cli *cli)
{
    struct err e = {0};
    struct shape_list list;
    struct api_key_id next = {0};
    printf("%-30s %-11s %-8s %-21s %-21s %s\n", "key", "kind", "state", "last used", "expires", "name, permissions or origins");
    do {
        if (!api_key_list(&cli->call, next, LIST_PAGE, &list, &next, &e))
            return cli_fail(cli, &e);
        const struct api_key *v = list.v;
        for (size_t i = 0; i < list.n; i++) {
            const struct shape_list words = v[i].permissions.n ? v[i].permissions : v[i].origins;
            printf("%-30.*s %-11.*s %-8.*s %-21s %-21s %.*s:", STR_ARG(id_str(cli->arena, ID_api_key, v[i].id.u)), STR_ARG(v[i].kind), STR_ARG(v[i].state),
                   when(cli, v[i].last_used_at), when(cli, v[i].expires_at), STR_ARG(v[i].name));
            for (size_t k = 0; k < words.n; k++)
                printf(" %.*s", STR_ARG(((const struct str *)words.v)[k]));
            putchar('\n');
        }
    } while (!uuid_is_zero(next.u));
    return 0;
}

/* "a,b" */
static struct shape_list words_of(struct cli *cli, const char *text)
{
    struct str rest = str_from(text), one;
    struct str *v = ARENA_ARRAY(cli->arena, struct str, strlen(text) + 1);
    size_t n = 0;
    while (!str_is_null(rest) && str_split(&rest, ',', &one)) {
        if (str_trim(one).n)
            v[n++] = str_trim(one);
    }
    return (struct shape_list){n, v};
}

static int create_api(struct cli *cli)
{
    struct err e = {0};
    struct api_key key;
    const char *permissions = "", *origins = "", *days = "";
    int64_t n = 0;
    bool publishable = cli_flag(cli, "--publishable");
    (void)cli_option(cli, "--permissions", &permissions);
    (void)cli_option(cli, "--origins", &origins);
    (void)cli_option(cli, "--days", &days);
    if (cli->argc != 1 || cli->argv[0][0] == '-')
        return cli_usage(cli, "api create needs one name");
    if (days[0] && (!str_to_int64(str_from(days), &n) || n < 1 || n > DAYS_MAX))
        return cli_usage(cli, "--days needs a number of days");
    struct str name = str_trim(str_from(cli->argv[0]));
    if (name.n == 0 || str_utf8_length(name) > 80 || !str_is_text(name, false))
        return cli_usage(cli, "a name has 1 to 80 characters");
    struct api_key_new in = {.kind = publishable ? STR("publishable") : STR("secret"), .name = name, .permissions = words_of(cli, permissions),
                             .origins = words_of(cli, origins), .expires_at = n ? cli->call.now + n * USEC_PER_DAY : 0};
    if (!api_key_create(&cli->call, &in, &key, &e))
        return cli_fail(cli, &e);
    fprintf(stderr, "%.*s: shown this once\n", STR_ARG(id_str(cli->arena, ID_api_key, key.id.u)));
    printf("%.*s\n", STR_ARG(key.secret));
    return 0;
}

static int revoke_api(struct cli *cli)
{
    struct err e = {0};
    struct api_key_id id;
    if (cli->argc != 1 || !id_parse(ID_api_key, str_from(cli->argv[0]), &id.u))
        return cli_usage(cli, "api revoke needs the id of one key (key_…)");
    if (!api_key_revoke(&cli->call, id, &e))
        return cli_fail(cli, &e);
    printf("revoked; effective at once\n");
    return 0;
}

static const char *take_word(struct cli *cli)
{
    if (cli->argc == 0)
        return "";
    cli->argc--;
    return *cli->argv++;
}

int cmd_keys(struct cli *cli)
{
    struct err e = {0};
    const char *word = take_word(cli), *second = strcmp(word, "api") == 0 ? take_word(cli) : "";
    bool now = strcmp(word, "rotate") == 0 && cli_flag(cli, "--now");
    bool api = strcmp(word, "api") == 0 && (strcmp(second, "list") == 0 || strcmp(second, "create") == 0 || strcmp(second, "revoke") == 0);
    if (!api && strcmp(word, "list") != 0 && strcmp(word, "rotate") != 0)
        return cli_usage(cli, "say list, rotate, api list, api create or api revoke");
    if (cli->argc > 0 && (!api || strcmp(second, "list") == 0))
        return cli_usage(cli, "it takes no further words");
    if (!cli_open(cli, "souk_admin", &e))
        return cli_fail(cli, &e);
    if (!api)
        return strcmp(word, "list") == 0 ? list_signing(cli) : rotate(cli, now);
    return strcmp(second, "list") == 0 ? list_api(cli) : strcmp(second, "create") == 0 ? create_api(cli) : revoke_api(cli);
}
