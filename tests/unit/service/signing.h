/* Accounts that can have sessions, for the tests of sessions, roles and keys. */
#ifndef SOUK_TESTS_UNIT_SERVICE_SIGNING_H
#define SOUK_TESTS_UNIT_SERVICE_SIGNING_H

#include "service/session.h"
#include "shop.h"

/* An active account without address and password; `roles` (names, blanks between; NULL: none) make it staff. */
static inline struct account_id an_account(struct shop *s, const char *roles)
{
    struct account_id id = {uuid_v7(shop_now(s))};
    char account[40], person[40];
    uuid_sql(id.u, account);
    uuid_sql(uuid_v7(shop_now(s)), person);
    shop_sql(s, "INSERT INTO identity.person (id, kind, created_at, updated_at) VALUES (%s, 'claimed', '2026-01-01', '2026-01-01')", person);
    shop_sql(s, "INSERT INTO identity.account (id, person_id, staff, created_at, updated_at) VALUES (%s, %s, %s, '2026-01-01', '2026-01-01')", account, person,
             roles ? "true" : "false");
    if (roles)
        shop_sql(s, "INSERT INTO identity.account_role (account_id, role_id, granted_by, created_at) SELECT %s, r.id, 'unit', '2026-01-01' FROM identity.role r "
                    "WHERE r.name = ANY (string_to_array('%s', ' '))", account, roles);
    return id;
}

#endif
