/* souk providers: arguments, secrets from files only, and what is printed. */
#include "command.h"

#include <unistd.h>

#include "counterpart.h"
#include "crypto/keyring.h"

static const struct command command = {.name = "providers", .usage = "list | set NAME | disable NAME | test NAME", .run = cmd_providers};

static void wrong_use(void **state)
{
    static const struct { const char *words[8]; int code; const char *says; } rows[] = {
        {{NULL}, 2, "which provider?"}, {{"set"}, 2, "which provider?"}, {{"paint", "x"}, 2, "list, set, disable or test?"}, {{"list", "x"}, 2, "no further words"},
        {{"test", "nobody"}, 1, "There is no such provider"}, {{"disable", "nobody"}, 2, "there is no such provider"},
        {{"set", "x", "--fast"}, 2, "more than it understands"}, {{"set", "x", "--client-secret", "abc"}, 2, "more than it understands"},
        {{"set", "x", "--client-secret-file", "/nonexistent/secret"}, 1, "/nonexistent/secret cannot be read"},
        {{"set", "x", "--issuer", "ftp://x", "--client-id", "c"}, 1, "issuer"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct command_result r = command_run(*state, &command, rows[i].words);
        if (r.code != rows[i].code)
            fail_msg("row %zu: %d %s", i, r.code, r.err);
        assert_says(r.err, rows[i].says);
    }
}

static void made_listed_disabled(void **state)
{
    char file[64];
    snprintf(file, sizeof file, "/tmp/souk-test-secret-%d", (int)getpid());
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    fputs("top secret\n", f);
    fclose(f);
    struct command_result r = RUN(*state, &command, "set", "corp", "--label", "Corp", "--issuer", "http://127.0.0.1:1", "--client-id", "shop", "--client-secret-file", file,
                                  "--app-redirect", "com.example.app:/a", "--app-redirect=com.example.app:/b");
    unlink(file);
    if (r.code != 0)
        fail_msg("%s", r.err);
    assert_says(r.out, "corp: made");
    r = RUN(*state, &command, "list");
    assert_says(r.out, "corp  oidc\n");
    assert_says(r.out, "kept sealed");
    assert_says(r.out, "/v1/auth/oidc/corp/callback");
    assert_says(r.out, "com.example.app:/b");
    assert_says(r.out, "never");
    assert_null(strstr(r.out, "top secret"));
    r = RUN(*state, &command, "set", "corp", "--app-redirect", "-", "--no-client-secret");
    assert_says(r.out, "corp: changed");
    r = RUN(*state, &command, "disable", "corp");
    assert_says(r.out, "corp: disabled");
    r = RUN(*state, &command, "list");
    assert_says(r.out, "(disabled)");
    assert_null(strstr(r.out, "app redirect"));
    assert_null(strstr(r.out, "kept sealed"));
    r = RUN(*state, &command, "test", "corp");
    assert_int_equal(r.code, 1);
    assert_says(r.err, "does not answer");
}

static void answer(void *arg, struct arena *a, struct str request, struct buf *out)
{
    (void)arg, (void)a, (void)request;
    /* the public key of RFC 7515 appendix A.3, and one of a kind that is skipped */
    counterpart_answer(out, 200, "application/json", STR("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\"AAAA\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\","
        "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}"));
}

static void asks_for_keys(void **state)
{
    struct counterpart *c = counterpart_start(answer, NULL);
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/jwks", counterpart_port(c));
    struct command_result r = RUN(*state, &command, "set", "aws", "--kind", "cognito", "--issuer", "https://cognito-idp.eu-west-1.amazonaws.com/pool", "--client", "a", "--client", "b",
                                  "--jwks-url", url, "--second-factor");
    assert_says(r.out, "aws: made");
    r = RUN(*state, &command, "test", "aws");
    if (r.code != 0)
        fail_msg("%s", r.err);
    assert_says(r.out, "usable keys      1");
    counterpart_stop(c);
}

static char key_file[64];

/* The commands find their master key where the configuration says. */
static int start(void **state)
{
    struct err e = {0};
    if (shop_start(state) != 0)
        return -1;
    snprintf(key_file, sizeof key_file, "/tmp/souk-test-master-%d.key", (int)getpid());
    ((struct config *)shop_call(*state, "souk_admin")->env->config)->master_key_file = key_file;
    return keyring_create_file(key_file, &e) ? 0 : -1;
}

static int stop(void **state)
{
    unlink(key_file);
    return shop_stop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_use), cmocka_unit_test(made_listed_disabled), cmocka_unit_test(asks_for_keys)};
    return cmocka_run_group_tests(tests, start, stop);
}
