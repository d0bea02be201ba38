/* Inside jobs/ only: what the mail about an export says, and how its file is made. */
#ifndef SOUK_JOBS_PRIVACY_H
#define SOUK_JOBS_PRIVACY_H

#include "jobs/mail.h"
#include "service/privacy.h"

/* A privacy_pack_fn: data.json and index.html in a zip. */
bool privacy_pack(struct call *c, const struct privacy_export *x, struct str *ret_zip, struct err *e);
bool mail_export_link(struct call *c, const struct message *m, struct str *ret_path, struct err *e);

#endif
