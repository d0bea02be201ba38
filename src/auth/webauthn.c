/* Step numbers are those of Web Authentication level 2, sections 7.1 (registration) and 7.2 (assertion). */
#include "auth/webauthn.h"

#include "auth/cbor.h"
#include "json/value.h"

enum { FLAG_UP = 0x01, FLAG_UV = 0x04, FLAG_BE = 0x08, FLAG_BS = 0x10, FLAG_AT = 0x40, FLAG_ED = 0x80 };
enum { COSE_KTY = 1, COSE_ALG = 3, COSE_EC_CRV = -1, COSE_EC_X = -2, COSE_EC_Y = -3, COSE_RSA_N = -1, COSE_RSA_E = -2 };
enum { KTY_EC2 = 2, KTY_RSA = 3, CRV_P256 = 1, ALG_ES256 = -7, ALG_RS256 = -257 };
enum { AUTH_DATA_MIN = SHA256_LEN + 1 + 4, AAGUID_LEN = 16 };

struct auth_data {
    struct str rp_id_hash;
    uint8_t flags;
    uint32_t sign_count;
    struct str aaguid, credential_id, public_key;       /* with FLAG_AT */
};

static bool no(struct err *e, enum problem p, const char *why)
{
    (void)err_set(e, p, "the passkey's answer is not valid");
    return err_cause(e, "webauthn: %s", why);
}

/* --- client data --------------------------------------------------------------------------------------------------- */

static bool is_word_of(struct str words, struct str word)
{
    struct str one;
    while (!str_is_null(words) && str_split(&words, ' ', &one))
        if (one.n > 0 && str_eq(one, word)) return true;
    return false;
}

/* 7.1 steps 5 to 10, 7.2 steps 8 to 13. NULL: fine. */
static const char *check_client_data(struct arena *a, const struct webauthn_expect *expect, struct str json, const char *type)
{
    const struct json_value *o = NULL;
    struct str challenge;
    bool cross = false;
    struct err e;
    err_clear(&e);
    if (str_is_null(json) || json.n > WEBAUTHN_CLIENT_DATA_MAX) return "client data is too long";
    if (!json_object_read(json, a, &o, &e)) return "client data is no JSON object";
    if (!str_eq_c(json_member_str(o, "type"), type)) return "client data has another type";
    if (!crypto_unbase64url(a, json_member_str(o, "challenge"), &challenge) || challenge.n < 16 || !crypto_equal(challenge, expect->challenge)) return "another challenge";
    if (!is_word_of(expect->origins, json_member_str(o, "origin"))) return "another origin";
    if (json_has(o, "crossOrigin") && (!json_value_bool(json_member(o, "crossOrigin"), &cross) || cross)) return "called from a frame of another site";
    return NULL;
}

/* --- authenticator data -------------------------------------------------------------------------------------------- */

static uint32_t big_endian(const char *p, int n)
{
    uint32_t v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | (uint8_t)p[i];
    return v;
}

static const char *read_credential(struct str *rest, struct auth_data *d)
{
    struct cbor key;
    if (rest->n < AAGUID_LEN + 2) return "the credential is cut off";
    d->aaguid = str_sub(*rest, 0, AAGUID_LEN);
    size_t n = big_endian(rest->p + AAGUID_LEN, 2);
    *rest = str_sub(*rest, AAGUID_LEN + 2, rest->n - AAGUID_LEN - 2);
    if (n == 0 || n > WEBAUTHN_CREDENTIAL_ID_MAX || n > rest->n) return "the credential's id is empty or too long";
    d->credential_id = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n - n);
    if (!cbor_read(rest, &key) || key.kind != CBOR_MAP || key.all.n > WEBAUTHN_COSE_MAX) return "the public key is no bounded CBOR map";
    d->public_key = key.all;
    return NULL;
}

/* Section 6.1. Nothing may be left over. */
static const char *read_auth_data(struct str in, struct auth_data *d)
{
    struct cbor extensions;
    const char *why = NULL;
    *d = (struct auth_data){.flags = 0};
    if (str_is_null(in) || in.n < AUTH_DATA_MIN || in.n > WEBAUTHN_AUTH_DATA_MAX) return "authenticator data is too short or too long";
    d->rp_id_hash = str_sub(in, 0, SHA256_LEN);
    d->flags = (uint8_t)in.p[SHA256_LEN];
    d->sign_count = big_endian(in.p + SHA256_LEN + 1, 4);
    struct str rest = str_sub(in, AUTH_DATA_MIN, in.n - AUTH_DATA_MIN);
    if ((d->flags & FLAG_AT) && (why = read_credential(&rest, d)) != NULL) return why;
    if ((d->flags & FLAG_ED) && (!cbor_read(&rest, &extensions) || extensions.kind != CBOR_MAP)) return "extensions are no CBOR map";
    return rest.n == 0 ? NULL : "bytes are left over behind authenticator data";
}

/* 7.1 steps 13 to 16, 7.2 steps 15 to 17; and a backup without eligibility is a contradiction (level 3, section 6.1). */
static const char *check_auth_data(const struct webauthn_expect *expect, const struct auth_data *d)
{
    uint8_t hash[SHA256_LEN];
    crypto_sha256(expect->rp_id, hash);
    if (!crypto_equal(d->rp_id_hash, str_of((const char *)hash, sizeof hash))) return "another rpId";
    if ((d->flags & FLAG_UP) == 0) return "nobody was there";
    if (expect->user_verification && (d->flags & FLAG_UV) == 0) return "the person was not verified";
    if ((d->flags & FLAG_BS) && (d->flags & FLAG_BE) == 0) return "backed up without being eligible";
    return NULL;
}

/* --- keys ---------------------------------------------------------------------------------------------------------- */

static bool int_of(const struct cbor *map, int64_t key, int64_t *ret)
{
    struct cbor v;
    if (!cbor_by_int(map, key, &v) || v.kind != CBOR_INT) return false;
    *ret = v.i;
    return true;
}

static struct str bytes_of(const struct cbor *map, int64_t key)
{
    struct cbor v;
    return cbor_by_int(map, key, &v) && v.kind == CBOR_BYTES ? v.s : STR_NULL;
}

bool webauthn_public_key(struct str cose, struct verify_key **ret_key, struct err *e)
{
    struct cbor map;
    int64_t kty = 0, alg = 0, crv = 0;
    if (str_is_null(cose) || cose.n > WEBAUTHN_COSE_MAX || !cbor_read_all(cose, &map) || map.kind != CBOR_MAP || !int_of(&map, COSE_KTY, &kty) || !int_of(&map, COSE_ALG, &alg))
        return err_set(e, PROBLEM_INVALID, "the passkey's key cannot be read");
    if (kty == KTY_EC2 && alg == ALG_ES256 && int_of(&map, COSE_EC_CRV, &crv) && crv == CRV_P256)
        return verify_key_ec(bytes_of(&map, COSE_EC_X), bytes_of(&map, COSE_EC_Y), ret_key, e);
    if (kty == KTY_RSA && alg == ALG_RS256) return verify_key_rsa(bytes_of(&map, COSE_RSA_N), bytes_of(&map, COSE_RSA_E), ret_key, e);
    return err_set(e, PROBLEM_INVALID, "the passkey's key is of a kind that is not used here");
}

/* --- registration -------------------------------------------------------------------------------------------------- */

static const char *read_attestation(struct str in, struct str *ret_format, struct str *ret_auth_data)
{
    struct cbor map, format, statement, data;
    if (str_is_null(in) || in.n > WEBAUTHN_ATTESTATION_MAX || !cbor_read_all(in, &map) || map.kind != CBOR_MAP) return "the attestation is no bounded CBOR map";
    if (map.n != 3 || !cbor_by_text(&map, "fmt", &format) || format.kind != CBOR_TEXT || format.s.n == 0 || format.s.n > 32 || !cbor_by_text(&map, "attStmt", &statement) ||
        statement.kind != CBOR_MAP || !cbor_by_text(&map, "authData", &data) || data.kind != CBOR_BYTES)
        return "the attestation has not its three members";
    if (str_eq_c(format.s, "none") && statement.n != 0) return "an attestation of none says something";
    *ret_format = format.s;
    *ret_auth_data = data.s;
    return NULL;
}

bool webauthn_register(struct arena *a, const struct webauthn_expect *expect, struct str client_data_json, struct str attestation_object,
                       struct webauthn_registration *ret, struct err *e)
{
    struct auth_data d;
    struct str format = STR_NULL, data = STR_NULL;
    struct verify_key *key = NULL;
    const char *why = check_client_data(a, expect, client_data_json, "webauthn.create");
    if (why == NULL) why = read_attestation(attestation_object, &format, &data);
    if (why == NULL) why = read_auth_data(data, &d);
    if (why == NULL) why = check_auth_data(expect, &d);
    if (why == NULL && (d.flags & FLAG_AT) == 0) why = "there is no credential";
    if (why != NULL) return no(e, PROBLEM_INVALID, why);
    if (!webauthn_public_key(d.public_key, &key, e)) return false;
    *ret = (struct webauthn_registration){
        .credential_id = str_dup(a, d.credential_id), .public_key = str_dup(a, d.public_key), .alg = verify_key_alg(key), .sign_count = d.sign_count, .format = str_dup(a, format),
        .user_verified = (d.flags & FLAG_UV) != 0, .backup_eligible = (d.flags & FLAG_BE) != 0, .backed_up = (d.flags & FLAG_BS) != 0};
    memcpy(ret->aaguid, d.aaguid.p, AAGUID_LEN);
    verify_key_free(key);
    return true;
}

/* --- assertion ----------------------------------------------------------------------------------------------------- */

static const char *check_signature(struct arena *a, struct str public_key, const struct webauthn_answer *answer)
{
    struct verify_key *key = NULL;
    struct err e;
    err_clear(&e);
    if (str_is_null(answer->signature) || answer->signature.n > WEBAUTHN_SIGNATURE_MAX) return "the signature is too long";
    if (!webauthn_public_key(public_key, &key, &e)) return "the stored key cannot be read";
    char *text = arena_alloc(a, answer->authenticator_data.n + SHA256_LEN);
    memcpy(text, answer->authenticator_data.p, answer->authenticator_data.n);
    crypto_sha256(answer->client_data_json, (uint8_t *)text + answer->authenticator_data.n);
    bool ok = verify_signature_der(key, str_of(text, answer->authenticator_data.n + SHA256_LEN), answer->signature);
    verify_key_free(key);
    return ok ? NULL : "the signature is wrong";
}

static const char *check_handle(const struct webauthn_credential *credential, const struct webauthn_answer *answer)
{
    if (str_is_null(answer->user_handle) || answer->user_handle.n == 0) return credential->need_handle ? "no user handle" : NULL;
    if (answer->user_handle.n > WEBAUTHN_USER_HANDLE_MAX || !crypto_equal(answer->user_handle, credential->user_handle)) return "another user handle";
    return NULL;
}

bool webauthn_assert(struct arena *a, const struct webauthn_expect *expect, const struct webauthn_credential *credential, const struct webauthn_answer *answer,
                     struct webauthn_assertion *ret, struct err *e)
{
    struct auth_data d;
    const char *why = check_handle(credential, answer);
    if (why == NULL) why = check_client_data(a, expect, answer->client_data_json, "webauthn.get");
    if (why == NULL) why = read_auth_data(answer->authenticator_data, &d);
    if (why == NULL) why = check_auth_data(expect, &d);
    if (why == NULL) why = check_signature(a, credential->public_key, answer);
    if (why != NULL) return no(e, PROBLEM_INVALID_CREDENTIALS, why);
    *ret = (struct webauthn_assertion){
        .sign_count = d.sign_count, .user_verified = (d.flags & FLAG_UV) != 0, .backed_up = (d.flags & FLAG_BS) != 0,
        .count_went_back = (d.sign_count != 0 || credential->sign_count != 0) && d.sign_count <= credential->sign_count};
    return true;
}
