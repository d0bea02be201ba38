#include "domain/client.h"

struct mark {
    const char *word, *name;
};

/* The first that fits: browsers call themselves by many names. */
static const struct mark programs[] = {{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"},
                                       {"FxiOS", "Firefox"}, {"HeadlessChrome", "Chrome"}, {"CriOS", "Chrome"}, {"Chromium", "Chromium"}, {"Chrome", "Chrome"},
                                       {"Safari", "Safari"}, {"okhttp", "App"}, {"CFNetwork", "App"}, {"Dart", "App"}, {"curl", "curl"}};
static const struct mark systems[] = {{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
                                      {"Macintosh", "macOS"}, {"Mac OS X", "macOS"}, {"Darwin", "macOS"}, {"Linux", "Linux"}};

static const char *find(const struct mark *marks, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++) {
        if (text.n && memmem(text.p, text.n, marks[i].word, strlen(marks[i].word)))
            return marks[i].name;
    }
    return NULL;
}

struct str client_device(struct arena *a, struct str user_agent)
{
    const char *program = find(programs, sizeof(programs) / sizeof(*programs), user_agent);
    const char *system = find(systems, sizeof(systems) / sizeof(*systems), user_agent);
    if (program && system)
        return str_printf(a, "%s on %s", program, system);
    return program || system ? str_from(program ? program : system) : STR("");
}

static bool is_ipv4(struct str s, size_t *ret_last_dot)
{
    int dots = 0, digits = 0, value = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i == s.n || s.p[i] == '.') {
            if (digits == 0 || value > 255)
                return false;
            if (i < s.n) {
                dots++;
                *ret_last_dot = i;
            }
            digits = value = 0;
        } else if (s.p[i] >= '0' && s.p[i] <= '9' && digits < 3) {
            value = value * 10 + (s.p[i] - '0');
            digits++;
        } else {
            return false;
        }
    }
    return dots == 3;
}

struct str client_place(struct arena *a, struct str address)
{
    size_t dot = 0, colons = 0;
    if (str_is_empty(address) || address.n > 45 || str_eq_c(address, "::1"))        /* this machine is no place */
        return STR("");
    if (str_starts(address, STR("::ffff:")))
        address = str_sub(address, 7, address.n);
    if (is_ipv4(address, &dot))
        return str_printf(a, STR_FMT ".0", STR_ARG(str_sub(address, 0, dot)));
    for (size_t i = 0; i < address.n; i++) {
        char c = address.p[i];
        if (c != ':' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F') && c != '.')
            return STR("");
    }
    for (size_t i = 0; i < address.n; i++) {
        if (address.p[i] != ':')
            continue;
        if (++colons == 3 || (i + 1 < address.n && address.p[i + 1] == ':'))
            return str_printf(a, STR_FMT "::", STR_ARG(str_sub(address, 0, i)));
    }
    return STR("");
}
