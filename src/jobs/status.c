/* Metrics in Prometheus text format, as a file that is replaced as a whole (for node_exporter's textfile collector, or `cat`). */
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "jobs/jobs.h"

static void metric(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_file(const char *path, struct str text)
{
    struct arena *a = arena_new();
    const char *tmp = arena_printf(a, "%s.new", path);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd >= 0) {
        bool ok = write(fd, text.p, text.n) == (ssize_t)text.n;
        close(fd);
        if (!ok || rename(tmp, path) != 0)
            unlink(tmp);
    }
    arena_destroy(a);
}

bool status_write(const struct jobs_setup *setup, const struct job *const *jobs, const struct job_counters *counters, size_t n, bool stopping)
{
    struct buf b;
    static const struct { const char *name, *type, *help; size_t offset; } columns[] = {
        {"souk_job_portions_total", "counter", "Portions that a job began.", offsetof(struct job_counters, portions)},
        {"souk_job_units_total", "counter", "Units of work that a job did.", offsetof(struct job_counters, units)},
        {"souk_job_failures_total", "counter", "Portions that failed.", offsetof(struct job_counters, failures)},
        {"souk_job_last_success_timestamp_seconds", "gauge", "When a portion of the job last succeeded.", offsetof(struct job_counters, last_ok_s)}};
    bool ready = !stopping;
    buf_init(&b, 0);
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        metric(&b, columns[k].name, columns[k].type, columns[k].help);
        for (size_t i = 0; i < n; i++) {
            int64_t v;
            memcpy(&v, (const char *)&counters[i] + columns[k].offset, sizeof v);
            buf_printf(&b, "%s{group=\"%s\",job=\"%s\"} %lld\n", columns[k].name, setup->group, jobs[i]->name, (long long)v);
        }
    }
    for (size_t i = 0; i < n; i++)
        ready = ready && counters[i].last_ok_s > 0;
    metric(&b, "souk_jobs_ready", "gauge", "Every job of the group has succeeded at least once since the start, and the process does not end.");
    buf_printf(&b, "souk_jobs_ready{group=\"%s\"} %d\n", setup->group, ready);
    put_file(setup->status_path.p, buf_view(&b));
    buf_free(&b);
    return ready;
}
