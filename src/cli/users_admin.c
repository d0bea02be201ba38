/* souk users create-admin */
#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "cli/users.h"
#include "service/users.h"

enum { PASSWORD_BYTES = 4096 };

/* The first line. */
static bool read_line(struct arena *a, FILE *f, struct str *ret)
{
    char *line = arena_alloc(a, PASSWORD_BYTES);
    arena_cleanse(a, line, PASSWORD_BYTES);
    if (fgets(line, PASSWORD_BYTES, f) == NULL) return false;
    size_t n = strlen(line);
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) n--;
    *ret = str_of(line, n);
    return true;
}

static bool from_file(struct cli *cli, const char *path, struct str *ret, struct err *e)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (f == NULL) return err_set(e, PROBLEM_INVALID, "%s: %s", path, strerror(errno));
    bool good = read_line(cli->arena, f, ret);
    if (f != stdin) fclose(f);
    return good || err_set(e, PROBLEM_INVALID, "%s holds no password", path);
}

/* What is typed is not shown. */
static bool ask(struct cli *cli, FILE *tty, const char *prompt, struct str *ret)
{
    struct termios shown, hidden;
    if (tcgetattr(fileno(tty), &shown) != 0) return false;
    hidden = shown;
    hidden.c_lflag &= (tcflag_t)~ECHO;
    fprintf(stderr, "%s: ", prompt);
    fflush(stderr);
    if (tcsetattr(fileno(tty), TCSAFLUSH, &hidden) != 0) return false;
    bool good = read_line(cli->arena, tty, ret);
    (void)tcsetattr(fileno(tty), TCSAFLUSH, &shown);
    fputc('\n', stderr);
    return good;
}

static bool from_terminal(struct cli *cli, struct str *ret, struct err *e)
{
    struct str again;
    FILE *tty = fopen("/dev/tty", "r+");
    if (tty == NULL) return err_set(e, PROBLEM_INVALID, "there is no terminal to ask for the password: use --password-file");
    bool good = ask(cli, tty, "Password", ret) && ask(cli, tty, "The same again", &again);
    fclose(tty);
    if (!good) return err_set(e, PROBLEM_INVALID, "no password was typed");
    return str_eq(*ret, again) || err_set(e, PROBLEM_INVALID, "the two passwords differ");
}

int users_create_admin(struct cli *cli)
{
    struct err e = {0};
    struct users_admin_in in = {.promote = cli_flag(cli, "--promote")};
    struct account_id id;
    const char *file = NULL, *name;
    if (cli_option(cli, "--name", &name)) in.name = str_from(name);
    (void)cli_option(cli, "--password-file", &file);
    if (users_words(cli, 1, 1) != 0) return 2;
    in.email = str_from(cli->argv[0]);
    if (!in.promote && !(file != NULL ? from_file(cli, file, &in.password, &e) : from_terminal(cli, &in.password, &e))) return cli_fail(cli, &e);
    if (!cli_open_personal(cli, &e) || !users_make_admin(&cli->call, &in, &id, &e)) return cli_fail(cli, &e);
    struct str text = id_str(cli->arena, ID_account, id.u);
    printf(STR_FMT " is an owner of the shop\n", STR_ARG(text));
    printf("at the first sign-in a second factor is set up; nothing else works before\n");
    return 0;
}
