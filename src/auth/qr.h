/* QR codes as inline SVG, for pages with a strict Content-Security-Policy: no style, no script, no picture to load (libidentity). */
#ifndef SOUK_AUTH_QR_H
#define SOUK_AUTH_QR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { QR_TEXT_MAX = 1000 };

/* <svg class="qr" role="img" …><title>…</title>: dark on a white ground with the four quiet modules around, sharp at any size; size it by CSS. `title` is escaped here. The
 * result is markup: templates take it as trusted. PROBLEM_INVALID when the text is too long. */
MUST_CHECK bool qr_svg(struct arena *a, struct str text, struct str title, struct str *ret_svg, struct err *e);

#endif
