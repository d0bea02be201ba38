/* load: see load.h and README.md. One thread, one epoll set, no clever pacing: as fast as the server answers. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

enum { OUT_MAX = 16 * 1024, IN_FIRST = 64 * 1024, IN_MAX = 8 << 20 };

struct list { char **v; size_t n, next; char name[32]; };

struct client {
    int fd;
    SSL *ssl;
    size_t step;
    struct vars vars;
    char out[OUT_MAX];
    size_t out_n, out_at;
    char *in;
    size_t in_n, in_cap;
    struct answer answer;
    int64_t sent_at, began_at;
    uint64_t requests, iterations;
};

static struct {
    struct sockaddr_in address;
    char host[128];
    bool tls;
    SSL_CTX *ctx;
    int epoll;
    const struct scenario *scenario;
    struct list lists[VARS_MAX];
    size_t n_lists;
    struct vars fixed;
    struct histogram request, iteration;
    uint64_t serial, errors, unexpected, bytes;
    int64_t limit;                 /* iterations to stop after; 0: none */
    uint64_t iterations, statuses[600];
    bool stopping;
    char first_problem[512];
} run;

static int64_t now_us(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void watch(struct client *c, uint32_t events, int op) {
    struct epoll_event ev = {.events = events, .data.ptr = c};
    if (epoll_ctl(run.epoll, op, c->fd, &ev) != 0) die("epoll_ctl");
}

static void start_step(struct client *c) {
    const struct step *s = &run.scenario->steps[c->step];
    if (c->step == 0) {
        char text[32];
        c->vars = run.fixed;
        vars_set(&c->vars, "n", text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)++run.serial));
        for (size_t i = 0; i < run.n_lists; i++) {
            struct list *l = &run.lists[i];
            const char *value = l->v[l->next++ % l->n];
            vars_set(&c->vars, l->name, value, strlen(value));
        }
        c->began_at = now_us();
    }
    c->out_n = step_render(s, &c->vars, run.host, c->out, sizeof c->out);
    c->out_at = 0;
    c->in_n = 0;
    c->answer = (struct answer){0};
    c->sent_at = now_us();
}

static void open_client(struct client *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)&run.address, sizeof run.address) != 0 && errno != EINPROGRESS) die("connect");
    if (run.tls) {
        c->ssl = SSL_new(run.ctx);
        if (!c->ssl || !SSL_set_fd(c->ssl, c->fd)) die("TLS");
        SSL_set_tlsext_host_name(c->ssl, "localhost");
        SSL_set_connect_state(c->ssl);
    }
    watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void close_client(struct client *c) {
    if (c->ssl) SSL_free(c->ssl);
    c->ssl = NULL;
    close(c->fd);
}

static void reopen(struct client *c) {
    close_client(c);
    if (run.stopping) return;
    open_client(c);
    c->step = 0;
    start_step(c);
}

/* -1: later; -2: the connection is gone. */
static ssize_t send_some(struct client *c) {
    ssize_t n = c->ssl ? SSL_write(c->ssl, c->out + c->out_at, (int)(c->out_n - c->out_at))
                       : send(c->fd, c->out + c->out_at, c->out_n - c->out_at, MSG_NOSIGNAL);
    if (n > 0) return n;
    if (!c->ssl) return errno == EAGAIN || errno == EINPROGRESS || errno == ENOTCONN ? -1 : -2;
    int why = SSL_get_error(c->ssl, (int)n);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? -1 : -2;
}

static ssize_t receive_some(struct client *c) {
    if (c->in_cap - c->in_n < 16 * 1024) {
        c->in_cap = c->in_cap ? c->in_cap * 2 : IN_FIRST;
        if (c->in_cap > IN_MAX || !(c->in = realloc(c->in, c->in_cap))) die("an answer is too large");
    }
    ssize_t n = c->ssl ? SSL_read(c->ssl, c->in + c->in_n, (int)(c->in_cap - c->in_n)) : recv(c->fd, c->in + c->in_n, c->in_cap - c->in_n, 0);
    if (n > 0) return n;
    if (!c->ssl) return n < 0 && errno == EAGAIN ? -1 : -2;
    int why = SSL_get_error(c->ssl, (int)n);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? -1 : -2;
}

static void note_problem(const struct client *c) {
    if (run.first_problem[0]) return;
    const struct step *s = &run.scenario->steps[c->step];
    size_t n = c->in_n - c->answer.head;
    snprintf(run.first_problem, sizeof run.first_problem, "%s %s -> %d %.*s", s->method, s->path, c->answer.status, (int)(n < 300 ? n : 300), c->in + c->answer.head);
}

static void answered(struct client *c) {
    const struct step *s = &run.scenario->steps[c->step];
    int64_t now = now_us();
    int status = c->answer.status;
    if (status > 0 && status < 600) run.statuses[status]++;
    histogram_add(&run.request, now - c->sent_at);
    c->requests++;
    run.bytes += c->in_n;
    bool fine = s->expect ? status == s->expect : status >= 200 && status < 400;
    if (!fine || !step_capture(s, &c->vars, c->in + c->answer.head, c->in_n - c->answer.head)) {
        run.unexpected++;
        note_problem(c);
        c->step = 0;
    } else if (++c->step == run.scenario->n) {
        histogram_add(&run.iteration, now - c->began_at);
        c->iterations++;
        c->step = 0;
        if (run.limit && (int64_t)++run.iterations >= run.limit) run.stopping = true;
    }
    if (c->answer.close) {
        size_t step = c->step;
        struct vars vars = c->vars;
        close_client(c);
        if (run.stopping) return;
        open_client(c);
        c->step = step;
        c->vars = vars;
    }
    start_step(c);
    watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

static void serve(struct client *c) {
    while (c->out_at < c->out_n) {
        ssize_t n = send_some(c);
        if (n == -1) return;
        if (n == -2) {
            run.errors++;
            reopen(c);
            return;
        }
        c->out_at += (size_t)n;
        if (c->out_at == c->out_n) watch(c, EPOLLIN, EPOLL_CTL_MOD);
    }
    for (;;) {
        ssize_t n = receive_some(c);
        if (n == -1) return;
        if (n != -2) c->in_n += (size_t)n;
        if (n == -2 || !answer_parse(&c->answer, c->in, c->in_n)) {
            run.errors++;
            reopen(c);
            return;
        }
        if (c->answer.complete) {
            answered(c);
            return;
        }
    }
}

static void report(const struct client *clients, size_t n, double seconds) {
    uint64_t least = UINT64_MAX, most = 0, silent = 0;
    for (size_t i = 0; i < n; i++) {
        if (clients[i].requests < least) least = clients[i].requests;
        if (clients[i].requests > most) most = clients[i].requests;
        silent += clients[i].requests == 0;
    }
    printf("{\"clients\":%zu,\"seconds\":%.3f,\"requests\":%llu,\"per_second\":%.1f,\"iterations\":%llu,\"iterations_per_second\":%.1f,", n, seconds,
           (unsigned long long)run.request.count, (double)run.request.count / seconds, (unsigned long long)run.iteration.count, (double)run.iteration.count / seconds);
    printf("\"p50_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld,\"iteration_p50_us\":%lld,\"iteration_p99_us\":%lld,", (long long)histogram_at(&run.request, 0.50),
           (long long)histogram_at(&run.request, 0.99), (long long)histogram_at(&run.request, 1.0), (long long)histogram_at(&run.iteration, 0.50),
           (long long)histogram_at(&run.iteration, 0.99));
    printf("\"least\":%llu,\"most\":%llu,\"silent\":%llu,\"errors\":%llu,\"unexpected\":%llu,\"bytes\":%llu,\"statuses\":{", (unsigned long long)least,
           (unsigned long long)most, (unsigned long long)silent, (unsigned long long)run.errors, (unsigned long long)run.unexpected, (unsigned long long)run.bytes);
    for (int i = 0, some = 0; i < 600; i++)
        if (run.statuses[i]) printf("%s\"%d\":%llu", some++ ? "," : "", i, (unsigned long long)run.statuses[i]);
    printf("}}\n");
    if (run.first_problem[0]) fprintf(stderr, "load: first unexpected answer: %s\n", run.first_problem);
}

/* name=value, or name=@FILE: the file's lines in turn */
static void add_variable(const char *text) {
    const char *equals = strchr(text, '=');
    char name[32] = "";
    if (!equals || (size_t)(equals - text) >= sizeof name) exit((fprintf(stderr, "load: --var name=value or name=@FILE\n"), 2));
    memcpy(name, text, (size_t)(equals - text));
    if (equals[1] != '@') {
        vars_set(&run.fixed, name, equals + 1, strlen(equals + 1));
        return;
    }
    FILE *f = fopen(equals + 2, "r");
    if (!f || run.n_lists == VARS_MAX) die(equals + 2);
    struct list *l = &run.lists[run.n_lists++];
    memcpy(l->name, name, sizeof name);
    char *line = NULL;
    size_t cap = 0;
    while (getline(&line, &cap, f) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!(l->v = realloc(l->v, (l->n + 1) * sizeof *l->v)) || !(l->v[l->n++] = strdup(line))) die("memory");
    }
    free(line);
    fclose(f);
    if (!l->n) exit((fprintf(stderr, "load: %s is empty\n", equals + 2), 2));
}

static void set_target(const char *url) {
    char host[64];
    int port;
    run.tls = !strncmp(url, "https://", 8);
    if (sscanf(url, run.tls ? "https://%63[^:]:%d" : "http://%63[^:]:%d", host, &port) != 2) exit((fprintf(stderr, "load: --url http[s]://127.0.0.1:PORT\n"), 2));
    run.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (!strcmp(host, "localhost")) memcpy(host, "127.0.0.1", 10);
    /* Loads go to this machine only. */
    if (inet_pton(AF_INET, host, &run.address.sin_addr) != 1 || (ntohl(run.address.sin_addr.s_addr) >> 24) != 127)
        exit((fprintf(stderr, "load: only addresses of the loopback range\n"), 2));
    snprintf(run.host, sizeof run.host, "localhost:%d", port);
    if (!run.tls) return;
    run.ctx = SSL_CTX_new(TLS_client_method());
    if (!run.ctx) die("TLS");
    SSL_CTX_set_verify(run.ctx, SSL_VERIFY_NONE, NULL);       /* the shop's certificate here is self-signed */
    SSL_CTX_set_mode(run.ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static void drive(int64_t end) {
    struct epoll_event events[256];
    while (!run.stopping && now_us() < end) {
        int ready = epoll_wait(run.epoll, events, 256, 50);
        for (int i = 0; i < ready && !run.stopping; i++) serve(events[i].data.ptr);
    }
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"url", 1, NULL, 'u'}, {"clients", 1, NULL, 'c'}, {"seconds", 1, NULL, 's'}, {"scenario", 1, NULL, 'f'}, {"get", 1, NULL, 'g'},
                                            {"var", 1, NULL, 'v'}, {"iterations", 1, NULL, 'i'}, {NULL, 0, NULL, 0}};
    static struct scenario scenario;
    size_t n = 128;
    double seconds = 4;
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'u') set_target(optarg);
        else if (o == 'c') n = strtoul(optarg, NULL, 10);
        else if (o == 's') seconds = strtod(optarg, NULL);
        else if (o == 'f') scenario_read(optarg, &scenario);
        else if (o == 'g') scenario_get(optarg, &scenario);
        else if (o == 'v') add_variable(optarg);
        else if (o == 'i') run.limit = strtoll(optarg, NULL, 10);
        else return 2;
    }
    if (!run.host[0] || !scenario.n || !n || n > 10000 || seconds <= 0 || seconds > 600)
        return fprintf(stderr, "usage: load --url URL (--get PATH | --scenario FILE) [--clients 1..10000] [--seconds S] [--iterations N] [--var name=value|name=@FILE]...\n"), 2;
    run.scenario = &scenario;
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    struct client *clients = calloc(n, sizeof *clients);
    if (!clients || run.epoll < 0) die("start");
    for (size_t i = 0; i < n; i++) {
        open_client(&clients[i]);
        start_step(&clients[i]);
    }
    int64_t began = now_us();
    drive(began + (int64_t)(seconds * 1e6));
    report(clients, n, (double)(now_us() - began) / 1e6);
    return 0;
}
