/* The sandbox bank's page. It plays another site: it knows nothing of the shop but what its own books hold, its key stands in
 * the address, and it sends the payer back by the address that the shop gave when it asked for the money. */
#include "pool.h"
#include "service/payment.h"
#include "service/provider_sandbox.h"
#include "tpl/shop_bank_challenge.h"

static const struct shape_field challenge_fields[] = {
    {"id", SHAPE_STR, offsetof(struct challenge_in, id), .in = SHAPE_QUERY, .required = true, .max = 64, .doc = "The bank's payment"},
    {"key", SHAPE_STR, offsetof(struct challenge_in, key), .in = SHAPE_QUERY, .required = true, .max = 64, .doc = "Unguessable"},
    {NULL}};
const struct shape challenge_shape = {"BankChallenge", challenge_fields, sizeof(struct challenge_in)};

static const char *const results[] = {"approve", "decline", NULL};
static const struct shape_field challenge_answer_fields[] = {
    {"state", SHAPE_STR, offsetof(struct challenge_answer_in, state), .required = true, .max = 130, .doc = "Which challenge"},
    {"result", SHAPE_ENUM, offsetof(struct challenge_answer_in, result), .required = true, .values = results, .doc = "The payer's answer"},
    {NULL}};
const struct shape challenge_answer_shape = {"BankAnswer", challenge_answer_fields, sizeof(struct challenge_answer_in)};

static void show(struct req *r, struct http_response *w, const struct challenge_in *in, const struct sandbox_challenge *c)
{
    struct tpl_shop_bank_challenge page = {
        .lang = str_from(text_locale(r->html.texts)), .action = STR("/pay/challenge"), .amount = c->amount, .card = c->card,
        .state = str_printf(r->arena, STR_FMT "." STR_FMT, STR_ARG(in->id), STR_ARG(in->key)), .merchant = str_from(r->call->env->config->shop_name),
        .expired = !c->open, .return_href = c->return_url};
    web_cache_never(w);
    tpl_shop_bank_challenge(&r->html, &page);
}

static bool bank(struct req *r, const struct payment_provider **ret, struct err *e)
{
    *ret = payment_provider(r->call->env, STR("sandbox"));
    return *ret != NULL || err_set(e, PROBLEM_NOT_FOUND, "There is no sandbox here.");
}

bool page_challenge(struct req *r, struct http_response *w, struct err *e)
{
    const struct challenge_in *in = r->in;
    const struct payment_provider *p;
    struct sandbox_challenge c;
    if (!bank(r, &p, e) || !sandbox_challenge_get(p, r->arena, r->call->deadline, in->id, in->key, &c, e))
        return false;
    show(r, w, in, &c);
    return true;
}

bool page_challenge_answer(struct req *r, struct http_response *w, struct err *e)
{
    const struct challenge_answer_in *form = r->in;
    const struct payment_provider *p;
    struct sandbox_challenge c;
    struct challenge_in in;
    struct str rest = form->state;
    if (!str_split(&rest, '.', &in.id) || str_is_null(rest))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such challenge.");
    in.key = rest;
    if (!bank(r, &p, e) || !sandbox_challenge_get(p, r->arena, r->call->deadline, in.id, in.key, &c, e))
        return false;
    if (!c.open) {
        show(r, w, &in, &c);
        return true;
    }
    if (!sandbox_challenge_answer(p, r->arena, r->call->deadline, in.id, in.key, str_eq_c(form->result, "approve"), &c, e))
        return false;
    http_redirect(w, 303, c.return_url);
    web_cache_never(w);
    return true;
}
