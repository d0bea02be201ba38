#include "base/csv.h"

enum { BLOCK = 64 << 10 };

/* Where the reader stands within a record. */
enum place { FIELD_START, PLAIN, QUOTED, QUOTE_IN_QUOTED };

struct csv {
    csv_read_fn *read;
    void *arg;
    char *block;                   /* what was read */
    size_t at, n;
    bool end, begun;
    int64_t line;                  /* lines that are complete */
    char *bytes;                   /* the record's fields, one behind the other */
    size_t used;
    size_t ends[CSV_FIELDS_MAX];
    struct str fields[CSV_FIELDS_MAX];
    size_t n_fields;
    enum csv_state state;
};

struct csv *csv_new(struct arena *a, csv_read_fn *read, void *arg)
{
    struct csv *c = ARENA_NEW(a, struct csv);
    c->read = read;
    c->arg = arg;
    c->block = arena_alloc(a, BLOCK);
    c->bytes = arena_alloc(a, CSV_BYTES_MAX);
    return c;
}

static bool fill(struct csv *c, struct err *e)
{
    if (c->at < c->n || c->end) return true;
    c->at = c->n = 0;
    do {                                                         /* the first block holds the whole byte order mark, if there is one */
        size_t got;
        if (!c->read(c->arg, c->block + c->n, BLOCK - c->n, &got, e)) return false;
        if (got == 0) {
            c->end = c->n == 0;
            break;
        }
        c->n += got;
    } while (!c->begun && c->n < 3);
    if (!c->begun && c->n >= 3 && memcmp(c->block, "\xef\xbb\xbf", 3) == 0) c->at = 3;
    c->begun = true;
    return c->at < c->n || c->end || fill(c, e);
}

/* A run of bytes of the present field. */
static void put(struct csv *c, const char *p, size_t n)
{
    if (c->state != CSV_OK) return;
    if (n > CSV_BYTES_MAX - c->used) {
        c->state = CSV_TOO_LONG;
        return;
    }
    memcpy(c->bytes + c->used, p, n);
    c->used += n;
}

static void end_field(struct csv *c)
{
    if (c->state != CSV_OK) return;
    if (c->n_fields == CSV_FIELDS_MAX) {
        c->state = CSV_TOO_MANY_FIELDS;
        return;
    }
    c->ends[c->n_fields++] = c->used;
}

/* How many bytes from `p` on are of no meaning in this place: copied in one go. */
static size_t plain_run(enum place place, const char *p, size_t n)
{
    size_t i = 0;
    if (place == QUOTED) {
        while (i < n && p[i] != '"' && p[i] != '\n') i++;
    } else {
        while (i < n && p[i] != ',' && p[i] != '\n') i++;
    }
    return i;
}

/* Takes one byte (or a run of plain ones); returns true when it ended the record. */
static bool step(struct csv *c, enum place *place)
{
    char ch = c->block[c->at];
    if (ch == '\n') c->line++;
    switch (*place) {
    case FIELD_START:
        if (ch == '"') {
            *place = QUOTED;
            c->at++;
            return false;
        }
        *place = PLAIN;
        if (ch == '\n') c->line--;             /* counted when PLAIN sees it */
        return false;
    case PLAIN:
        if (ch == '\n') {
            if (c->used > (c->n_fields ? c->ends[c->n_fields - 1] : 0) && c->bytes[c->used - 1] == '\r' && c->state == CSV_OK) c->used--;
            c->at++;
            return true;
        }
        if (ch == ',') {
            end_field(c);
            *place = FIELD_START;
            c->at++;
            return false;
        }
        break;
    case QUOTED:
        if (ch == '"') {
            *place = QUOTE_IN_QUOTED;
            c->at++;
            return false;
        }
        if (ch == '\n') {
            put(c, "\n", 1);
            c->at++;
            return c->state == CSV_TOO_LONG;       /* probably a quote that nobody closed: go on with the next line */
        }
        break;
    case QUOTE_IN_QUOTED:
        if (ch == '"') {
            put(c, "\"", 1);
            *place = QUOTED;
            c->at++;
            return false;
        }
        if (ch == ',' || ch == '\n') {
            *place = PLAIN;
            if (ch == '\n') c->line--;
            return false;
        }
        if (ch != '\r' && c->state == CSV_OK) c->state = CSV_BAD_QUOTE;
        c->at++;
        return false;
    }
    size_t run = plain_run(*place, c->block + c->at, c->n - c->at);
    put(c, c->block + c->at, run);
    c->at += run;
    return false;
}

static void settle(struct csv *c, struct csv_record *r)
{
    size_t from = 0;
    for (size_t i = 0; c->state == CSV_OK && i < c->n_fields; i++) {
        c->fields[i] = str_of(c->bytes + from, c->ends[i] - from);
        from = c->ends[i];
        if (!str_is_text(c->fields[i], true)) c->state = CSV_BAD_UTF8;     /* each by itself: halves of a character may stand side by side */
    }
    r->state = c->state;
    r->n = c->state == CSV_OK ? c->n_fields : 0;
    r->fields = c->fields;
}

bool csv_next(struct csv *c, struct csv_record *ret_record, bool *ret_found, struct err *e)
{
    struct csv_record r;
    do {
        enum place place = FIELD_START;
        bool done = false, any = false;
        char last = 0;
        c->used = c->n_fields = 0;
        c->state = CSV_OK;
        r.line = c->line + 1;
        while (!done) {
            if (!fill(c, e)) return false;
            if (c->end) break;
            any = true;
            done = step(c, &place);
            if (c->at > 0) last = c->block[c->at - 1];
        }
        if (!any) {
            *ret_found = false;
            return true;
        }
        if (!done) {                                             /* the last line has no end */
            if (last != '\n') c->line++;                         /* else a quoted field ended with the file, behind a line break */
            if (place == QUOTED && c->state == CSV_OK) c->state = CSV_BAD_QUOTE;
            if (place == PLAIN && c->used > 0 && c->state == CSV_OK && c->bytes[c->used - 1] == '\r') c->used--;
        }
        end_field(c);
        r.lines = c->line - r.line + 1;
    } while (c->state == CSV_OK && c->n_fields == 1 && c->ends[0] == 0);      /* an empty line */
    settle(c, &r);
    *ret_record = r;
    *ret_found = true;
    return true;
}

const char *csv_state_text(enum csv_state s)
{
    switch (s) {
    case CSV_OK: return "good";
    case CSV_TOO_LONG: return "longer than 1 MB";
    case CSV_TOO_MANY_FIELDS: return "more than 256 fields";
    case CSV_BAD_QUOTE: return "a quotation mark in the wrong place, or one that is never closed";
    case CSV_BAD_UTF8: return "not valid UTF-8, or a control character";
    }
    UNREACHABLE();
}

int64_t csv_lines(const struct csv *c)
{
    return c->line;
}
