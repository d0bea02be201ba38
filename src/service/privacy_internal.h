/* What the files of privacy share; nobody else includes it. */
#ifndef SOUK_SERVICE_PRIVACY_INTERNAL_H
#define SOUK_SERVICE_PRIVACY_INTERNAL_H

#include "service/privacy.h"

/* <home>/exports/dreq_….zip.sealed, sealed under the key of the account's person. Folder 0700, file 0600, written whole or not at all. */
MUST_CHECK bool export_file_put(struct call *c, struct data_request_id id, struct person_id person, struct str zip, int64_t *ret_bytes, struct err *e);
/* PROBLEM_EXPIRED when it is not there. */
MUST_CHECK bool export_file_get(struct call *c, struct data_request_id id, struct person_id person, struct str *ret_zip, struct err *e);
void export_file_remove(struct call *c, struct data_request_id id);
/* The requests whose files are there, at most `max`. */
size_t export_files(struct call *c, struct data_request_id *v, size_t max);

/* Keys first, then the account, then files and what Redis remembers. May be repeated. `request` is the one that is being worked; zero: a replay. */
MUST_CHECK bool privacy_erase_now(struct call *c, struct account_id account, struct data_request_id request, bool *ret_erased, struct err *e);

/* Who asks, opened: what account_read says, without what only the user pool may see (second factors). PROBLEM_NOT_FOUND. */
MUST_CHECK bool privacy_owner(struct call *c, struct account_id id, struct account *ret, struct err *e);

#endif
