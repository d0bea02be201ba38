#include "service/order_link.h"

#include "crypto/crypto.h"
#include "crypto/keyring.h"

static struct str link_key(struct call *c, uint8_t key[AEAD_KEY_LEN])
{
    keyring_derive(c->env->keyring, KEY_ORDER_LINK, key);
    return str_of((const char *)key, AEAD_KEY_LEN);
}

struct str order_link_token(struct call *c, struct order_id order, usec_t from)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str k = link_key(c, key);
    struct str token = crypto_token_make(c->arena, k, "order", id_str(c->arena, ID_order, order.u), (from + ORDER_LINK_LIFE) / USEC_PER_SEC);
    crypto_cleanse(key, sizeof key);
    return token;
}

struct str order_page_path(struct call *c, struct order_id order, usec_t from)
{
    struct str id = id_str(c->arena, ID_order, order.u), token = order_link_token(c, order, from);
    return str_printf(c->arena, "/orders/" STR_FMT "?t=" STR_FMT, STR_ARG(id), STR_ARG(token));
}

bool order_link_opens(struct call *c, struct order_id order, struct str token)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str payload;
    struct err e;
    if (str_is_empty(token)) return false;
    struct str k = link_key(c, key);
    err_clear(&e);
    bool good = crypto_token_check(c->arena, k, "order", token, c->now / USEC_PER_SEC, &payload, &e);
    crypto_cleanse(key, sizeof key);
    return good && str_eq(payload, id_str(c->arena, ID_order, order.u));
}
