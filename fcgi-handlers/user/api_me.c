#include "service/account.h"
#include "user/handlers.h"
#include "user/shapes.h"

bool api_me_get(struct req *r, struct http_response *w, struct err *e)
{
    struct account *account = ARENA_NEW(r->arena, struct account);
    if (!account_read(r->call, r->call->actor.account, account, e)) return false;
    web_cache_never(w);
    web_json(r, w, account);
    return true;
}
