#include "auth/token.h"

#include "auth/token_keys.h"

enum { CLAIM_MAX = 2048, SUBJECT_MAX = 255, AUDIENCES_MAX = 16 };

const char *token_fault_name(enum token_fault f)
{
    static const char *const names[] = {
        [TOKEN_FINE] = "fine", [TOKEN_MALFORMED] = "malformed", [TOKEN_UNKNOWN_KEY] = "unknown_key", [TOKEN_WRONG_ALGORITHM] = "wrong_algorithm",
        [TOKEN_BAD_SIGNATURE] = "bad_signature", [TOKEN_EXPIRED] = "expired", [TOKEN_TOO_EARLY] = "too_early", [TOKEN_WRONG_ISSUER] = "wrong_issuer",
        [TOKEN_WRONG_AUDIENCE] = "wrong_audience", [TOKEN_WRONG_NONCE] = "wrong_nonce", [TOKEN_BAD_CLAIMS] = "bad_claims"};
    return names[f];
}

struct parts { struct str header, payload, signature, signed_part; };

/* Exactly three parts that are not empty. */
static bool split(struct str token, struct parts *ret)
{
    struct str rest = token;
    if (str_is_null(token) || !str_split(&rest, '.', &ret->header) || str_is_null(rest) || !str_split(&rest, '.', &ret->payload) || str_is_null(rest)) return false;
    ret->signature = rest;
    ret->signed_part = str_sub(token, 0, ret->header.n + 1 + ret->payload.n);
    return ret->header.n > 0 && ret->payload.n > 0 && ret->signature.n > 0 && memchr(rest.p, '.', rest.n) == NULL;
}

bool token_is_jwt(struct str token)
{
    struct parts p;
    return split(token, &p);
}

static bool read_part(struct str text, struct arena *a, const struct json_value **ret)
{
    struct str bytes;
    struct err e;
    err_clear(&e);
    return crypto_unbase64url(a, text, &bytes) && json_object_read(bytes, a, ret, &e);
}

/* Among words with blanks between; "application/" in front and case do not matter (RFC 7515 section 4.1.9). */
static bool type_ok(const struct token_rules *rules, const struct json_value *header)
{
    struct str typ, words = str_from(rules->type), one;
    if (!json_has(header, "typ")) return rules->type_optional;
    if (!json_value_str(json_member(header, "typ"), &typ)) return false;
    struct str prefix = STR("application/");
    if (typ.n > prefix.n && str_eq_nocase(str_sub(typ, 0, prefix.n), prefix)) typ = str_sub(typ, prefix.n, typ.n);
    while (!str_is_null(words) && str_split(&words, ' ', &one))
        if (str_eq_nocase(one, typ)) return true;
    return false;
}

static enum token_fault check_header(const struct token_keys *keys, const struct token_rules *rules, const struct json_value *header, int64_t now_s,
                                     const struct verify_key **ret_key, struct str *ret_kid)
{
    struct str alg = json_member_str(header, "alg"), kid = json_member_str(header, "kid");
    if (str_is_null(alg) || json_has(header, "crit") || json_has(header, "b64") || json_has(header, "enc") || json_has(header, "zip") || !type_ok(rules, header)) return TOKEN_MALFORMED;
    if (str_is_null(kid) || kid.n == 0 || kid.n > TOKEN_KID_MAX) return json_has(header, "kid") ? TOKEN_MALFORMED : TOKEN_UNKNOWN_KEY;
    if (sign_alg_find(alg) == SIGN_NONE) return TOKEN_WRONG_ALGORITHM;
    const struct verify_key *key = token_keys_find(keys, kid, now_s);
    if (key == NULL) return TOKEN_UNKNOWN_KEY;
    if (sign_alg_find(alg) != verify_key_alg(key)) return TOKEN_WRONG_ALGORITHM;
    *ret_key = key;
    *ret_kid = kid;
    return TOKEN_FINE;
}

/* --- claims -------------------------------------------------------------------------------------------------------- */

/* Absent is fine; another kind, or too long, or with control characters is not. */
static bool text_claim(const struct json_value *all, const char *name, size_t max, struct str *ret)
{
    *ret = STR_NULL;
    return !json_has(all, name) || (json_value_str(json_member(all, name), ret) && ret->n <= max && str_is_text(*ret, false));
}

static bool time_claim(const struct json_value *all, const char *name, bool required, int64_t *ret)
{
    *ret = 0;
    return json_has(all, name) ? json_value_int(json_member(all, name), ret) && *ret > 0 : !required;
}

static bool read_claims(const struct json_value *all, struct token_claims *c)
{
    c->all = all;
    return text_claim(all, "iss", CLAIM_MAX, &c->issuer) && text_claim(all, "sub", SUBJECT_MAX, &c->subject) && text_claim(all, "sid", SUBJECT_MAX, &c->session) &&
           text_claim(all, "scope", CLAIM_MAX, &c->scope) && text_claim(all, "jti", SUBJECT_MAX, &c->id) && text_claim(all, "client_id", CLAIM_MAX, &c->client_id) &&
           text_claim(all, "nonce", CLAIM_MAX, &c->nonce) && time_claim(all, "iat", true, &c->issued_s) && time_claim(all, "exp", true, &c->expires_s) &&
           time_claim(all, "nbf", false, &c->not_before_s) && time_claim(all, "auth_time", false, &c->auth_time_s) && !str_is_null(c->subject) && c->subject.n > 0 &&
           c->expires_s > c->issued_s;
}

static bool audience_ok(const struct token_rules *rules, const struct json_value *all, size_t *ret_count)
{
    const struct json_value *aud = json_member(all, "aud");
    struct str one;
    *ret_count = 0;
    if (json_value_str(aud, &one)) {
        *ret_count = 1;
        return str_eq(one, rules->audience);
    }
    bool found = false;
    if (json_value_kind(aud) != JSON_ARRAY || json_length(aud) > AUDIENCES_MAX) return false;
    for (size_t i = 0; i < json_length(aud); i++) {
        if (!json_value_str(json_item(aud, i), &one)) return false;
        found = found || str_eq(one, rules->audience);
    }
    *ret_count = json_length(aud);
    return found;
}

static bool party_ok(const struct token_rules *rules, const struct json_value *all, size_t audiences)
{
    if (str_is_null(rules->client_id)) return true;
    return json_has(all, "azp") ? str_eq(json_member_str(all, "azp"), rules->client_id) : audiences <= 1;
}

/* The left half of the access token's hash (OpenID Connect Core section 3.1.3.6). */
static bool access_hash_ok(const struct token_rules *rules, const struct json_value *all, struct arena *a)
{
    uint8_t hash[SHA256_LEN];
    if (str_is_null(rules->access_token) || !json_has(all, "at_hash")) return true;
    crypto_sha256(rules->access_token, hash);
    return str_eq(json_member_str(all, "at_hash"), crypto_base64url(a, str_of((const char *)hash, SHA256_LEN / 2)));
}

static enum token_fault check_claims(const struct token_rules *rules, const struct token_claims *c, int64_t now_s, struct arena *a)
{
    size_t audiences = 0;
    if (!str_eq(c->issuer, rules->issuer)) return TOKEN_WRONG_ISSUER;
    if (!str_is_null(rules->audience) && !audience_ok(rules, c->all, &audiences)) return TOKEN_WRONG_AUDIENCE;
    if (!party_ok(rules, c->all, audiences)) return TOKEN_WRONG_AUDIENCE;
    if (now_s >= c->expires_s + TOKEN_LEEWAY_S) return TOKEN_EXPIRED;
    if (c->issued_s > now_s + TOKEN_LEEWAY_S || c->not_before_s > now_s + TOKEN_LEEWAY_S) return TOKEN_TOO_EARLY;
    if (!str_is_null(rules->nonce) && !crypto_equal(c->nonce, rules->nonce)) return TOKEN_WRONG_NONCE;
    return access_hash_ok(rules, c->all, a) ? TOKEN_FINE : TOKEN_BAD_CLAIMS;
}

static enum token_fault check(const struct token_keys *keys, const struct token_rules *rules, struct str token, int64_t now_s, struct arena *a, struct token_claims *c)
{
    struct parts p;
    const struct json_value *header = NULL, *payload = NULL;
    const struct verify_key *key = NULL;
    struct str signature;
    if (str_is_null(token) || token.n > (rules->max > 0 ? rules->max : TOKEN_MAX) || !split(token, &p) || !read_part(p.header, a, &header)) return TOKEN_MALFORMED;
    enum token_fault f = check_header(keys, rules, header, now_s, &key, &c->kid);
    if (f != TOKEN_FINE) return f;
    if (!crypto_unbase64url(a, p.signature, &signature)) return TOKEN_MALFORMED;
    if (!verify_signature(key, p.signed_part, signature)) return TOKEN_BAD_SIGNATURE;
    if (!read_part(p.payload, a, &payload)) return TOKEN_MALFORMED;
    if (!read_claims(payload, c)) return TOKEN_BAD_CLAIMS;
    return check_claims(rules, c, now_s, a);
}

bool token_check(const struct token_keys *keys, const struct token_rules *rules, struct str token, int64_t now_s, struct arena *a, struct token_claims *ret_claims,
                 enum token_fault *ret_fault, struct err *e)
{
    struct token_claims c = {.all = NULL};
    BUG_IF(str_is_null(rules->issuer));
    enum token_fault f = check(keys, rules, token, now_s, a, &c);
    if (ret_fault != NULL) *ret_fault = f;
    if (f != TOKEN_FINE) {
        (void)err_set(e, PROBLEM_INVALID_TOKEN, f == TOKEN_EXPIRED ? "The token has expired." : "The token is not valid here.");
        return err_cause(e, "token: %s", token_fault_name(f));
    }
    *ret_claims = c;
    return true;
}
