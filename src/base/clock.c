#include "base/clock.h"

#include <time.h>

#include "base/arena.h"
#include "base/err.h"

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    BUG_IF(clock_gettime(id, &ts) != 0);
    return (int64_t)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

usec_t clock_now(const struct clock *c)
{
    if (c->fixed_us) return c->fixed_us;
    return read_clock(CLOCK_REALTIME) + c->offset_us;
}

usec_t clock_real(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar: years begin in March, so that the leap day is last. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct civil time_civil(usec_t t)
{
    int64_t seconds = floor_div(t, USEC_PER_SEC), days = floor_div(seconds, 86400), rest = seconds - days * 86400;
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){
        .year = (int)(yoe + era * 400 + (month <= 2)), .month = month, .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / 3600), .minute = (int)(rest / 60 % 60), .second = (int)(rest % 60),
        .weekday = (int)(((days % 7) + 11) % 7)};       /* 1970-01-01 was a Thursday */
}

static void put_digits(char *p, int value, int n)
{
    while (n-- > 0) {
        p[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

void time_stamp(usec_t t, char ret_text[TIME_STAMP_LEN])
{
    struct civil c = time_civil(t);
    int64_t us = t - floor_div(t, USEC_PER_SEC) * USEC_PER_SEC;
    memcpy(ret_text, "0000-00-00T00:00:00.000000Z", TIME_STAMP_LEN);
    if (c.year < 0 || c.year > 9999) return;
    put_digits(ret_text, c.year, 4);
    put_digits(ret_text + 5, c.month, 2);
    put_digits(ret_text + 8, c.day, 2);
    put_digits(ret_text + 11, c.hour, 2);
    put_digits(ret_text + 14, c.minute, 2);
    put_digits(ret_text + 17, c.second, 2);
    put_digits(ret_text + 20, (int)us, 6);
}

/* Without printf, which takes longer than the rest of a list's row. */
struct str time_format(struct arena *a, usec_t t)
{
    struct civil c = time_civil(t);
    int64_t us = t - floor_div(t, USEC_PER_SEC) * USEC_PER_SEC;
    char text[TIME_STAMP_LEN];
    if (c.year >= 0 && c.year <= 9999) {
        time_stamp(t, text);
        size_t n = us ? TIME_STAMP_LEN : TIME_STAMP_LEN - 7;
        text[n - 1] = 'Z';
        return str_of(arena_strndup(a, text, n), n);
    }
    if (!us) return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour, c.minute, c.second, (int)us);
}

static bool two_digits(struct str s, size_t at, int *ret)
{
    if (at + 2 > s.n || s.p[at] < '0' || s.p[at] > '9' || s.p[at + 1] < '0' || s.p[at + 1] > '9') return false;
    *ret = (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
    return true;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Fraction of a second from s[*at]: ".", then 1 to 9 digits; what is finer than a microsecond is cut. */
static bool parse_fraction(struct str s, size_t *at, int64_t *ret_us)
{
    *ret_us = 0;
    if (*at >= s.n || s.p[*at] != '.') return true;
    size_t first = ++*at;
    int64_t scale = 100000;
    for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at, scale /= 10) *ret_us += (s.p[*at] - '0') * scale;
    return *at > first && *at - first <= 9;
}

static bool parse_offset(struct str s, size_t at, int64_t *ret_seconds)
{
    int hours, minutes;
    if (at + 1 == s.n && (s.p[at] == 'Z' || s.p[at] == 'z')) {
        *ret_seconds = 0;
        return true;
    }
    if (at + 6 != s.n || (s.p[at] != '+' && s.p[at] != '-') || s.p[at + 3] != ':') return false;
    if (!two_digits(s, at + 1, &hours) || !two_digits(s, at + 4, &minutes) || hours > 23 || minutes > 59) return false;
    *ret_seconds = (hours * 3600 + minutes * 60) * (s.p[at] == '-' ? -1 : 1);
    return true;
}

bool time_parse(struct str s, usec_t *ret_time)
{
    int century, year, month, day, hour, minute, second;
    if (s.n < 20 || s.p[4] != '-' || s.p[7] != '-' || (s.p[10] != 'T' && s.p[10] != 't') || s.p[13] != ':' || s.p[16] != ':')
        return false;
    if (!two_digits(s, 0, &century) || !two_digits(s, 2, &year) || !two_digits(s, 5, &month) || !two_digits(s, 8, &day) ||
        !two_digits(s, 11, &hour) || !two_digits(s, 14, &minute) || !two_digits(s, 17, &second))
        return false;
    year += century * 100;
    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month) || hour > 23 || minute > 59 || second > 59) return false;
    size_t at = 19;
    int64_t us, offset;
    if (!parse_fraction(s, &at, &us) || !parse_offset(s, at, &offset)) return false;
    *ret_time = (days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset) * USEC_PER_SEC + us;
    return true;
}

struct str time_http(struct arena *a, usec_t t)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = time_civil(t);
    return str_printf(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[c.weekday], c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second);
}
