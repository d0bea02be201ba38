/* Files of users: JSON lines, or CSV whose header says what is what. */
#include "base/csv.h"
#include "json/value.h"
#include "service/users_internal.h"

enum { HEAD = 4096, LINE_MAX_BYTES = 1 << 16 };

enum field { EMAIL, VERIFIED, NAME, GIVEN, FAMILY, PHONE, LOCALE_, PASSWORD, CREATED, STATUS, ENABLED, FIELDS };

/* Names of columns and members. Cognito: the header of CreateUserImportJob's CSV and the attributes of ListUsers (OpenID Connect Core section 5.1). */
static const struct { const char *name; enum field field; } names[] = {
    {"email", EMAIL}, {"email_address", EMAIL}, {"e-mail", EMAIL}, {"email_verified", VERIFIED}, {"name", NAME}, {"full_name", NAME}, {"given_name", GIVEN},
    {"first_name", GIVEN}, {"family_name", FAMILY}, {"last_name", FAMILY}, {"phone", PHONE}, {"phone_number", PHONE}, {"locale", LOCALE_}, {"password_hash", PASSWORD},
    {"password", PASSWORD}, {"created_at", CREATED}, {"status", STATUS},
    {"enabled", ENABLED}};

struct users_file {
    struct arena *arena;
    struct input *in;
    char head[HEAD];                     /* was read to see what it is */
    size_t head_n, head_at;
    struct csv *csv;                     /* NULL: JSON lines */
    int column[FIELDS];                  /* of the CSV; -1: none */
    char *text;                          /* JSON: what was read and not used; NULL with CSV */
    size_t n, at;
    int64_t lines;
    bool end;
};

static bool read_more(void *arg, void *p, size_t n, size_t *ret_n, struct err *e)
{
    struct users_file *f = arg;
    if (f->head_at == f->head_n) return input_read(f->in, p, n, ret_n, e);
    size_t take = f->head_n - f->head_at < n ? f->head_n - f->head_at : n;
    memcpy(p, f->head + f->head_at, take);
    f->head_at += take;
    *ret_n = take;
    return true;
}

static bool find(struct str name, enum field *ret)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!str_eq_nocase(str_trim(name), str_from(names[i].name))) continue;
        *ret = names[i].field;
        return true;
    }
    return false;
}

/* --- CSV ------------------------------------------------------------------------------------------------------------------------ */

static bool read_header(struct users_file *f, struct err *e)
{
    struct csv_record r;
    bool found;
    enum field k;
    if (!csv_next(f->csv, &r, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_INVALID, "The file is empty");
    if (r.state != CSV_OK) return err_set(e, PROBLEM_INVALID, "Line %lld, the header: %s", (long long)r.line, csv_state_text(r.state));
    for (size_t i = 0; i < FIELDS; i++) f->column[i] = -1;
    for (size_t i = 0; i < r.n; i++)
        if (find(r.fields[i], &k) && f->column[k] < 0) f->column[k] = (int)i;
    return f->column[EMAIL] >= 0 || err_set(e, PROBLEM_INVALID, "The file is neither JSON lines nor CSV with a column \"email\"");
}

static struct str cell(const struct users_file *f, const struct csv_record *r, enum field k)
{
    int at = f->column[k];
    return at >= 0 && (size_t)at < r->n ? str_trim(r->fields[at]) : STR_NULL;
}

static bool is_yes(struct str s)
{
    return str_eq_nocase(s, STR("true")) || str_eq_c(s, "1") || str_eq_nocase(s, STR("yes"));
}

static bool is_no(struct str s)
{
    return str_eq_nocase(s, STR("false")) || str_eq_c(s, "0") || str_eq_nocase(s, STR("no"));
}

/* Whoever was locked out where the file comes from stays locked out. */
static bool is_locked_out(struct str status)
{
    static const char *const words[] = {"disabled", "blocked", "banned", "suspended", "locked"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(status, str_from(words[i]))) return true;
    return false;
}

/* "Ada" and "Example" make a name where there is no whole one. */
static struct str whole_name(struct arena *a, struct str name, struct str given, struct str family)
{
    if (!str_is_empty(str_trim(name)) || (str_is_empty(given) && str_is_empty(family))) return name;
    return str_trim(str_printf(a, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(family)));
}

static bool next_csv(struct users_file *f, struct arena *a, struct users_row *row, bool *ret_found, struct err *e)
{
    struct csv_record r;
    if (!csv_next(f->csv, &r, ret_found, e)) return false;
    f->lines = csv_lines(f->csv);
    if (!*ret_found) return true;
    *row = (struct users_row){.line = r.line};
    if (r.state != CSV_OK) {
        row->bad = csv_state_text(r.state);
        return true;
    }
    row->email = cell(f, &r, EMAIL);
    row->name = whole_name(a, cell(f, &r, NAME), cell(f, &r, GIVEN), cell(f, &r, FAMILY));
    row->phone = cell(f, &r, PHONE);
    row->locale = cell(f, &r, LOCALE_);
    row->password = cell(f, &r, PASSWORD);
    row->created = cell(f, &r, CREATED);
    row->verified = is_yes(cell(f, &r, VERIFIED));
    row->disabled = is_locked_out(cell(f, &r, STATUS)) || is_no(cell(f, &r, ENABLED));
    return true;
}

/* --- JSON lines ------------------------------------------------------------------------------------------------------------------- */

/* The next line without its end. *ret_long: it was longer than LINE_MAX_BYTES and is passed over. */
static bool next_line(struct users_file *f, struct str *ret_line, bool *ret_long, bool *ret_found, struct err *e)
{
    *ret_long = false;
    for (;;) {
        struct str rest = str_of(f->text + f->at, f->n - f->at);
        size_t i, got;
        if (str_find(rest, '\n', &i) || (f->end && rest.n > 0)) {
            *ret_line = f->end && !str_find(rest, '\n', &i) ? rest : str_sub(rest, 0, i);
            f->at += ret_line->n < rest.n ? ret_line->n + 1 : ret_line->n;
            f->lines++;
            *ret_found = true;
            return true;
        }
        if (f->end) {
            *ret_found = false;
            return true;
        }
        if (f->at == 0 && f->n == LINE_MAX_BYTES) {
            *ret_long = true;                       /* what was read of it is thrown away, the line goes on */
            f->n = 0;
        }
        memmove(f->text, f->text + f->at, f->n - f->at);
        f->n -= f->at;
        f->at = 0;
        if (!read_more(f, f->text + f->n, LINE_MAX_BYTES - f->n, &got, e)) return false;
        f->n += got;
        f->end = got == 0;
    }
}

static struct str text_of(const struct json_value *o, const char *name, const char **bad)
{
    const struct json_value *v = json_member(o, name);
    struct str s = STR_NULL;
    if (v != NULL && !json_value_str(v, &s) && *bad == NULL) *bad = "a member is no text";
    return s;
}

/* Members that mean something else elsewhere (a number, say) are passed over. */
static bool is_disabled(const struct json_value *o)
{
    struct str word = STR_NULL;
    bool enabled = true;
    if (json_value_str(json_member(o, "status"), &word) && is_locked_out(str_trim(word))) return true;
    if (json_value_str(json_member(o, "enabled"), &word)) return is_no(str_trim(word));
    return json_value_bool(json_member(o, "enabled"), &enabled) && !enabled;
}

static void take_object(const struct json_value *o, struct arena *a, struct users_row *row)
{
    struct str text[FIELDS] = {{0}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].field == VERIFIED || names[i].field == STATUS || names[i].field == ENABLED || !str_is_null(text[names[i].field])) continue;
        text[names[i].field] = text_of(o, names[i].name, &row->bad);
    }
    const struct json_value *verified = json_member(o, "email_verified");
    struct str word;
    if (verified != NULL && !json_value_bool(verified, &row->verified)) {
        if (!json_value_str(verified, &word)) row->bad = "email_verified is neither true nor false";
        else row->verified = is_yes(word);
    }
    row->disabled = is_disabled(o);
    row->email = str_trim(text[EMAIL]);
    row->name = whole_name(a, text[NAME], text[GIVEN], text[FAMILY]);
    row->phone = text[PHONE];
    row->locale = text[LOCALE_];
    row->password = text[PASSWORD];
    row->created = text[CREATED];
}

static bool next_json(struct users_file *f, struct arena *a, struct users_row *row, bool *ret_found, struct err *e)
{
    struct str line;
    bool too_long;
    do {
        if (!next_line(f, &line, &too_long, ret_found, e)) return false;
        if (!*ret_found) return true;
        line = str_trim(line);
    } while (line.n == 0 && !too_long);
    struct err why = {0};
    const struct json_value *o;
    *row = (struct users_row){.line = f->lines};
    if (too_long) row->bad = "the line is longer than 64 KB";
    else if (!json_object_read(str_dup(a, line), a, &o, &why)) row->bad = str_cstr(a, str_printf(a, "no JSON object: %s", why.detail));
    else take_object(o, a, row);
    return true;
}

/* --- both ------------------------------------------------------------------------------------------------------------------------- */

bool users_file_open(struct arena *a, struct input *in, struct users_file **ret_file, struct err *e)
{
    struct users_file *f = ARENA_NEW(a, struct users_file);
    size_t got = 1;
    *f = (struct users_file){.arena = a, .in = in};
    while (got > 0 && f->head_n < HEAD) {
        if (!input_read(in, f->head + f->head_n, HEAD - f->head_n, &got, e)) return false;
        f->head_n += got;
    }
    struct str head = str_of(f->head, f->head_n);
    if (str_starts(head, STR("\xef\xbb\xbf"))) {
        f->head_at = 3;
        head = str_sub(head, 3, head.n);
    }
    head = str_trim(head);
    if (head.n == 0) return err_set(e, PROBLEM_INVALID, "The file is empty");
    if (head.p[0] == '{') {
        f->text = arena_alloc(a, LINE_MAX_BYTES);
    } else {
        f->csv = csv_new(a, read_more, f);
        if (!read_header(f, e)) return false;
    }
    *ret_file = f;
    return true;
}

bool users_file_next(struct users_file *f, struct arena *row_arena, struct users_row *ret_row, bool *ret_found, struct err *e)
{
    return f->csv != NULL ? next_csv(f, row_arena, ret_row, ret_found, e) : next_json(f, row_arena, ret_row, ret_found, e);
}

int64_t users_file_lines(const struct users_file *f)
{
    return f->lines;
}
