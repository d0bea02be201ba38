/* Reads that arrive together are read together.
 *
 * A call that finds nothing like itself under way runs at once, as any query does. Calls that come meanwhile and are like it wait for its end; then the first of
 * them runs once for all of them. So nobody waits for a timer, a call is answered by an execution that began after it came (what was committed before is
 * seen), and the more threads ask, the less each costs: a product's statement with eight ids takes about as much of the server as with one or two.
 *
 * Alike: the same query with the same parameters, except the array that `merge` names (the elements of all are put together, the first column of a row says
 * whose it is) and a time named `now` (the latest counts). Who is answered by others waits no longer than the shortest deadline among them: when the
 * execution fails, each runs alone with the time that it has left. */
#include "db/gather.h"

enum { TOGETHER_MAX = 64, ELEMENTS_MAX = 1024 };

struct reading;
struct queue { struct reading *first, **end; int n; };

/* One waiting or running call, on the stack of its thread, which does not leave before it is done. */
struct reading {
    const struct q_def *q;
    const void *in;
    const struct q_params *params;
    int64_t limit;
    pthread_cond_t wake;
    bool started;                        /* its execution is under way: who comes now is too late for it */
    bool leads, done;
    struct q_answer *answer;             /* when done; NULL: run alone */
    struct queue others;                 /* it will run for these, too */
    struct queue behind;                 /* the next execution is for these */
    struct reading *next;                /* in a queue, or among the running ones of the pool */
};

/* What every parameter that can be put together looks like: sqlgen lets :gather name arrays of ids only. */
struct uuids { size_t n; const struct uuid *v; };

void q_answer_leave(struct q_answer *answer)
{
    if (__atomic_sub_fetch(&answer->readers, 1, __ATOMIC_ACQ_REL) == 0) {
        PQclear(answer->result);
        free(answer);
    }
}

static struct q_answer *answer_new(PGresult *r, int readers)
{
    struct q_answer *answer = malloc(sizeof *answer);
    BUG_IF(!answer);
    *answer = (struct q_answer){r, readers};
    return answer;
}

/* --- what is alike ------------------------------------------------------------------------------------------------------- */

static const struct uuids *merged_of(const struct q_def *q, const void *in)
{
    return (const struct uuids *)(const void *)((const char *)in + q->in[q->merge].offset);
}

static bool same_value(const struct q_params *a, const struct q_params *b, size_t i)
{
    if (!a->values[i] || !b->values[i]) {
        return !a->values[i] && !b->values[i];
    }
    return a->lengths[i] == b->lengths[i] && memcmp(a->values[i], b->values[i], (size_t)a->lengths[i]) == 0;
}

static bool alike(const struct reading *a, const struct reading *b)
{
    if (a->q != b->q) {
        return false;
    }
    for (size_t i = 0; i < a->q->n_in; i++) {
        if ((int)i == a->q->merge) {
            if ((merged_of(a->q, a->in)->n == 0) != (merged_of(b->q, b->in)->n == 0)) {
                return false;
            }
        } else if ((int)i != a->q->now && !same_value(a->params, b->params, i)) {
            return false;
        }
    }
    return true;
}

static bool among(const struct uuids *list, const void *id)
{
    for (size_t i = 0; i < list->n; i++) {
        if (memcmp(&list->v[i], id, sizeof list->v[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool gather_is_mine(const struct q_def *q, const void *in, const PGresult *r, int row)
{
    if (q->merge < 0 || merged_of(q, in)->n == 0) {
        return true;
    }
    return PQgetlength(r, row, 0) == (int)sizeof(struct uuid) && among(merged_of(q, in), PQgetvalue(r, row, 0));
}

/* --- one execution for several ------------------------------------------------------------------------------------------- */

/* The leader's parameters with the elements and the time of all. False when they are too many. */
static bool put_together(struct arena *a, const struct reading *leader, const struct reading *others, void **ret_in)
{
    const struct q_def *q = leader->q;
    char *in = arena_alloc(a, q->in_size);
    memcpy(in, leader->in, q->in_size);
    if (q->now >= 0) {
        usec_t *now = (usec_t *)(void *)(in + q->in[q->now].offset);
        for (const struct reading *o = others; o; o = o->next) {
            usec_t theirs;
            memcpy(&theirs, (const char *)o->in + q->in[q->now].offset, sizeof theirs);
            *now = theirs > *now ? theirs : *now;
        }
    }
    if (q->merge >= 0) {
        struct uuids *all = (struct uuids *)(void *)(in + q->in[q->merge].offset);
        struct uuid *v = ARENA_ARRAY(a, struct uuid, ELEMENTS_MAX);
        struct uuids so_far = {0, v};
        const struct reading *c = leader;
        for (const struct reading *next = others; c; c = next, next = next ? next->next : NULL) {
            const struct uuids *theirs = merged_of(q, c->in);
            for (size_t i = 0; i < theirs->n; i++) {
                if (among(&so_far, &theirs->v[i])) {
                    continue;
                }
                if (so_far.n == ELEMENTS_MAX) {
                    return false;
                }
                v[so_far.n++] = theirs->v[i];
            }
        }
        *all = so_far;
    }
    *ret_in = in;
    return true;
}

static bool run_together(struct db *d, struct arena *a, const struct reading *leader, const struct reading *others, PGresult **ret_result)
{
    struct q_params params;
    struct err ignored = {0};
    void *in;
    int64_t own = d->deadline;
    bool good;

    if (!put_together(a, leader, others, &in) || !q_encode(a, leader->q, in, &params, &ignored)) {
        return false;
    }
    d->deadline = leader->limit;
    for (const struct reading *o = others; o; o = o->next) {
        d->deadline = o->limit < d->deadline ? o->limit : d->deadline;
    }
    good = q_run(d, leader->q, &params, ret_result, &ignored);
    d->deadline = own;
    return good;
}

/* --- who runs, who waits ------------------------------------------------------------------------------------------------- */

static void queue_init(struct queue *q)
{
    *q = (struct queue){NULL, &q->first, 0};
}

static void queue_add(struct queue *q, struct reading *c)
{
    c->next = NULL;
    *q->end = c;
    q->end = &c->next;
    q->n++;
}

static void begin(struct db_pool *p, struct reading *c)
{
    queue_init(&c->behind);
    c->next = p->running;
    p->running = c;
}

/* Takes the call from the running ones; the first of those behind it leads the next execution, for all the others. */
static void end(struct db_pool *p, struct reading *c)
{
    struct reading **at = &p->running, *leader = c->behind.first;
    while (*at != c) {
        at = &(*at)->next;
    }
    *at = c->next;
    if (leader) {
        struct reading *next = leader->next;
        queue_init(&leader->others);
        for (struct reading *o = next; o; o = next) {
            next = o->next;
            queue_add(&leader->others, o);
        }
        begin(p, leader);
        leader->leads = true;
        pthread_cond_signal(&leader->wake);
    }
}

/* Waits behind (or joins) what is like it, or begins. True: it is answered, or must be done alone. */
static bool answered_by_others(struct db_pool *p, struct reading *mine)
{
    struct reading *running = p->running;

    while (running && !(alike(running, mine) && running->others.n + running->behind.n < TOGETHER_MAX)) {
        running = running->next;
    }
    if (running) {
        queue_add(running->started ? &running->behind : &running->others, mine);
        while (!mine->done && !mine->leads) {
            pthread_cond_wait(&mine->wake, &p->gathering);
        }
    } else {
        begin(p, mine);
    }
    mine->started = true;
    return mine->done;
}

static void answer_others(const struct reading *leader, struct q_answer *answer)
{
    for (struct reading *o = leader->others.first, *next; o; o = next) {
        next = o->next;
        o->answer = answer;
        o->done = true;
        /* Under the mutex: the call is gone as soon as its thread has it. (Measured: waking with futexes beside the mutex lets the next leader begin sooner,
         * with fewer others, and costs a tenth more in all.) */
        pthread_cond_signal(&o->wake);
    }
}

/* Runs for itself and all others. False: this call has failed; the others run alone. */
static bool lead(struct db *d, struct arena *a, struct reading *mine, struct err *e)
{
    struct db_pool *p = d->pool;
    struct q_answer *answer = NULL;
    PGresult *r;
    int n = mine->others.n;

    if (n > 0 ? run_together(d, a, mine, mine->others.first, &r) : q_run(d, mine->q, mine->params, &r, e)) {
        answer = answer_new(r, n + 1);
        __atomic_fetch_add(&p->counters->gathered, n, __ATOMIC_RELAXED);
    }
    pthread_mutex_lock(&p->gathering);
    answer_others(mine, answer);
    end(p, mine);
    pthread_mutex_unlock(&p->gathering);
    mine->answer = answer;
    return answer || n > 0;
}

bool gather_run(struct db *d, struct arena *a, const struct q_def *q, const void *in, const struct q_params *p, struct q_answer **ret_answer, struct err *e)
{
    struct reading mine = {.q = q, .in = in, .params = p, .limit = db_limit(d), .wake = PTHREAD_COND_INITIALIZER};
    PGresult *r;

    queue_init(&mine.others);
    pthread_mutex_lock(&d->pool->gathering);
    bool answered = answered_by_others(d->pool, &mine);
    pthread_mutex_unlock(&d->pool->gathering);
    if (!answered && !lead(d, a, &mine, e)) {
        return false;
    }
    if (!mine.answer) {
        if (!q_run(d, q, p, &r, e)) {
            return false;
        }
        mine.answer = answer_new(r, 1);
    }
    *ret_answer = mine.answer;
    return true;
}
