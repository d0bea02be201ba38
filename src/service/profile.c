#include "service/profile.h"

#include "domain/contact.h"
#include "json/json.h"
#include "service/audit.h"
#include "service/person.h"
#include "sql/profile.h"

#define PLACE_NAME "identity.account.name"
#define PLACE_PHONE "identity.account.phone"

enum { TRIES = 4 };

/* --- preferences: a table of keys, each with its values ------------------------------------------------------------------------ */

#define PREFERENCE(key, what, ...) static const char *const values_##key[] = {__VA_ARGS__, NULL};
#include "service/preference.def"
#undef PREFERENCE

static const struct shape_field preference_fields[] = {
#define PREFERENCE(key, what, ...) {#key, SHAPE_ENUM, offsetof(struct preferences, key), .values = values_##key, .nullable = true, .doc = what},
#include "service/preference.def"
#undef PREFERENCE
    {NULL}};
const struct shape preferences_shape = {"Preferences", preference_fields, sizeof(struct preferences)};

static struct str *preference_at(struct preferences *p, const struct shape_field *f)
{
    return (struct str *)((char *)p + f->offset);
}

static bool is_value(const struct shape_field *f, struct str v)
{
    for (const char *const *x = f->values; *x != NULL; x++)
        if (str_eq_c(v, *x)) return true;
    return false;
}

/* What is stored may be older than the list of keys: unknown keys and values count as not chosen. The stored form is ours: {"key": "value", …}. */
static bool parse(struct call *c, struct str json, struct preferences *ret, struct err *e)
{
    static const struct shape_field any[] = {
#define PREFERENCE(key, what, ...) {#key, SHAPE_STR, offsetof(struct preferences, key), .max = 40},
#include "service/preference.def"
#undef PREFERENCE
        {NULL}};
    static const struct shape lenient = {"StoredPreferences", any, sizeof(struct preferences)};
    *ret = (struct preferences){0};
    struct err why = {0};
    if (!shape_read_json(&lenient, json, c->arena, ret, &why) && why.problem != PROBLEM_UNKNOWN_FIELD) return err_cause(e, "stored preferences: %s", why.detail);
    for (const struct shape_field *f = preference_fields; f->name != NULL; f++)
        if (!is_value(f, *preference_at(ret, f))) *preference_at(ret, f) = STR_NULL;
    return true;
}

static struct str format(struct call *c, struct preferences *p)
{
    struct buf b;
    bool first = true;
    buf_init_arena(&b, c->arena, 0);
    buf_char(&b, '{');
    for (const struct shape_field *f = preference_fields; f->name != NULL; f++) {
        struct str v = *preference_at(p, f);
        if (str_is_null(v)) continue;
        buf_printf(&b, "%s\"%s\":", first ? "" : ",", f->name);
        json_put_string(&b, v);
        first = false;
    }
    buf_char(&b, '}');
    return buf_view(&b);
}

/* --- reading and writing ---------------------------------------------------------------------------------------------------------- */

struct present {
    struct person_id person;
    struct str name, phone, locale, preferences;       /* name and phone sealed */
    int64_t version;
};

static bool load(struct call *c, struct account_id account, struct present *ret, struct err *e)
{
    struct q_profile_get_row r;
    bool found;
    if (!q_profile_get(c->db, c->arena, &(struct q_profile_get_in){.account = account}, &r, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    *ret = (struct present){r.person, r.name, r.phone, r.locale, r.preferences, r.version};
    return true;
}

/* *ret_again: somebody was faster. */
static bool store(struct call *c, struct account_id account, const struct present *p, bool *ret_again, struct err *e)
{
    struct q_profile_put_row row;
    if (!q_profile_put(c->db, c->arena, &(struct q_profile_put_in){.account = account, .version = (int32_t)p->version, .name = p->name, .phone = p->phone,
            .locale = p->locale, .preferences = p->preferences, .actor = audit_actor(c), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now},
            &row, e))
        return false;
    if (row.version == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    *ret_again = row.version < 0;
    return true;
}

/* "de", "de-AT", "zh-Hant-TW": language, then script and region in any letters (RFC 5646 section 2.1, the part that shops use). */
static bool is_locale(struct str s)
{
    struct str rest = s, part;
    for (int i = 0; str_split(&rest, '-', &part); i++) {
        if (part.n < 2 || part.n > 8 || (i == 0 && part.n > 3)) return false;
        for (size_t k = 0; k < part.n; k++) {
            char x = part.p[k];
            bool letter = (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z'), digit = x >= '0' && x <= '9';
            if (!letter && !(digit && i > 0)) return false;
        }
    }
    return s.n >= 2 && s.n <= PROFILE_LOCALE_MAX;
}

bool profile_check(struct call *c, const struct profile_patch *in, struct profile_patch *ret, struct err *e)
{
    size_t before = e->n_fields;
    struct profile_patch out = {.name = str_trim(in->name), .phone = str_trim(in->phone), .locale = str_trim(in->locale), .version = in->version};
    if (out.name.n > 0 && !str_is_text(out.name, false)) {
        err_field(e, PROBLEM_INVALID, "name", "One line of text is wanted");
    } else if (out.name.n > 0 && str_utf8_length(out.name) > PROFILE_NAME_MAX) {
        err_field(e, PROBLEM_INVALID, "name", "The name is too long");
    }
    if (out.phone.n > 0 && !phone_normalise(c->arena, out.phone, &out.phone)) err_field(e, PROBLEM_INVALID, "phone", "This is not a telephone number");
    if (out.locale.n > 0 && !is_locale(out.locale)) err_field(e, PROBLEM_INVALID, "locale", "This is not a language");
    if (e->n_fields != before) return false;
    *ret = out;
    return true;
}

/* Absent stays, empty goes, anything else is sealed. */
static bool put_sealed(struct call *c, const struct present *p, const char *place, struct str wish, struct str *at, struct err *e)
{
    if (str_is_null(wish)) return true;
    *at = STR_NULL;
    return wish.n == 0 || person_seal(c, p->person, person_context(c->arena, place, c->actor.account.u), wish, at, e);
}

bool profile_change(struct call *c, const struct profile_patch *patch, struct account *ret_account, struct err *e)
{
    struct profile_patch k;
    if (!profile_check(c, patch, &k, e)) return false;
    for (int i = 0; i < TRIES; i++) {
        struct present p;
        bool again;
        if (!load(c, c->actor.account, &p, e)) return false;
        if (k.version != 0 && p.version != k.version) return err_set(e, PROBLEM_PRECONDITION_FAILED, "The profile has changed: it has version %lld", (long long)p.version);
        if (!put_sealed(c, &p, PLACE_NAME, k.name, &p.name, e) || !put_sealed(c, &p, PLACE_PHONE, k.phone, &p.phone, e)) return false;
        if (!str_is_null(k.locale)) p.locale = k.locale.n > 0 ? k.locale : STR_NULL;
        if (!store(c, c->actor.account, &p, &again, e)) return false;
        if (!again) return account_read(c, c->actor.account, ret_account, e);
    }
    return err_set(e, PROBLEM_CONFLICT, "The profile is being changed by others at the same time; try again");
}

bool preferences_read(struct call *c, struct preferences *ret, struct err *e)
{
    struct present p;
    return load(c, c->actor.account, &p, e) && parse(c, p.preferences, ret, e);
}

bool preferences_put(struct call *c, const struct preferences *in, struct preferences *ret, struct err *e)
{
    struct preferences wish = *in;
    for (const struct shape_field *f = preference_fields; f->name != NULL; f++)
        if (!str_is_null(*preference_at(&wish, f)) && !is_value(f, *preference_at(&wish, f))) err_field(e, PROBLEM_INVALID, f->name, "This value is not known");
    if (e->n_fields > 0) return false;
    for (int i = 0; i < TRIES; i++) {
        struct present p;
        bool again;
        if (!load(c, c->actor.account, &p, e)) return false;
        p.preferences = format(c, &wish);
        if (!store(c, c->actor.account, &p, &again, e)) return false;
        if (again) continue;
        *ret = wish;
        return true;
    }
    return err_set(e, PROBLEM_CONFLICT, "The profile is being changed by others at the same time; try again");
}
