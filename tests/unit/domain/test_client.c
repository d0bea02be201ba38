#include "domain/client.h"
#include "unit_arena.h"

static void devices(void **state)
{
    static const struct { const char *agent, *name; } cases[] = {
        {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge on Windows"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", "Safari on macOS"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1", "Safari on iPhone"},
        {"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"},
        {"curl/8.5.0", "curl"}, {"Souk/3 (Linux)", "Linux"}, {"", ""}, {NULL, ""}, {"<script>alert(1)</script>", ""}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(client_device(a, str_from(cases[i].agent)), cases[i].name);
}

static void places(void **state)
{
    static const struct { const char *address, *place; } cases[] = {
        {"203.0.113.77", "203.0.113.0"}, {"127.0.0.1", "127.0.0.0"}, {"::ffff:203.0.113.77", "203.0.113.0"}, {"2001:db8:7:1:2:3:4:5", "2001:db8:7::"},
        {"2001:db8::1", "2001:db8::"}, {"::1", ""}, {"fe80::1:2:3:4", "fe80::"}, {"", ""}, {NULL, ""}, {"unix:", ""}, {"300.1.1.1", ""}, {"1.2.3", ""},
        {"1.2.3.4.5", ""}, {"a.b.c.d", ""}, {"2001:db8:7:1:2:3:4:5:6:7:8:9:2001:db8:7:1:2:3:4:5:6:7:8:9", ""}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(client_place(a, str_from(cases[i].address)), cases[i].place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(devices), WITH_ARENA(places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
