#include "auth/qr.h"

#include <qrencode.h>

#include "base/buf.h"
#include "crypto/crypto.h"

enum { QUIET = 4 };         /* modules of white around (ISO/IEC 18004 section 9.1) */

static void put_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&': BUF_LIT(b, "&amp;"); break;
        case '<': BUF_LIT(b, "&lt;"); break;
        case '>': BUF_LIT(b, "&gt;"); break;
        case '"': BUF_LIT(b, "&quot;"); break;
        case '\'': BUF_LIT(b, "&#39;"); break;
        default: buf_char(b, s.p[i]);
        }
    }
}

/* One path; each run of dark modules of a row is one rectangle. */
static void put_modules(struct buf *b, const QRcode *q)
{
    for (int y = 0; y < q->width; y++) {
        for (int x = 0; x < q->width; x++) {
            int from = x;
            while (x < q->width && (q->data[y * q->width + x] & 1)) x++;
            if (x > from) buf_printf(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        }
    }
}

bool qr_svg(struct arena *a, struct str text, struct str title, struct str *ret_svg, struct err *e)
{
    struct buf b;
    if (str_is_null(text) || text.n == 0 || text.n > QR_TEXT_MAX || memchr(text.p, '\0', text.n)) return err_set(e, PROBLEM_INVALID, "this text fits into no QR code");
    QRcode *q = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (q == NULL) return err_cause(e, "libqrencode: %m");
    int side = q->width + 2 * QUIET;
    buf_init(&b, 0);
    buf_printf(&b, "<svg class=\"qr\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" shape-rendering=\"crispEdges\"><title>", side,
               side, side * 4, side * 4);
    put_escaped(&b, title);
    buf_printf(&b, "</title><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", side, side);
    put_modules(&b, q);
    BUF_LIT(&b, "\"/></svg>");
    QRcode_free(q);
    struct str svg = buf_to_str(&b, a);
    arena_cleanse(a, (char *)svg.p, svg.n);             /* it may show a secret */
    crypto_cleanse(b.p, b.n);
    buf_free(&b);
    *ret_svg = svg;
    return true;
}
