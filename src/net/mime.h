/* Mails as bytes (RFC 5322, MIME RFC 2045 to 2047): UTF-8 text and HTML as multipart/alternative in quoted-printable, header
 * words encoded, lines folded, CRLF everywhere. A value that would begin a header of its own is refused, never repaired. */
#ifndef SOUK_NET_MIME_H
#define SOUK_NET_MIME_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

struct mime_address { struct str name /* may be absent */, address; };

struct mime_mail {
    struct mime_address from, to;
    struct str subject;
    struct str message_id;           /* "id@host", without the angle brackets */
    usec_t date;
    struct str text, html;           /* UTF-8; html absent: text only */
    struct str language;             /* BCP 47; may be absent */
};

/* The same mail always gives the same bytes. PROBLEM_INVALID with the field's name for control characters, invalid UTF-8 or an
 * address that is none. */
MUST_CHECK bool mime_build(struct arena *a, const struct mime_mail *m, struct buf *out, struct err *e);

/* For tests and other builders. */
void mime_quoted_printable(struct buf *out, struct str text);                      /* CRLF lines of at most 76 characters */
void mime_header_text(struct buf *out, struct str text, size_t column);            /* RFC 2047 B words where needed; `column`: used on this line */

#endif
