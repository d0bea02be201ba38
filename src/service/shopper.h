/* The signed-in shopper as the order pool sees her: what fills the checkout. */
#ifndef SOUK_SERVICE_SHOPPER_H
#define SOUK_SERVICE_SHOPPER_H

#include "domain/address.h"
#include "json/shape.h"
#include "service/call.h"

struct shopper_address {
    struct address_id id;
    struct str label, phone;             /* absent: none */
    struct address *address;
    bool default_shipping;
};
struct shopper {
    struct person_id person;             /* whose key seals what she enters */
    struct str email, name, phone;       /* absent: none */
    struct shape_list addresses;         /* struct shopper_address, the default first */
};

/* Of call->actor. PROBLEM_UNAUTHENTICATED when the account is gone meanwhile. */
MUST_CHECK bool shopper_read(struct call *c, struct shopper *ret_shopper, struct err *e);
/* Only whose key it is; zero for guests. */
MUST_CHECK bool shopper_person(struct call *c, struct person_id *ret_person, struct err *e);

#endif
