#include "service/person.h"

#include "crypto/keyring.h"
#include "domain/contact.h"
#include "sql/identity.h"
#include "sql/keys.h"

/* The keys of the persons of one request. A request has one person, a list of orders a few dozen. */
struct person_keys {
    struct person_keys *next;
    struct person_id person;
    bool known;                          /* false: erased */
    uint8_t key[AEAD_KEY_LEN];
};

static struct str key_context(struct arena *a, struct person_id person)
{
    char text[37];
    uuid_format(person.u, text);
    return str_printf(a, "keys.person_key:%s", text);
}

struct str person_context(struct arena *a, const char *schema_table_column, struct uuid row)
{
    char text[37];
    uuid_format(row, text);
    return str_printf(a, "%s:%s", schema_table_column, text);
}

struct str person_email_hash(struct call *c, struct str email)
{
    uint8_t key[AEAD_KEY_LEN];
    char *mac = arena_alloc(c->arena, SHA256_LEN);
    keyring_derive(c->env->keyring, KEY_EMAIL_HASH, key);
    crypto_hmac_sha256(str_of((const char *)key, sizeof key), email_key(c->arena, str_trim(email)), (uint8_t *)mac);
    crypto_cleanse(key, sizeof key);
    return str_of(mac, SHA256_LEN);
}

static struct person_keys *remember(struct call *c, struct person_id person, bool known)
{
    struct person_keys *k = ARENA_NEW(c->arena, struct person_keys);
    k->person = person;
    k->known = known;
    arena_cleanse(c->arena, k->key, sizeof k->key);
    k->next = c->person_keys;
    c->person_keys = k;
    return k;
}

static struct person_keys *cached(const struct call *c, struct person_id person)
{
    for (struct person_keys *k = c->person_keys; k != NULL; k = k->next)
        if (uuid_eq(k->person.u, person.u))
            return k;
    return NULL;
}

static bool fetch(struct call *c, struct person_id person, struct person_keys **ret_key, struct err *e)
{
    struct q_person_key_get_row row;
    bool found;
    *ret_key = cached(c, person);
    if (*ret_key != NULL)
        return true;
    BUG_IF(c->env->keyring == NULL || c->db_keys == NULL);
    if (!q_person_key_get(c->db_keys, c->arena, &(struct q_person_key_get_in){.person = person}, &row, &found, e))
        return false;
    uint8_t key[AEAD_KEY_LEN];
    if (found && !keyring_unwrap(c->env->keyring, c->arena, key_context(c->arena, person), row.wrapped, key, e))
        return false;
    *ret_key = remember(c, person, found);
    if (found) {
        memcpy((*ret_key)->key, key, sizeof key);
        crypto_cleanse(key, sizeof key);
    }
    return true;
}

bool person_load_key(struct call *c, struct person_id person, bool *ret_known, struct err *e)
{
    struct person_keys *k;
    if (!fetch(c, person, &k, e))
        return false;
    *ret_known = k->known;
    return true;
}

bool person_load_keys(struct call *c, const struct person_id *persons, size_t n, struct err *e)
{
    struct q_person_keys_get_rows rows;
    uint8_t key[AEAD_KEY_LEN];
    BUG_IF(c->env->keyring == NULL || c->db_keys == NULL);
    if (!q_person_keys_get(c->db_keys, c->arena, &(struct q_person_keys_get_in){.persons = {n, persons}}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        if (cached(c, rows.v[i].person) != NULL)
            continue;
        if (!keyring_unwrap(c->env->keyring, c->arena, key_context(c->arena, rows.v[i].person), rows.v[i].wrapped, key, e))
            return false;
        memcpy(remember(c, rows.v[i].person, true)->key, key, sizeof key);
    }
    crypto_cleanse(key, sizeof key);
    for (size_t i = 0; i < n; i++)
        if (cached(c, persons[i]) == NULL)
            (void)remember(c, persons[i], false);
    return true;
}

struct str person_new_key(struct call *c, struct person_id person)
{
    struct person_keys *k = remember(c, person, true);
    crypto_random(k->key, sizeof k->key);
    return keyring_wrap(c->env->keyring, c->arena, key_context(c->arena, person), k->key);
}

/* A key for a person who has none yet: after a crash between person and key, or at the first contact. */
static bool make_key(struct call *c, struct person_id person, struct err *e)
{
    uint8_t key[AEAD_KEY_LEN];
    crypto_random(key, sizeof key);
    struct str wrapped = keyring_wrap(c->env->keyring, c->arena, key_context(c->arena, person), key);
    crypto_cleanse(key, sizeof key);
    return q_person_key_put(c->db_keys, c->arena, &(struct q_person_key_put_in){.person = person, .wrapped = wrapped, .now = c->now}, NULL, e);
}

bool person_for_contact(struct call *c, struct str email, struct person_id *ret_person, struct err *e)
{
    struct q_person_for_contact_row row;
    struct person_keys *k;
    BUG_IF(c->env->keyring == NULL || c->db_keys == NULL || db_in_transaction(c->db));
    if (!q_person_for_contact(c->db, c->arena, &(struct q_person_for_contact_in){
            .new_id = {uuid_v7(c->now)}, .email_hash = person_email_hash(c, email), .now = c->now}, &row, e))
        return false;
    if (!fetch(c, row.id, &k, e))
        return false;
    if (!k->known) {
        c->person_keys = k->next;        /* forget "none": what another request stored meanwhile is read back */
        if (!make_key(c, row.id, e) || !fetch(c, row.id, &k, e))
            return false;
        if (!k->known)
            return err_cause(e, "an unclaimed person was erased but still has an address");
    }
    *ret_person = row.id;
    return true;
}

bool person_make(struct call *c, struct person_id *ret_person, struct err *e)
{
    struct person_id person = {uuid_v7(c->now)};
    BUG_IF(c->env->keyring == NULL || c->db_keys == NULL || db_in_transaction(c->db));
    if (!make_key(c, person, e) || !q_person_make(c->db, c->arena, &(struct q_person_make_in){.id = person, .now = c->now}, NULL, e))
        return false;
    *ret_person = person;
    return true;
}

bool person_seal(struct call *c, struct person_id person, struct str context, struct str plain, struct str *ret_sealed, struct err *e)
{
    struct person_keys *k;
    if (str_is_null(plain)) {
        *ret_sealed = STR_NULL;
        return true;
    }
    if (!fetch(c, person, &k, e))
        return false;
    if (!k->known)
        return err_set(e, PROBLEM_CONFLICT, "This person was erased.");
    *ret_sealed = crypto_seal(c->arena, k->key, context, plain);
    return true;
}

bool person_open(struct call *c, struct person_id person, struct str context, struct str sealed, struct str *ret_plain, struct err *e)
{
    struct person_keys *k;
    if (str_is_empty(sealed)) {                      /* empty: it was taken out when the person was erased */
        *ret_plain = STR_NULL;
        return true;
    }
    if (!fetch(c, person, &k, e))
        return false;
    if (!k->known) {
        *ret_plain = STR_NULL;
        return true;
    }
    return crypto_open(c->arena, k->key, context, sealed, ret_plain, e);
}

bool person_keyring_open(const struct config *config, struct keyring **ret_keyring, struct err *e)
{
    struct arena *a = arena_new();
    const char *path = config->master_key_file[0] ? config->master_key_file : arena_printf(a, "%s/secrets/master.key", config->home);
    bool ok = keyring_load(path, ret_keyring, e);
    arena_destroy(a);
    return ok;
}

void person_keyring_close(struct keyring *keyring)
{
    keyring_destroy(keyring);
}
