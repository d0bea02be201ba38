/* What second factors and passkeys take and answer. */
#include "user/factor.h"

#define F(s, member) offsetof(struct s, member)

/* --- app and codes --- */

static const struct shape_field code_fields[] = {
    {"code", SHAPE_STR, F(mfa_code_in, code), .required = true, .max = 40, .doc = "Six digits that the app shows now", .example = "123456"},
    {NULL}};
const struct shape mfa_code_shape = {"MfaCode", code_fields, sizeof(struct mfa_code_in)};

static const struct shape_field device_fields[] = {
    {"id", SHAPE_ID, F(trusted_device_info, id), .id = ID_trusted_device, .required = true},
    {"device", SHAPE_STR, F(trusted_device_info, device), .required = true, .doc = "What it is", .example = "Firefox on Linux"},
    {"created_at", SHAPE_TIME, F(trusted_device_info, created_at), .required = true},
    {"last_used_at", SHAPE_TIME, F(trusted_device_info, last_used_at), .required = true},
    {"expires_at", SHAPE_TIME, F(trusted_device_info, expires_at), .required = true, .doc = "The second factor is asked for again from here on"},
    {NULL}};
static const struct shape device_shape = {"TrustedDevice", device_fields, sizeof(struct trusted_device_info)};

static const struct shape_field state_fields[] = {
    {"totp", SHAPE_BOOL, F(mfa_state_out, totp), .required = true, .doc = "Whether an authenticator app is set up"},
    {"totp_since", SHAPE_TIME, F(mfa_state_out, totp_since), .nullable = true, .doc = "Since when"},
    {"passkeys", SHAPE_BOOL, F(mfa_state_out, passkeys), .required = true, .doc = "Whether there is a passkey"},
    {"required", SHAPE_BOOL, F(mfa_state_out, required), .required = true, .doc = "Whether a password alone opens no session"},
    {"recovery_codes_left", SHAPE_INT, F(mfa_state_out, recovery_codes_left), .required = true, .doc = "Recovery codes that were not used yet"},
    {"trusted_devices", SHAPE_LIST, F(mfa_state_out, trusted_devices), .sub = &device_shape, .required = true, .doc = "Browsers that are not asked for the second factor"},
    {NULL}};
const struct shape mfa_state_shape = {"MfaState", state_fields, sizeof(struct mfa_state_out)};

static const struct shape_field device_key_fields[] = {
    {"id", SHAPE_ID, F(device_key_in, id), SHAPE_PATH, .id = ID_trusted_device, .required = true, .doc = "The trusted device"}, {NULL}};
const struct shape mfa_device_key_shape = {"TrustedDeviceKey", device_key_fields, sizeof(struct device_key_in)};

static const struct shape_field setup_fields[] = {
    {"secret", SHAPE_STR, F(totp_setup, secret), .required = true, .doc = "For typing: base32 in groups of four", .example = "JBSW Y3DP EHPK 3PXP"},
    {"uri", SHAPE_STR, F(totp_setup, uri), .required = true, .doc = "otpauth:// address for the app"},
    {"qr_svg", SHAPE_STR, F(totp_setup, qr_svg), .required = true, .doc = "The address as a QR code: a whole SVG element"},
    {"expires_at", SHAPE_TIME, F(totp_setup, expires_at), .required = true, .doc = "A first code must be confirmed before"},
    {NULL}};
const struct shape totp_setup_shape = {"TotpSetup", setup_fields, sizeof(struct totp_setup)};

#define TOKEN_OF(s) \
    {"access_token", SHAPE_STR, F(s, access_token), .nullable = true, .doc = "Takes the place of the present one: the session now counts as opened with two factors"}, \
    {"expires_in", SHAPE_INT, F(s, expires_in), .doc = "Seconds that the access token lives; 0 without one"}

static const struct shape_field codes_fields[] = {
    {"recovery_codes", SHAPE_LIST, F(mfa_codes_out, recovery_codes), .item = SHAPE_STR, .required = true, .doc = "Shown this once; each is good once"},
    TOKEN_OF(mfa_codes_out),
    {NULL}};
const struct shape mfa_codes_shape = {"RecoveryCodes", codes_fields, sizeof(struct mfa_codes_out)};

/* --- passkeys: WebAuthn's own JSON --- */

struct named { struct str id, name, display_name; };
struct parameter { struct str type; int64_t alg; };
struct known { struct str type, id; struct shape_list transports; };
struct selection { struct str resident_key, user_verification; bool require_resident_key; };
struct creation_key {
    const struct named *rp, *user;
    const struct selection *selection;
    struct str challenge, attestation;
    struct shape_list parameters, exclude;
    int64_t timeout;
};
struct creation { struct challenge_id challenge_id; const struct creation_key *public_key; };
struct request_key { struct str challenge, rp_id, user_verification; struct shape_list allow; int64_t timeout; };
struct request { struct challenge_id challenge_id; const struct request_key *public_key; };

static const struct shape_field rp_fields[] = {
    {"id", SHAPE_STR, F(named, id), .required = true, .doc = "Host of the shop"}, {"name", SHAPE_STR, F(named, name), .required = true}, {NULL}};
static const struct shape rp_shape = {"PasskeyRelyingParty", rp_fields, sizeof(struct named)};
static const struct shape_field user_fields[] = {
    {"id", SHAPE_STR, F(named, id), .required = true, .doc = "User handle (base64url)"}, {"name", SHAPE_STR, F(named, name), .required = true},
    {"displayName", SHAPE_STR, F(named, display_name), .required = true}, {NULL}};
static const struct shape user_shape = {"PasskeyUser", user_fields, sizeof(struct named)};
static const struct shape_field parameter_fields[] = {
    {"type", SHAPE_STR, F(parameter, type), .required = true}, {"alg", SHAPE_INT, F(parameter, alg), .min = -65535, .max = 65535, .required = true, .doc = "COSE algorithm"}, {NULL}};
static const struct shape parameter_shape = {"PasskeyParameter", parameter_fields, sizeof(struct parameter)};
static const struct shape_field known_fields[] = {
    {"type", SHAPE_STR, F(known, type), .required = true}, {"id", SHAPE_STR, F(known, id), .required = true, .doc = "Credential id (base64url)"},
    {"transports", SHAPE_LIST, F(known, transports), .item = SHAPE_STR, .required = true}, {NULL}};
static const struct shape known_shape = {"PasskeyKnown", known_fields, sizeof(struct known)};
static const struct shape_field selection_fields[] = {
    {"residentKey", SHAPE_STR, F(selection, resident_key), .required = true}, {"requireResidentKey", SHAPE_BOOL, F(selection, require_resident_key), .required = true},
    {"userVerification", SHAPE_STR, F(selection, user_verification), .required = true}, {NULL}};
static const struct shape selection_shape = {"PasskeySelection", selection_fields, sizeof(struct selection)};
static const struct shape_field creation_key_fields[] = {
    {"rp", SHAPE_OBJECT, F(creation_key, rp), .sub = &rp_shape, .required = true},
    {"user", SHAPE_OBJECT, F(creation_key, user), .sub = &user_shape, .required = true},
    {"challenge", SHAPE_STR, F(creation_key, challenge), .required = true, .doc = "base64url"},
    {"pubKeyCredParams", SHAPE_LIST, F(creation_key, parameters), .sub = &parameter_shape, .required = true},
    {"timeout", SHAPE_INT, F(creation_key, timeout), .required = true, .doc = "Milliseconds"},
    {"excludeCredentials", SHAPE_LIST, F(creation_key, exclude), .sub = &known_shape, .required = true},
    {"authenticatorSelection", SHAPE_OBJECT, F(creation_key, selection), .sub = &selection_shape, .required = true},
    {"attestation", SHAPE_STR, F(creation_key, attestation), .required = true},
    {NULL}};
static const struct shape creation_key_shape = {"PublicKeyCredentialCreationOptions", creation_key_fields, sizeof(struct creation_key)};
static const struct shape_field creation_fields[] = {
    {"challenge_id", SHAPE_ID, F(creation, challenge_id), .id = ID_challenge, .required = true, .doc = "Comes back with what the authenticator made; five minutes, once"},
    {"public_key", SHAPE_OBJECT, F(creation, public_key), .sub = &creation_key_shape, .required = true, .doc = "PublicKeyCredentialCreationOptionsJSON (WebAuthn level 3 section 5.1.8)"},
    {NULL}};
const struct shape passkey_creation_shape = {"PasskeyRegistration", creation_fields, sizeof(struct creation)};

static const struct shape_field request_key_fields[] = {
    {"challenge", SHAPE_STR, F(request_key, challenge), .required = true, .doc = "base64url"},
    {"timeout", SHAPE_INT, F(request_key, timeout), .required = true, .doc = "Milliseconds"},
    {"rpId", SHAPE_STR, F(request_key, rp_id), .required = true, .doc = "Host of the shop"},
    {"allowCredentials", SHAPE_LIST, F(request_key, allow), .sub = &known_shape, .required = true, .doc = "Empty: keys are discoverable"},
    {"userVerification", SHAPE_STR, F(request_key, user_verification), .required = true},
    {NULL}};
static const struct shape request_key_shape = {"PublicKeyCredentialRequestOptions", request_key_fields, sizeof(struct request_key)};
static const struct shape_field request_fields[] = {
    {"challenge_id", SHAPE_ID, F(request, challenge_id), .id = ID_challenge, .required = true, .doc = "Comes back with the signature; five minutes, once"},
    {"public_key", SHAPE_OBJECT, F(request, public_key), .sub = &request_key_shape, .required = true, .doc = "PublicKeyCredentialRequestOptionsJSON (WebAuthn level 3 section 5.1.9)"},
    {NULL}};
const struct shape passkey_request_shape = {"PasskeyRequest", request_fields, sizeof(struct request)};

const void *factor_creation(struct req *r, const struct passkey_registration *p)
{
    struct creation *c = ARENA_NEW(r->arena, struct creation);
    struct creation_key *key = ARENA_NEW(r->arena, struct creation_key);
    struct named *rp = ARENA_NEW(r->arena, struct named), *user = ARENA_NEW(r->arena, struct named);
    struct selection *selection = ARENA_NEW(r->arena, struct selection);
    struct parameter *parameters = ARENA_ARRAY(r->arena, struct parameter, 2);
    struct known *exclude = ARENA_ARRAY(r->arena, struct known, p->exclude.n);
    const struct passkey_known *known = p->exclude.v;
    for (size_t i = 0; i < p->exclude.n; i++) exclude[i] = (struct known){STR("public-key"), known[i].id, known[i].transports};
    parameters[0] = (struct parameter){STR("public-key"), -7};
    parameters[1] = (struct parameter){STR("public-key"), -257};
    *rp = (struct named){.id = p->rp_id, .name = p->rp_name};
    *user = (struct named){p->user_id, p->user_name, p->user_display_name};
    *selection = (struct selection){STR("required"), STR("required"), true};
    *key = (struct creation_key){.rp = rp, .user = user, .selection = selection, .challenge = p->challenge, .attestation = STR("none"), .parameters = {2, parameters},
                                 .exclude = {p->exclude.n, exclude}, .timeout = p->timeout_ms};
    *c = (struct creation){p->challenge_id, key};
    return c;
}

const void *factor_request(struct req *r, const struct passkey_request *p)
{
    struct request *q = ARENA_NEW(r->arena, struct request);
    struct request_key *key = ARENA_NEW(r->arena, struct request_key);
    *key = (struct request_key){.challenge = p->challenge, .rp_id = p->rp_id, .user_verification = STR("required"), .timeout = p->timeout_ms};
    *q = (struct request){p->challenge_id, key};
    return q;
}

static struct str written(struct req *r, const struct shape *shape, const void *value)
{
    struct buf b;
    buf_init_arena(&b, r->arena, 0);
    shape_write(&b, r->arena, shape, value);
    return buf_view(&b);
}

struct str factor_creation_json(struct req *r, const struct passkey_registration *p)
{
    return written(r, &passkey_creation_shape, factor_creation(r, p));
}

struct str factor_request_json(struct req *r, const struct passkey_request *p)
{
    return written(r, &passkey_request_shape, factor_request(r, p));
}

/* --- passkeys: what comes back --- */

#define CHALLENGE(s) {"challenge_id", SHAPE_ID, F(s, challenge), .id = ID_challenge, .required = true, .doc = "As it came with the options"}
#define CLIENT_DATA(s) {"client_data_json", SHAPE_STR, F(s, client_data_json), .required = true, .max = 11000, .doc = "response.clientDataJSON (base64url)"}
#define REGISTER_FIELDS \
    CHALLENGE(passkey_register_in), CLIENT_DATA(passkey_register_in), \
    {"attestation_object", SHAPE_STR, F(passkey_register_in, attestation_object), .required = true, .max = 88000, .doc = "response.attestationObject (base64url)"}, \
    {"transports", SHAPE_LIST, F(passkey_register_in, transports), .item = SHAPE_STR, .max = 10, .doc = "response.getTransports()"}, \
    {"name", SHAPE_STR, F(passkey_register_in, name), .max = 60, .doc = "What its owner calls it; absent: what the browser is", .example = "Blue key"}
static const struct shape_field register_fields[] = {REGISTER_FIELDS, {NULL}};
const struct shape passkey_register_shape = {"PasskeyInput", register_fields, sizeof(struct passkey_register_in)};
const struct shape passkey_register_page_shape = {"PasskeyForm", register_fields, sizeof(struct passkey_register_in)};

#define LOGIN_FIELDS(base) \
    {"challenge_id", SHAPE_ID, base + F(passkey_login_in, challenge), .id = ID_challenge, .required = true, .doc = "As it came with the options"}, \
    {"credential_id", SHAPE_STR, base + F(passkey_login_in, credential_id), .required = true, .max = 1400, .doc = "rawId (base64url)"}, \
    {"client_data_json", SHAPE_STR, base + F(passkey_login_in, client_data_json), .required = true, .max = 11000, .doc = "response.clientDataJSON (base64url)"}, \
    {"authenticator_data", SHAPE_STR, base + F(passkey_login_in, authenticator_data), .required = true, .max = 11000, .doc = "response.authenticatorData (base64url)"}, \
    {"signature", SHAPE_STR, base + F(passkey_login_in, signature), .required = true, .max = 1400, .doc = "response.signature (base64url)"}, \
    {"user_handle", SHAPE_STR, base + F(passkey_login_in, user_handle), .required = true, .max = 100, .doc = "response.userHandle (base64url)"}
static const struct shape_field login_fields[] = {LOGIN_FIELDS(0), {NULL}};
const struct shape passkey_login_shape = {"PasskeyLogin", login_fields, sizeof(struct passkey_login_in)};
static const struct shape_field page_fields[] = {
    LOGIN_FIELDS(F(passkey_page_in, login)), {"return_to", SHAPE_STR, F(passkey_page_in, return_to), .max = 1000, .doc = "Where to go then"}, {NULL}};
const struct shape passkey_page_shape = {"PasskeyLoginForm", page_fields, sizeof(struct passkey_page_in)};

/* --- passkeys: the list --- */

static const struct shape_field passkey_fields[] = {
    {"id", SHAPE_ID, F(passkey_out, id), .id = ID_passkey, .required = true},
    {"name", SHAPE_STR, F(passkey_out, name), .required = true, .example = "Blue key"},
    {"backed_up", SHAPE_BOOL, F(passkey_out, backed_up), .required = true, .doc = "Synchronised by its provider: a lost device loses no key"},
    {"created_at", SHAPE_TIME, F(passkey_out, created_at), .required = true},
    {"last_used_at", SHAPE_TIME, F(passkey_out, last_used_at), .nullable = true},
    TOKEN_OF(passkey_out),
    {NULL}};
const struct shape passkey_shape = {"Passkey", passkey_fields, sizeof(struct passkey_out)};

static const struct shape_field patch_fields[] = {
    {"id", SHAPE_ID, F(passkey_patch_in, id), SHAPE_PATH, .id = ID_passkey, .required = true, .doc = "The passkey"},
    {"name", SHAPE_STR, F(passkey_patch_in, name), .required = true, .max = 60, .doc = "What its owner calls it", .example = "Blue key"},
    {NULL}};
const struct shape passkey_patch_shape = {"PasskeyPatch", patch_fields, sizeof(struct passkey_patch_in)};
static const struct shape_field key_fields[] = {
    {"id", SHAPE_ID, F(passkey_key_in, id), SHAPE_PATH, .id = ID_passkey, .required = true, .doc = "The passkey"}, {NULL}};
const struct shape passkey_key_shape = {"PasskeyKey", key_fields, sizeof(struct passkey_key_in)};
