#include "cli/cli.h"
#include "service/person.h"

/* The table of commands: a new one is a row here, a declaration in cli.h and a file of its own. */
static const struct command commands[] = {
    {"migrate", "[--sql DIR] [--roles CONNINFO]", "bring the databases to what this release needs",
     "Without --roles: runs as souk_migrate; migrations once, functions and views when they changed.\n"
     "With --roles: connects as a superuser and makes roles, databases and extensions; safe to run again.\n"
     "  --roles CONNINFO   connection string of a superuser, e.g. \"host=/run/postgresql user=postgres dbname=postgres\"\n"
     "  --sql DIR          the SQL files (default: those that were installed)\n",
     cmd_migrate},
    {"import", "PROFILE FILE [--dry-run] [--price-list CODE] [--category SLUG] [--stock N] [--all]", "import a catalogue",
     "Profiles: retail-invoices (a catalogue out of invoice lines), shopify (Shopify's product file). FILE may be gzip; - is standard input.\n"
     "Every row is accounted for; bad rows are named with their lines. The same file again changes nothing.\n"
     "  --dry-run           do everything, keep nothing\n"
     "  --price-list CODE   where prices go, as numbers of its currency (default: the list of the default market)\n"
     "  --category SLUG     a category for all products\n"
     "  --stock N           first stock of new variants (default: shopify what the file says, retail-invoices 0)\n"
     "  --all               name every row that needs somebody's eyes, not only the first 50\n",
     cmd_import},
    {"demo", "[FILE]", "load the demo catalogue",
     "Loading it again changes nothing; a newer file brings its own products up to date. Default: the file that was installed.\n",
     cmd_demo},
    {"verify", "[--spool DIR] [--quiet] [--list]", "look whether the shop's books are in order",
     "Reads only, and may run while the shop does. Exit code 1 when something is wrong.\n"
     "  --spool DIR   also look at the mails' files\n"
     "  --quiet       print only what is wrong\n"
     "  --list        print the checks\n",
     cmd_verify},
    {"users", "create-admin|list|show|disable|enable|reset-mfa|import|export|erase ...", "accounts of customers and staff",
     "WHO is an e-mail address or an id (acc_...).\n"
     "  create-admin EMAIL [--name NAME] [--password-file FILE] [--promote]\n"
     "      an account with the role owner; asks for the password on the terminal. It sets up a second factor at its first sign-in.\n"
     "      --promote: the account that has this address becomes an owner\n"
     "  list [--staff] [--status active|disabled|erased] [--limit N]\n"
     "  show WHO\n"
     "  disable WHO, enable WHO     ends all sessions; takes it back\n"
     "  reset-mfa WHO               removes authenticator app, recovery codes, passkeys, trusted devices; the owner is told\n"
     "  import FILE [--dry-run] [--all]\n"
     "      JSON lines or CSV (email, name, phone, locale, email_verified, password_hash, created_at, status or enabled; also Cognito's header). Who is\n"
     "      disabled there is disabled here; nobody becomes staff. FILE may be gzip; - is standard input. Hashes: argon2, bcrypt,\n"
     "      scrypt, PBKDF2; upgraded at the first sign-in. The same file again changes nothing.\n"
     "  export [--out FILE] [--yes]\n"
     "      JSON lines with the passwords' hashes, into FILE (mode 0600) or standard output (a terminal needs --yes)\n"
     "  erase WHO --yes [--despite-open-orders]\n"
     "      as the owner would: the jobs wait for open orders, tell the owner, then erase\n"
     "  erase --replay\n"
     "      after a restore, before anything is served: who was erased since the backup is erased again\n",
     cmd_users},
    {"audit", "verify [--expect NUMBER:HASH] | list [--actor WHO] [--action WHAT] [--object ID] [--since TIME] [--limit N]", "the audit trail",
     "verify looks at every row: what was changed, removed, put elsewhere or never chained is named. Exit code 1 when something is wrong.\n"
     "It prints the end of the chain: kept elsewhere and given to --expect later, it shows that nobody made a new chain.\n",
     cmd_audit},
    {"keys", "list | rotate [--now] | api list | api create NAME [--permissions A,B] [--publishable] [--origins A,B] [--days N] | api revoke KEY",
     "keys that sign access tokens, and API keys",
     "  list                the keys that sign or verify access tokens\n"
     "  rotate              a new key: published at once, signs two minutes later; the old one verifies until its last token has expired\n"
     "  rotate --now        the old key is in somebody's hands: it verifies nothing any more, every access token is void, apps refresh\n"
     "  api list            API keys, without their secrets\n"
     "  api create NAME     prints a new key, this once; a server's (sk_) with --permissions, or a page's (pk_) with --publishable\n"
     "    --permissions A,B   what it may do (read_orders,write_stock)\n"
     "    --origins A,B       where a publishable key may be used; none: anywhere\n"
     "    --days N            its life\n"
     "  api revoke KEY      takes a key back (key_…)\n",
     cmd_keys},
    {"providers", "list | set NAME [OPTIONS] | disable NAME | test NAME", "who outside may vouch for somebody: OpenID Connect, Cognito",
     "set makes a provider or changes (and enables) it; what is not named stays. A value of - empties an option. test asks the provider now.\n"
     "  --kind oidc|cognito        oidc: a button for signing in; cognito: a user pool whose access tokens the API accepts\n"
     "  --label TEXT               what the button says\n"
     "  --issuer URL               exactly as the provider's tokens have it in `iss`\n"
     "  --client-id ID             what the provider calls this shop\n"
     "  --client-secret-file FILE  a file with its secret (/dev/stdin is one); --no-client-secret: a public client\n"
     "  --scopes \"openid email profile\"\n"
     "  --jwks-url URL             where the keys are, when the provider's own document does not say so rightly\n"
     "  --app-redirect URI         oidc: where an app may have its code sent to; may be repeated\n"
     "  --client ID                cognito: a client id whose access tokens count; may be repeated\n"
     "  --group GROUP=ROLE         cognito: members of GROUP have ROLE; may be repeated\n"
     "  --second-factor            the provider asks everybody for a second factor; --no-second-factor takes it back\n",
     cmd_providers},
    {NULL, NULL, NULL, NULL, NULL},
};

static void help(FILE *out)
{
    fprintf(out, "usage: souk [--config FILE] [--SETTING VALUE] COMMAND [ARGUMENTS]\n\ncommands:\n");
    for (const struct command *c = commands; c->name; c++) {
        fprintf(out, "  %-12s %s\n", c->name, c->summary);
    }
    fprintf(out, "\n`souk COMMAND --help` says more; `souk --settings` lists the settings.\n");
}

static const struct command *find(const char *name)
{
    for (const struct command *c = commands; c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

/* Settings may stand before the command too: `souk --config FILE verify`. The first word that is a command goes to the front. */
static void command_first(int argc, char **argv)
{
    if (argv[1][0] != '-') return;
    for (int i = 2; i < argc; i++) {
        if (!find(argv[i])) continue;
        char *command = argv[i];
        memmove(&argv[2], &argv[1], (size_t)(i - 1) * sizeof(*argv));
        argv[1] = command;
        return;
    }
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct config config;
    struct err e = {0};
    const char *path = NULL;

    command_first(argc, argv);
    cli->argc = argc - 1;                          /* argv[0] is the command's name, as config_load expects a name there */
    cli->argv = argv + 1;
    cli->command = find(argv[1]);
    if (!cli->command) {
        fprintf(stderr, "souk: there is no command '%s'\n\n", argv[1]);
        help(stderr);
        return 2;
    }
    if (cli_flag(cli, "--help")) {
        printf("usage: souk %s %s\n%s.\n%s", cli->command->name, cli->command->usage, cli->command->summary, cli->command->help);
        return 0;
    }
    (void)cli_option(cli, "--config", &path);
    if (!config_load(cli->arena, path, cli->argc, cli->argv, &config, &cli->argc, &cli->argv, &e)) {
        return cli_fail(cli, &e);
    }
    cli->config = &config;
    return cli->command->run(cli);
}

int main(int argc, char **argv)
{
    struct cli cli = {.arena = arena_new()};
    int code = 0;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help(argc < 2 ? stderr : stdout);
        code = argc < 2 ? 2 : 0;
    } else if (strcmp(argv[1], "--settings") == 0) {
        config_help(stdout);
    } else {
        code = run(&cli, argc, argv);
    }
    db_destroy(cli.call.db);
    db_destroy(cli.call.db_keys);
    db_pool_destroy(cli.db_pool);
    db_pool_destroy(cli.keys_pool);
    person_keyring_close(cli.keyring);
    log_destroy(cli.env.log);
    arena_destroy(cli.arena);
    return code;
}
