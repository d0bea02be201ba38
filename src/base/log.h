/* Logs: one JSON object a line on standard error (or the file that the master opened there).
 * Never a secret, token, card number, address, name or e-mail address: log ids. */
#ifndef SOUK_BASE_LOG_H
#define SOUK_BASE_LOG_H

#include "base/clock.h"
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *name;
    enum { LOG_FIELD_STR, LOG_FIELD_INT } kind;
    struct str s;
    int64_t i;
};

#define LOGS(name, value) ((struct log_field){(name), LOG_FIELD_STR, (value), 0})
#define LOGC(name, value) ((struct log_field){(name), LOG_FIELD_STR, str_from(value), 0})
#define LOGI(name, value) ((struct log_field){(name), LOG_FIELD_INT, {NULL, 0}, (value)})

struct log;      /* where lines go and which fields each line carries; made once at start */

struct log *log_new(int fd, enum log_level least, const char *component);
void log_destroy(struct log *l);
int log_fd(const struct log *l);
/* One write(2) per line, so that lines of several processes never mix. Absent strings are left out. */
void log_line(struct log *l, enum log_level level, const char *event, const struct log_field *fields, size_t n);

#define LOG(l, level, event, ...) \
    log_line((l), (level), (event), (const struct log_field[]){__VA_ARGS__}, \
             sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
