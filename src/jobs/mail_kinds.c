#include "jobs/mail.h"
#include "jobs/privacy.h"

#define SECURITY "/account/security"

const struct mail_kind mail_kinds[] = {
    {.name = MESSAGE_ORDER_CONFIRMATION, .write = mail_write_order},
    {.name = "verify_email", .write = mail_write_account, .button = BUTTON_CHALLENGE, .path = "/verify/link", .code = true},
    {.name = "already_registered", .write = mail_write_account, .button = BUTTON_PAGE, .path = "/sign-in"},
    {.name = "password_reset", .write = mail_write_account, .button = BUTTON_CHALLENGE, .path = "/reset"},
    {.name = "no_account", .write = mail_write_account, .button = BUTTON_PAGE, .path = "/register"},
    {.name = "account_disabled", .write = mail_write_account},
    {.name = "password_changed", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "email_change_asked", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "email_changed", .write = mail_write_account, .facts = true},
    {.name = "email_verify_new", .write = mail_write_account, .button = BUTTON_CHALLENGE, .path = "/account/email/confirm", .code = true},
    {.name = "sign_in_locked", .write = mail_write_account, .button = BUTTON_CHALLENGE, .path = "/unlock", .facts = true},
    {.name = "confirm_guessed", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "second_factor_guessed", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "token_reused", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "second_factor_changed", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "passkey_added", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "passkey_copied", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "recovery_used", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "identity_linked", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "identity_unlinked", .write = mail_write_account, .button = BUTTON_PAGE, .path = SECURITY, .facts = true},
    {.name = "staff_invitation", .write = mail_write_account, .button = BUTTON_CHALLENGE, .path = "/invitation"},
    {.name = "export_ready", .write = mail_write_account, .button = BUTTON_OWN, .link = mail_export_link},
    {.name = "erasure_waiting", .write = mail_write_account, .button = BUTTON_PAGE, .path = "/account/privacy"},
    {.name = "account_erased", .write = mail_write_account},
    {0}};

const struct mail_kind *mail_kind_find(struct str name)
{
    for (const struct mail_kind *k = mail_kinds; k->name != NULL; k++)
        if (str_eq_c(name, k->name))
            return k;
    return NULL;
}
