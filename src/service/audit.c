#include "service/audit.h"

#include <arpa/inet.h>

#include "sql/audit.h"

struct str audit_place(struct arena *a, struct str client)
{
    unsigned char ip[16];
    char text[INET6_ADDRSTRLEN];
    const char *s = str_cstr(a, client);
    if (s == NULL) return STR_NULL;
    if (inet_pton(AF_INET6, s, ip) == 1) {
        static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
        if (memcmp(ip, mapped, sizeof mapped) == 0) return str_printf(a, "%d.%d.%d.0", ip[12], ip[13], ip[14]);
        memset(ip + 6, 0, 10);
        return inet_ntop(AF_INET6, ip, text, sizeof text) != NULL ? str_dup(a, str_from(text)) : STR_NULL;
    }
    return inet_pton(AF_INET, s, ip) == 1 ? str_printf(a, "%d.%d.%d.0", ip[0], ip[1], ip[2]) : STR_NULL;
}

struct str audit_actor(const struct call *c)
{
    if (!str_is_empty(c->actor.id)) return c->actor.id;
    return c->actor.kind == ACTOR_SYSTEM ? STR("system") : STR("guest");
}

bool audit_write(struct call *c, const char *action, const char *object_type, struct uuid object, struct str detail, struct err *e)
{
    return q_audit_write(c->db, c->arena, &(struct q_audit_write_in){.actor = audit_actor(c), .action = str_from(action), .object_type = str_from(object_type),
                             .object = object, .detail = str_is_null(detail) ? STR("{}") : detail, .place = audit_place(c->arena, c->client),
                             .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, NULL, e);
}
