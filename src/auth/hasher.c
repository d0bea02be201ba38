/* A queue of jobs, a few threads that work it off. A job belongs to two sides, the caller and the thread: who leaves last frees it, so a caller whose deadline passes does not
 * wait for a thread that is busy with its job. */
#include "auth/hasher.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypto/kdf.h"

enum { NICE = 10, GUESS_US = 30000, RETRY_MAX_S = 30 };

enum job_kind { JOB_ENCODE, JOB_VERIFY };
enum job_state { JOB_WAITING, JOB_WORKING, JOB_DONE };

struct job {
    struct job *next;
    enum job_kind kind;
    enum job_state state;
    bool left;                              /* the caller is gone: the thread frees the job */
    bool ok, match;
    struct err e;
    size_t n_password, n_encoded;
    char encoded[PASSWORD_ENCODED_MAX + 1]; /* in and out */
    char password[PASSWORD_BYTES_MAX + 1];
};

struct hasher {
    struct hasher_options o;
    pthread_mutex_t mutex;
    pthread_cond_t work, done;              /* done: monotonic clock */
    struct job *first, **last;
    int waiting, working;
    int inside;                             /* callers between coming in and going out */
    int64_t finished, refused;
    int64_t mean_us;                        /* of one hash, lately */
    bool stop;
    int n_threads;
    pthread_t *threads;
    char dummy[PASSWORD_ENCODED_MAX + 1];   /* a hash of our parameters that nobody knows the password of */
};

static void job_free(struct job *j)
{
    crypto_cleanse(j, sizeof *j);
    free(j);
}

/* --- threads ------------------------------------------------------------------------------------------------------- */

static void job_run(const struct hasher *h, struct job *j, struct arena *a)
{
    struct str password = str_of(j->password, j->n_password);
    if (j->kind == JOB_VERIFY) {
        j->ok = password_verify(a, str_of(j->encoded, j->n_encoded), password, &j->match, &j->e);
    } else {
        struct str out;
        j->ok = password_encode(&h->o.params, a, password, &out, &j->e);
        if (j->ok && out.n <= PASSWORD_ENCODED_MAX) {
            memcpy(j->encoded, out.p, out.n);
            j->n_encoded = out.n;
        }
    }
    crypto_cleanse(j->password, sizeof j->password);
}

static struct job *take(struct hasher *h)
{
    struct job *j = h->first;
    h->first = j->next;
    if (h->first == NULL) h->last = &h->first;
    h->waiting--;
    return j;
}

static void *thread_main(void *arg)
{
    struct hasher *h = arg;
    struct arena *a = arena_new();
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);       /* Linux: of this thread alone */
    pthread_mutex_lock(&h->mutex);
    for (;;) {
        while (!h->stop && h->first == NULL)
            pthread_cond_wait(&h->work, &h->mutex);
        if (h->stop) break;
        struct job *j = take(h);
        j->state = JOB_WORKING;
        h->working++;
        pthread_mutex_unlock(&h->mutex);
        int64_t started = clock_monotonic();
        job_run(h, j, a);
        arena_reset(a);
        int64_t took = clock_monotonic() - started;
        pthread_mutex_lock(&h->mutex);
        h->working--;
        h->finished++;
        h->mean_us += (took - h->mean_us) / 8;
        j->state = JOB_DONE;
        if (j->left) job_free(j);
        else pthread_cond_broadcast(&h->done);
    }
    pthread_mutex_unlock(&h->mutex);
    arena_destroy(a);
    return NULL;
}

static bool start_threads(struct hasher *h, struct err *e)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);            /* signals are the main thread's matter */
    int rc = 0;
    for (; h->n_threads < h->o.threads && rc == 0; h->n_threads += rc == 0)
        rc = pthread_create(&h->threads[h->n_threads], NULL, thread_main, h);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = rc;
    return rc == 0 || err_cause(e, "a thread that hashes passwords: %m");
}

/* Salt and hash are random: no password is known that gives them, and looking for one takes the usual time. */
static void make_dummy(struct hasher *h)
{
    struct arena *a = arena_new();
    uint8_t salt[16], hash[32];
    crypto_random(salt, sizeof salt);
    crypto_random(hash, sizeof hash);
    struct str s = crypto_base64(a, str_of((const char *)salt, sizeof salt), false), t = crypto_base64(a, str_of((const char *)hash, sizeof hash), false);
    snprintf(h->dummy, sizeof h->dummy, "$argon2id$v=19$m=%u,t=%u,p=%u$" STR_FMT "$" STR_FMT, h->o.params.memory_kib, h->o.params.passes, h->o.params.lanes, STR_ARG(s), STR_ARG(t));
    arena_destroy(a);
}

bool hasher_new(const struct hasher_options *o, struct hasher **ret_hasher, struct err *e)
{
    struct hasher *h = calloc(1, sizeof *h);
    pthread_condattr_t monotonic;
    BUG_IF(h == NULL || o->threads < 1 || o->queue < 1);
    *h = (struct hasher){.o = *o, .mean_us = GUESS_US};
    h->last = &h->first;
    h->threads = calloc((size_t)o->threads, sizeof *h->threads);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    BUG_IF(h->threads == NULL || pthread_mutex_init(&h->mutex, NULL) != 0 || pthread_cond_init(&h->work, NULL) != 0 || pthread_cond_init(&h->done, &monotonic) != 0);
    pthread_condattr_destroy(&monotonic);
    make_dummy(h);
    if (!start_threads(h, e)) {
        hasher_destroy(h);
        return false;
    }
    *ret_hasher = h;
    return true;
}

static void refuse_waiting(struct hasher *h)
{
    while (h->first != NULL) {
        struct job *j = take(h);
        j->state = JOB_DONE;
        j->ok = err_set(&j->e, PROBLEM_UNAVAILABLE, "the shop is restarting");
        j->e.retry_after_s = 1;
        if (j->left) job_free(j);
    }
    pthread_cond_broadcast(&h->done);
}

void hasher_destroy(struct hasher *h)
{
    if (h == NULL) return;
    pthread_mutex_lock(&h->mutex);
    h->stop = true;
    refuse_waiting(h);
    pthread_cond_broadcast(&h->work);
    pthread_mutex_unlock(&h->mutex);
    for (int i = 0; i < h->n_threads; i++)
        pthread_join(h->threads[i], NULL);
    pthread_mutex_lock(&h->mutex);
    while (h->inside > 0)
        pthread_cond_wait(&h->done, &h->mutex);
    pthread_mutex_unlock(&h->mutex);
    pthread_cond_destroy(&h->work);
    pthread_cond_destroy(&h->done);
    pthread_mutex_destroy(&h->mutex);
    free(h->threads);
    free(h);
}

/* --- callers ------------------------------------------------------------------------------------------------------- */

/* Unlocks. The hasher may be gone right behind it. */
static void go_out(struct hasher *h)
{
    if (--h->inside == 0 && h->stop) pthread_cond_broadcast(&h->done);
    pthread_mutex_unlock(&h->mutex);
}

static bool refuse(struct hasher *h, int64_t wait_us, struct err *e)
{
    int64_t s = wait_us / 1000000 + 1;
    h->refused++;
    go_out(h);
    err_set(e, PROBLEM_UNAVAILABLE, "too many people sign in at this moment");
    e->retry_after_s = (int)(s < RETRY_MAX_S ? s : RETRY_MAX_S);
    return false;
}

/* Takes the job out of the queue, or leaves it to the thread that has it. */
static void leave(struct hasher *h, struct job *j)
{
    if (j->state == JOB_WORKING) {
        j->left = true;
        return;
    }
    struct job **p = &h->first;
    while (*p != j) p = &(*p)->next;
    *p = j->next;
    if (h->last == &j->next) h->last = p;
    h->waiting--;
    job_free(j);
}

/* Queues the job and waits until it is done. Takes `j` over when it says false. */
static bool run(struct hasher *h, struct job *j, int64_t deadline, struct err *e)
{
    struct timespec until = {deadline / 1000000, deadline % 1000000 * 1000};
    pthread_mutex_lock(&h->mutex);
    h->inside++;
    int64_t wait_us = (h->waiting + h->working) * h->mean_us / h->o.threads;
    if (h->stop || h->waiting >= h->o.queue || clock_monotonic() + wait_us + h->mean_us / 2 > deadline) {
        job_free(j);
        return refuse(h, wait_us, e);
    }
    *h->last = j;
    h->last = &j->next;
    h->waiting++;
    pthread_cond_signal(&h->work);
    while (j->state != JOB_DONE) {
        if (pthread_cond_timedwait(&h->done, &h->mutex, &until) == ETIMEDOUT && j->state != JOB_DONE) {
            leave(h, j);
            return refuse(h, wait_us, e);
        }
    }
    go_out(h);
    return true;
}

static struct job *job_new(enum job_kind kind, struct str encoded, struct str password)
{
    struct job *j = calloc(1, sizeof *j);
    BUG_IF(j == NULL);
    err_clear(&j->e);
    j->kind = kind;
    if (!str_is_null(encoded) && encoded.n <= PASSWORD_ENCODED_MAX) {
        memcpy(j->encoded, encoded.p, encoded.n);
        j->n_encoded = encoded.n;
    }
    j->n_password = password.n <= PASSWORD_BYTES_MAX ? password.n : 0;      /* longer ones match nothing, in the usual time */
    if (j->n_password > 0) memcpy(j->password, password.p, j->n_password);
    return j;
}

bool hasher_encode(struct hasher *h, struct arena *a, struct str password, int64_t deadline, struct str *ret_encoded, struct err *e)
{
    struct job *j = job_new(JOB_ENCODE, STR_NULL, password);
    if (!run(h, j, deadline, e)) return false;
    bool ok = j->ok;
    if (ok) *ret_encoded = str_dup(a, str_of(j->encoded, j->n_encoded));
    else *e = j->e;
    job_free(j);
    return ok;
}

bool hasher_verify(struct hasher *h, struct str encoded, struct str password, int64_t deadline, bool *ret_match, struct err *e)
{
    struct job *j = job_new(JOB_VERIFY, encoded, password);
    if (!run(h, j, deadline, e)) return false;
    bool ok = j->ok;
    if (ok) *ret_match = j->match;
    else *e = j->e;
    job_free(j);
    return ok;
}

bool hasher_equalise(struct hasher *h, struct str password, int64_t deadline, struct err *e)
{
    bool match = false;
    return hasher_verify(h, str_from(h->dummy), password, deadline, &match, e);
}

bool hasher_needs_rehash(const struct hasher *h, struct str encoded)
{
    return password_needs_rehash(&h->o.params, encoded);
}

void hasher_status(struct hasher *h, struct hasher_status *ret_status)
{
    pthread_mutex_lock(&h->mutex);
    *ret_status = (struct hasher_status){h->waiting, h->working, h->finished, h->refused};
    pthread_mutex_unlock(&h->mutex);
}
