#include "service/users.h"

#include "auth/password.h"
#include "domain/contact.h"
#include "service/audit.h"
#include "service/person.h"
#include "service/profile.h"
#include "service/users_internal.h"
#include "sql/keys.h"
#include "sql/users.h"

enum { BATCH = 250, BATCH_SECONDS = 60 };

static const struct { const char *text; bool skipped; } outcomes[USERS_OUTCOMES] = {
    [USERS_CREATED] = {"accounts created", false},
    [USERS_PRESENT] = {"had an account already", false},
    [USERS_TWICE] = {"address stood further up already", true},
    [USERS_BAD_ROW] = {"row cannot be read", true},
    [USERS_NO_EMAIL] = {"no e-mail address", true},
    [USERS_BAD_EMAIL] = {"not an e-mail address", true},
    [USERS_BAD_VALUE] = {"name, phone, language or time not acceptable", true},
    [USERS_BAD_HASH] = {"password hash not understood", true},
};

const char *users_outcome_text(enum users_outcome o)
{
    return outcomes[o].text;
}

bool users_is_skipped(enum users_outcome o)
{
    return outcomes[o].skipped;
}

/* Addresses of this file that were seen: 64 bits of each keyed hash, open addressing. */
struct seen { uint64_t *v; size_t n, cap; };

static bool see(struct seen *s, struct str hash);

static void grow(struct seen *s)
{
    struct seen bigger = {.cap = s->cap > 0 ? s->cap * 2 : 4096};
    bigger.v = calloc(bigger.cap, sizeof *bigger.v);
    BUG_IF(bigger.v == NULL);
    for (size_t i = 0; i < s->cap; i++)
        if (s->v[i] != 0) (void)see(&bigger, str_of((const char *)&s->v[i], sizeof s->v[i]));
    free(s->v);
    *s = bigger;
}

/* False: it was there. */
static bool see(struct seen *s, struct str hash)
{
    uint64_t key;
    if (s->n * 2 >= s->cap) grow(s);
    memcpy(&key, hash.p, sizeof key);
    key += key == 0;
    for (size_t i = key & (s->cap - 1);; i = (i + 1) & (s->cap - 1)) {
        if (s->v[i] == key) return false;
        if (s->v[i] != 0) continue;
        s->v[i] = key;
        s->n++;
        return true;
    }
}

struct wanted {
    int64_t line;
    struct str email, hash, name, phone, locale, password;
    bool verified, disabled;
    usec_t created;
};

struct import {
    struct call call;                    /* with an arena of the batch */
    const struct users_import_options *o;
    struct users_import_report r;
    struct seen seen;
    struct wanted rows[BATCH];
    size_t n;
};

static void skip(struct import *m, enum users_outcome why, int64_t line, const char *detail)
{
    m->r.outcomes[why]++;
    if (m->o->note != NULL) m->o->note(m->o->arg, line, detail != NULL ? detail : users_outcome_text(why));
}

/* Checks a row; what is good joins the batch. */
static void take(struct import *m, const struct users_row *row)
{
    struct arena *a = m->call.arena;
    struct err why = {0};
    struct profile_patch p;
    struct wanted w = {.line = row->line, .verified = row->verified, .disabled = row->disabled, .created = m->call.now};
    m->r.rows++;
    if (row->bad != NULL) {
        skip(m, USERS_BAD_ROW, row->line, row->bad);
    } else if (str_is_empty(row->email)) {
        skip(m, USERS_NO_EMAIL, row->line, NULL);
    } else if (!email_normalise(a, row->email, &w.email)) {
        skip(m, USERS_BAD_EMAIL, row->line, NULL);
    } else if (!profile_check(&m->call, &(struct profile_patch){.name = row->name, .phone = row->phone, .locale = row->locale}, &p, &why)) {
        skip(m, USERS_BAD_VALUE, row->line, arena_printf(a, "%s: %s", why.fields[0].param, why.fields[0].detail));
    } else if (!str_is_empty(row->created) && !time_parse(row->created, &w.created)) {
        skip(m, USERS_BAD_VALUE, row->line, "created_at: this is not a time");
    } else if (!str_is_empty(row->password) && !password_encoded_check(a, row->password, &why)) {
        skip(m, USERS_BAD_HASH, row->line, arena_printf(a, "password hash: %s", why.detail));
    } else if (!see(&m->seen, w.hash = person_email_hash(&m->call, w.email))) {
        skip(m, USERS_TWICE, row->line, NULL);
    } else {
        w.email = str_dup(a, w.email);
        w.name = p.name.n > 0 ? str_dup(a, p.name) : STR_NULL;
        w.phone = p.phone.n > 0 ? str_dup(a, p.phone) : STR_NULL;
        w.locale = p.locale.n > 0 ? str_dup(a, p.locale) : STR_NULL;
        w.password = str_is_empty(row->password) ? STR_NULL : str_dup(a, row->password);
        m->rows[m->n++] = w;
    }
}

/* Leaves in the batch who has no account yet. */
static bool drop_present(struct import *m, struct err *e)
{
    struct str *hashes = ARENA_ARRAY(m->call.arena, struct str, BATCH);
    struct q_users_present_rows rows;
    size_t kept = 0;
    for (size_t i = 0; i < m->n; i++) hashes[i] = m->rows[i].hash;
    if (!q_users_present(m->call.db, m->call.arena, &(struct q_users_present_in){.hashes = {m->n, hashes}}, &rows, e)) return false;
    for (size_t i = 0; i < m->n; i++) {
        bool present = false;
        for (size_t k = 0; k < rows.n && !present; k++) present = str_eq(rows.v[k].email_hash, m->rows[i].hash);
        if (!present) m->rows[kept++] = m->rows[i];
    }
    m->r.outcomes[USERS_PRESENT] += (int64_t)(m->n - kept);
    m->n = kept;
    return true;
}

/* The columns of a batch. */
struct columns {
    struct account_id id[BATCH];
    struct person_id person[BATCH];
    struct str hash[BATCH], email[BATCH], name[BATCH], phone[BATCH], password[BATCH], locale[BATCH], wrapped[BATCH];
    bool verified[BATCH], disabled[BATCH];
    usec_t created[BATCH];
};

static bool seal(struct import *m, struct columns *t, size_t i, const char *place, struct str plain, struct str *ret, struct err *e)
{
    return person_seal(&m->call, t->person[i], person_context(m->call.arena, place, t->id[i].u), plain, ret, e);
}

static bool fill(struct import *m, struct columns *t, struct err *e)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct wanted *w = &m->rows[i];
        t->id[i].u = uuid_v7(m->call.now);
        t->person[i].u = uuid_v7(m->call.now);
        t->wrapped[i] = person_new_key(&m->call, t->person[i]);
        t->hash[i] = w->hash;
        t->password[i] = w->password;
        t->locale[i] = w->locale;
        t->verified[i] = w->verified;
        t->disabled[i] = w->disabled;
        t->created[i] = w->created < m->call.now ? w->created : m->call.now;
        if (!seal(m, t, i, "identity.account.email", w->email, &t->email[i], e) || !seal(m, t, i, "identity.account.name", w->name, &t->name[i], e) ||
            !seal(m, t, i, "identity.account.phone", w->phone, &t->phone[i], e))
            return false;
    }
    return true;
}

static bool store(struct import *m, struct err *e)
{
    struct call *c = &m->call;
    struct columns *t = ARENA_NEW(c->arena, struct columns);
    struct q_users_import_rows made;
    size_t n = m->n;
    if (!fill(m, t, e)) return false;
    /* First the keys: an account whose key is missing could never be read. A key without an account harms nobody. */
    if (!q_person_keys_put(c->db_keys, c->arena, &(struct q_person_keys_put_in){.persons = {n, t->person}, .wrapped = {n, t->wrapped}, .now = c->now}, NULL, e)) return false;
    struct q_users_import_in in = {.ids = {n, t->id}, .persons = {n, t->person}, .hashes = {n, t->hash}, .emails = {n, t->email}, .names = {n, t->name},
                                   .phones = {n, t->phone}, .verified = {n, t->verified}, .disabled = {n, t->disabled}, .passwords = {n, t->password}, .locales = {n, t->locale},
                                   .created = {n, t->created}, .actor = audit_actor(c), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now};
    if (!q_users_import(c->db, c->arena, &in, &made, e)) return false;
    for (size_t i = 0, k = 0; i < n; i++) {
        bool created = k < made.n && uuid_eq(made.v[k].id.u, t->id[i].u);
        k += created;
        m->r.outcomes[created ? USERS_CREATED : USERS_PRESENT]++;
        m->r.with_password += created && !str_is_null(m->rows[i].password);
    }
    return true;
}

static bool flush(struct import *m, struct err *e)
{
    bool good = true;
    db_deadline(m->call.db, clock_monotonic() + BATCH_SECONDS * USEC_PER_SEC);
    db_deadline(m->call.db_keys, clock_monotonic() + BATCH_SECONDS * USEC_PER_SEC);
    if (m->n > 0) good = drop_present(m, e);
    if (good && m->n > 0 && m->o->dry_run) {
        m->r.outcomes[USERS_CREATED] += (int64_t)m->n;
        for (size_t i = 0; i < m->n; i++) m->r.with_password += !str_is_null(m->rows[i].password);
    } else if (good && m->n > 0) {
        good = store(m, e);
    }
    m->n = 0;
    m->call.person_keys = NULL;
    arena_reset(m->call.arena);
    return good;
}

static bool run(struct import *m, struct input *in, struct users_file *file, struct err *e)
{
    for (;;) {
        struct users_row row;
        bool found;
        if (!users_file_next(file, m->call.arena, &row, &found, e)) return false;
        m->r.lines = users_file_lines(file);
        if (!found) break;
        take(m, &row);
        if (m->r.rows % BATCH != 0) continue;
        if (!flush(m, e)) return false;
        if (m->o->progress != NULL) m->o->progress(m->o->arg, input_offset(in), input_size(in), m->r.rows);
    }
    if (!flush(m, e)) return false;
    if (m->o->progress != NULL) m->o->progress(m->o->arg, input_offset(in), input_size(in), m->r.rows);
    return true;
}

bool users_import(struct call *c, struct input *in, const struct users_import_options *o, struct users_import_report *ret_report, struct err *e)
{
    struct users_file *file;
    struct import *m = ARENA_NEW(c->arena, struct import);
    if (!users_file_open(c->arena, in, &file, e)) return false;
    *m = (struct import){.call = *c, .o = o};
    m->call.arena = arena_new();
    bool good = run(m, in, file, e);
    arena_destroy(m->call.arena);
    free(m->seen.v);
    *ret_report = m->r;
    if (!good || o->dry_run) return good;
    struct str detail = str_printf(c->arena, "{\"rows\":%lld,\"created\":%lld}", (long long)m->r.rows, (long long)m->r.outcomes[USERS_CREATED]);
    return audit_write(c, "users.imported", NULL, (struct uuid){{0}}, detail, e);
}
