/* Erasure, and the list of the erased applied to a restored shop. */
#include "service/audit.h"
#include "service/privacy_internal.h"
#include "service/session_internal.h"
#include "sql/keys.h"
#include "sql/privacy.h"

enum { PAGE = 1000, FILES_MAX = 1000, SESSIONS_DAYS = 400 };

/* What Redis remembers of the account's sessions. Redis may be away: then each worker's news void what it holds. */
static bool forget_sessions(struct call *c, struct account_id account, struct err *e)
{
    struct q_account_sessions_rows rows;
    const struct config *config = c->env->config;
    if (!q_account_sessions(c->db, c->arena, &(struct q_account_sessions_in){.account = account, .since = c->now - SESSIONS_DAYS * USEC_PER_DAY}, &rows, e)) return false;
    if (rows.n == 0 || (c->kv == NULL && config->redis[0] == '\0')) return true;
    struct kv_pool *pool = c->kv == NULL ? kv_pool_new(config->redis, (int)config->redis_ms, NULL) : NULL;
    struct kv *own = pool != NULL ? kv_new(pool) : NULL, *kv = own != NULL ? own : c->kv;
    for (size_t i = 0; i < rows.n; i++) (void)kv_delete(kv, session_redis_key(c->arena, account, rows.v[i].id));
    if (own != NULL) kv_destroy(own);
    if (pool != NULL) kv_pool_destroy(pool);
    return true;
}

static bool forget_files(struct call *c, struct account_id account, struct err *e)
{
    struct q_data_list_rows rows;
    if (!q_data_list(c->db, c->arena, &(struct q_data_list_in){.account = account, .lim = FILES_MAX}, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq_c(rows.v[i].kind, "export")) export_file_remove(c, rows.v[i].id);
    return true;
}

bool privacy_erase_now(struct call *c, struct account_id account, struct data_request_id request, bool *ret_erased, struct err *e)
{
    struct q_account_persons_row persons;
    struct q_account_erase_row row;
    BUG_IF(c->db_keys == NULL);
    if (!q_account_persons(c->db, c->arena, &(struct q_account_persons_in){.account = account}, &persons, e) ||
        /* From here on nothing of these persons opens any more, whatever happens to us; whoever comes next finds the rest to do. */
        !q_person_keys_erase(c->db_keys, c->arena, &(struct q_person_keys_erase_in){.persons = {persons.persons.n, persons.persons.v}, .now = c->now}, NULL, e) ||
        !forget_sessions(c, account, e) || !forget_files(c, account, e))
        return false;
    struct q_account_erase_in in = {.account = account, .persons = {persons.persons.n, persons.persons.v}, .request = request, .replay = uuid_is_zero(request.u),
                                    .actor = audit_actor(c), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now, .real = clock_real()};
    if (!q_account_erase(c->db, c->arena, &in, &row, e)) return false;
    *ret_erased = row.erased;
    return true;
}

/* A page of the list: who of them is still in the shop's database goes again. */
static bool replay_page(struct call *c, const struct q_persons_erased_rows *page, struct privacy_replayed *r, struct err *e)
{
    struct person_id *ids = ARENA_ARRAY(c->arena, struct person_id, page->n), *guests = ARENA_ARRAY(c->arena, struct person_id, page->n);
    struct q_persons_left_rows left;
    struct q_guests_erase_row erased;
    size_t n_guests = 0;
    for (size_t i = 0; i < page->n; i++) ids[i] = page->v[i].person;
    if (!q_persons_left(c->db, c->arena, &(struct q_persons_left_in){.persons = {page->n, ids}}, &left, e)) return false;
    for (size_t i = 0; i < left.n; i++) {
        bool now = false;
        if (uuid_is_zero(left.v[i].account.u)) guests[n_guests++] = left.v[i].person;
        else if (!privacy_erase_now(c, left.v[i].account, (struct data_request_id){{{0}}}, &now, e)) return false;
        r->accounts += now;
    }
    r->persons += (int64_t)left.n;
    return n_guests == 0 || q_guests_erase(c->db, c->arena, &(struct q_guests_erase_in){.persons = {n_guests, guests}, .now = c->now}, &erased, e);
}

bool privacy_replay(struct call *given, struct privacy_replayed *ret, struct err *e)
{
    struct call c = *given;
    struct privacy_replayed r = {0};
    struct q_persons_erased_rows page = {.n = PAGE};
    struct person_id after = {0};
    bool good = true;
    c.arena = arena_new();
    while (good && page.n == PAGE) {
        good = q_persons_erased(c.db_keys, c.arena, &(struct q_persons_erased_in){.after = after, .lim = PAGE}, &page, e) &&
               (page.n == 0 || replay_page(&c, &page, &r, e));
        if (!good || page.n == 0) break;
        after = page.v[page.n - 1].person;
        r.listed += (int64_t)page.n;
        arena_reset(c.arena);
    }
    arena_destroy(c.arena);
    if (good) *ret = r;
    return good;
}
