#include "net/mime.h"

#include "crypto/crypto.h"

enum { LINE_MAX_QP = 76, WORD_BYTES = 45 };     /* 45 bytes are 60 of base64: "=?UTF-8?B?" and "?=" make 72 */

/* --- quoted-printable (RFC 2045 section 6.7) ----------------------------------------------------------------------- */

static void qp_put(struct buf *out, const char *p, size_t n, size_t *column, bool last)
{
    if (*column + n > LINE_MAX_QP - (last ? 0 : 1)) {
        BUF_LIT(out, "=\r\n");
        *column = 0;
    }
    buf_put(out, p, n);
    *column += n;
}

void mime_quoted_printable(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
            continue;
        if (c == '\n') {
            BUF_LIT(out, "\r\n");
            column = 0;
            continue;
        }
        bool line_ends = i + 1 == text.n || text.p[i + 1] == '\n' || (text.p[i + 1] == '\r' && i + 2 < text.n && text.p[i + 2] == '\n');
        bool plain = (c > 32 && c < 127 && c != '=') || ((c == ' ' || c == '\t') && !line_ends);
        /* A dot or "From " at the start of a line would be changed on the way. */
        if (column == 0 && (c == '.' || (c == 'F' && str_starts(str_sub(text, i, 5), STR("From ")))))
            plain = false;
        char coded[3] = {'=', digits[c >> 4], digits[c & 15]};
        qp_put(out, plain ? (const char *)&c : coded, plain ? 1 : 3, &column, line_ends);
    }
    if (column > 0)
        BUF_LIT(out, "\r\n");
}

/* --- header words (RFC 2047) ----------------------------------------------------------------------------------------- */

static void base64_put(struct buf *out, struct str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        size_t n = s.n - i < 3 ? s.n - i : 3;
        uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16 | (n > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0) | (n > 2 ? (unsigned char)s.p[i + 2] : 0);
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], n > 1 ? digits[v >> 6 & 63] : '=', n > 2 ? digits[v & 63] : '='};
        buf_put(out, four, 4);
    }
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 32 || (unsigned char)s.p[i] > 126)
            return false;
    struct str rest = s;                            /* text that looks like an encoded word must be encoded itself */
    size_t at;
    while (str_find(rest, '=', &at)) {
        if (at + 1 < rest.n && rest.p[at + 1] == '?')
            return false;
        rest = str_sub(rest, at + 1, rest.n);
    }
    return true;
}

/* Bytes of `s` that fit into one encoded word without cutting a code point. */
static size_t word_length(struct str s, size_t max)
{
    if (s.n <= max)
        return s.n;
    size_t n = max;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

void mime_header_text(struct buf *out, struct str text, size_t column)
{
    if (is_plain(text) && column + text.n <= 76) {
        buf_str(out, text);
        return;
    }
    size_t max = WORD_BYTES;
    if (column + 72 > 76)
        max = column + 30 > 76 ? 12 : 24;
    for (struct str rest = text; rest.n > 0;) {
        size_t n = word_length(rest, max);
        if (rest.p != text.p)
            BUF_LIT(out, "\r\n ");
        BUF_LIT(out, "=?UTF-8?B?");
        base64_put(out, str_sub(rest, 0, n));
        BUF_LIT(out, "?=");
        rest = str_sub(rest, n, rest.n);
        max = WORD_BYTES;
    }
}

/* --- addresses --------------------------------------------------------------------------------------------------------- */

/* What may stand between angle brackets without quoting: no blanks, controls, quotes, brackets, commas; one '@'. Letters beyond
 * ASCII are for SMTPUTF8 (RFC 6532) and pass as they are. */
static bool address_ok(struct str s)
{
    size_t at = 0, n_at = 0;
    if (s.n < 3 || s.n > 254 || !str_is_utf8(s))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= 32 || c == 127 || strchr("()<>[]:;\\,\"", c) != NULL)
            return false;
        if (c == '@') {
            at = i;
            n_at++;
        }
    }
    return n_at == 1 && at > 0 && at + 1 < s.n;
}

static bool put_address(struct buf *out, const char *header, const struct mime_address *x, struct err *e)
{
    if (!address_ok(x->address))
        return err_param(e, PROBLEM_INVALID, header, "This is not an e-mail address.");
    if (!str_is_null(x->name) && !str_is_text(x->name, false))
        return err_param(e, PROBLEM_INVALID, header, "The name holds control characters.");
    buf_printf(out, "%s: ", header);
    if (!str_is_empty(x->name)) {
        bool quotable = is_plain(x->name) && x->name.n < 60;
        if (quotable) {
            buf_char(out, '"');
            for (size_t i = 0; i < x->name.n; i++) {
                if (x->name.p[i] == '"' || x->name.p[i] == '\\')
                    buf_char(out, '\\');
                buf_char(out, x->name.p[i]);
            }
            buf_char(out, '"');
        } else {
            mime_header_text(out, x->name, strlen(header) + 2);
        }
        buf_cstr(out, strlen(header) + x->name.n + x->address.n > 60 ? "\r\n " : " ");
    }
    buf_printf(out, "<" STR_FMT ">\r\n", STR_ARG(x->address));
    return true;
}

/* --- the whole ------------------------------------------------------------------------------------------------------------ */

static struct str date_text(struct arena *a, usec_t t)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = time_civil(t);
    return str_printf(a, "%s, %d %s %04d %02d:%02d:%02d +0000", days[c.weekday], c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

static void put_part(struct buf *out, const char *type, struct str body)
{
    buf_printf(out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", type);
    mime_quoted_printable(out, body);
}

static bool token_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 32 || (unsigned char)s.p[i] > 126 || strchr("<>\"\\", s.p[i]) != NULL)
            return false;
    return s.n > 0 && s.n <= 200;
}

bool mime_build(struct arena *a, const struct mime_mail *m, struct buf *out, struct err *e)
{
    if (str_is_null(m->subject) || !str_is_text(m->subject, false))
        return err_param(e, PROBLEM_INVALID, "Subject", "The subject holds control characters.");
    if (!token_ok(m->message_id) || (!str_is_null(m->language) && !token_ok(m->language)))
        return err_param(e, PROBLEM_INVALID, "Message-ID", "This cannot stand in a header.");
    if (str_is_null(m->text) || !str_is_utf8(m->text) || (!str_is_null(m->html) && !str_is_utf8(m->html)))
        return err_param(e, PROBLEM_INVALID, "body", "The body is not valid UTF-8.");
    if (!put_address(out, "From", &m->from, e) || !put_address(out, "To", &m->to, e))
        return false;
    BUF_LIT(out, "Subject: ");
    mime_header_text(out, m->subject, 9);
    buf_printf(out, "\r\nDate: " STR_FMT "\r\nMessage-ID: <" STR_FMT ">\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n",
               STR_ARG(date_text(a, m->date)), STR_ARG(m->message_id));
    if (!str_is_null(m->language))
        buf_printf(out, "Content-Language: " STR_FMT "\r\n", STR_ARG(m->language));
    if (str_is_null(m->html)) {
        put_part(out, "text/plain", m->text);
        return true;
    }
    /* "=_" cannot stand in quoted-printable text, so the boundary never occurs in a part. */
    struct str boundary = str_sub(crypto_sha256_hex(a, m->message_id), 0, 32);
    buf_printf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_" STR_FMT "\"\r\n\r\n", STR_ARG(boundary));
    buf_printf(out, "--=_" STR_FMT "\r\n", STR_ARG(boundary));
    put_part(out, "text/plain", m->text);
    buf_printf(out, "--=_" STR_FMT "\r\n", STR_ARG(boundary));
    put_part(out, "text/html", m->html);
    buf_printf(out, "--=_" STR_FMT "--\r\n", STR_ARG(boundary));
    return true;
}
