#include "command.h"

#include <sys/stat.h>
#include <unistd.h>

#include "service/person.h"

/* The test shop's master key (shop.c), as a file. */
static const char *key_file(void)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/souk-uss.%d/master.key", (int)getpid());
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fchmod(fileno(f), 0600), 0);
    fputs("07", f);
    for (int i = 1; i < 32; i++) fputs("00", f);
    fputs("\n", f);
    fclose(f);
    return path;
}

void command_shop(struct shop *s, struct config *ret_config, char *text, size_t n, char *keys, size_t n_keys)
{
    *ret_config = *shop_call(s, "souk_admin")->env->config;
    snprintf(text, n, "host=/tmp/souk-uss.%d dbname=souk", (int)getpid());
    snprintf(keys, n_keys, "host=/tmp/souk-uss.%d dbname=souk_keys", (int)getpid());
    ret_config->db = text;
    ret_config->db_keys = keys;
    ret_config->master_key_file = key_file();
}

/* Puts a file in the place of a descriptor; returns what stood there. */
static int divert(int fd, FILE *into)
{
    int saved = dup(fd);
    assert_true(saved >= 0 && dup2(fileno(into), fd) == fd);
    return saved;
}

static void restore(int fd, int saved, FILE *from, char *text, size_t n)
{
    assert_int_equal(dup2(saved, fd), fd);
    close(saved);
    rewind(from);
    text[fread(text, 1, n - 1, from)] = '\0';
    fclose(from);
}

struct command_result command_run(struct shop *s, const struct command *command, const char *const *words)
{
    struct command_result r;
    struct config config;
    char db[100], keys[100], *argv[16];
    struct cli cli = {.arena = arena_new(), .config = &config, .argv = argv, .command = command};
    FILE *out = tmpfile(), *err = tmpfile();
    command_shop(s, &config, db, sizeof db, keys, sizeof keys);
    for (; words[cli.argc]; cli.argc++) argv[cli.argc] = arena_strdup(cli.arena, words[cli.argc]);
    fflush(stdout);
    fflush(stderr);
    int saved_out = divert(1, out), saved_err = divert(2, err);
    r.code = command->run(&cli);
    fflush(stdout);
    fflush(stderr);
    restore(1, saved_out, out, r.out, sizeof r.out);
    restore(2, saved_err, err, r.err, sizeof r.err);
    db_destroy(cli.call.db);
    db_destroy(cli.call.db_keys);
    db_pool_destroy(cli.db_pool);
    db_pool_destroy(cli.keys_pool);
    person_keyring_close(cli.keyring);
    log_destroy(cli.env.log);
    arena_destroy(cli.arena);
    return r;
}
