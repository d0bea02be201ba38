#include "service/page_cursor.h"

#include "crypto/crypto.h"

enum { MARK = 16 };

static struct str mark(struct arena *a, struct str filters)
{
    return str_sub(crypto_sha256_hex(a, filters), 0, MARK);
}

static bool strange(struct err *e)
{
    return err_param(e, PROBLEM_INVALID_CURSOR, "cursor", "Use a cursor only with the filters of the page that gave it");
}

struct str page_cursor_pack(struct arena *a, struct str filters, struct str place)
{
    return crypto_base64url(a, str_printf(a, "1\n" STR_FMT "\n" STR_FMT, STR_ARG(mark(a, filters)), STR_ARG(place)));
}

bool page_cursor_unpack(struct arena *a, struct str filters, struct str cursor, struct str *ret_place, struct err *e)
{
    struct str text, version, hash;
    if (!crypto_unbase64url(a, cursor, &text) || !str_is_text(text, true) || !str_split(&text, '\n', &version) || !str_split(&text, '\n', &hash) ||
        !str_eq_c(version, "1") || !str_eq(hash, mark(a, filters)))
        return strange(e);
    *ret_place = text;
    return true;
}

struct str page_cursor_make(struct arena *a, struct str filters, usec_t at, struct uuid id)
{
    char text[37];
    uuid_format(id, text);
    return page_cursor_pack(a, filters, str_printf(a, "%lld\n%s", (long long)at, text));
}

bool page_cursor_read(struct arena *a, struct str filters, struct str cursor, usec_t *ret_at, struct uuid *ret_id, struct err *e)
{
    struct str place, at;
    *ret_at = 0;
    *ret_id = (struct uuid){{0}};
    if (str_is_null(cursor)) return true;
    if (!page_cursor_unpack(a, filters, cursor, &place, e)) return false;
    return (str_split(&place, '\n', &at) && str_to_int64(at, ret_at) && *ret_at > 0 && uuid_parse(place, ret_id)) || strange(e);
}
