/* HTML that is safe because of how it was made. */
#include "html/html.h"
#include "html/locale.h"

static struct trusted finish(struct buf *b, struct arena *a)
{
    struct trusted t = {buf_to_str(b, a)};
    buf_free(b);
    return t;
}

struct trusted html_trusted_plain(struct arena *a, struct str text)
{
    struct buf b;
    struct str line;
    bool open = false;
    buf_init(&b, 0);
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (str_is_empty(line)) {
            if (open)
                BUF_LIT(&b, "</p>\n");
            open = false;
            continue;
        }
        buf_cstr(&b, open ? "<br>" : "<p>");
        open = true;
        escape_into(&b, line);
    }
    if (open)
        BUF_LIT(&b, "</p>\n");
    return finish(&b, a);
}

struct trusted html_trusted_json(struct arena *a, struct str json)
{
    struct buf b;
    buf_init(&b, 0);
    BUF_LIT(&b, "<script type=\"application/ld+json\">");
    html_json(&(struct html){.out = &b, .arena = a}, json);
    BUF_LIT(&b, "</script>");
    return finish(&b, a);
}
