#include "jobs/jobs.h"
#include "service/identity_provider.h"
#include "service/payment.h"

const struct job job_table[] = {
    {"relay", "core", job_relay, 0, 0, "gives committed events their place in the feed"},
    {"consume", "core", job_consume, 0, 0, "turns events into work: an order that was paid owes a mail"},
    {"mail", "core", job_mail, 20, 500, "writes and sends mails"},
    {"reservations", "core", job_reservations, 50, 1000, "gives back stock whose reservation ended"},
    {"carts", "core", job_carts, 100, 60000, "closes carts that nobody touched for their life"},
    {"listing", "core", job_listing, 100, 1000, "renews list rows whose prices begin or end"},
    {"challenges", "core", job_challenges, 100, 60000, "forgets challenges and counted tries that are over"},
    {"audit", "core", job_audit, 100, 500, "chains committed audit rows"},
    {"privacy", "core", job_privacy, 20, 500, "makes exports of people's data, erases accounts"},
    {"provider_keys", "core", identity_provider_refresh, 200, 2000, "fetches the keys of outside identity providers when they are old or missed"},
    {"partitions", "core", job_partitions, 600000, 3600000, "makes partitions ahead, drops old ones, forgets what has long been done: jobs, messages, news of providers, exports whose time is over"},
    {"events", "payment", payment_work_events, 20, 250, "works news of providers by asking them"},
    {"pull", "payment", payment_work_pull, 50, 500, "fetches news of providers that cannot post"},
    {"commands", "payment", payment_work_commands, 20, 250, "captures, voids and refunds what other domains asked for"},
    {"sweep", "payment", payment_work_sweep, 50, 500, "settles what stayed open, cancels unpaid orders"},
    {0}};
