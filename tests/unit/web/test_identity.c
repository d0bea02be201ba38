/* The session's cookie; who may call what is asked from outside by tests/http/callers.mjs. */
#include "web/gates.h"
#include "unit_arena.h"

static struct str cookie_of(const struct http_response *w)
{
    assert_int_equal(w->n_headers, 1);
    return w->headers[0].value;
}

static void cookies(void **state)
{
    struct http_response w;
    (void)state;
    http_response_init(&w, a);
    web_session_set(&w, &(struct session_grant){.access_token = STR("an app's"), .refresh_token = STR("an app's")});
    assert_int_equal(w.n_headers, 0);
    web_session_set(&w, &(struct session_grant){.cookie = STR("ses.secret.acc"), .cookie_s = 60});
    assert_str(cookie_of(&w), "__Host-session=ses.secret.acc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
    http_response_init(&w, a);
    web_session_clear(&w);
    assert_str(cookie_of(&w), "__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(cookies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
