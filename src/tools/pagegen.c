/* pagegen OUT: nginx's HTML error pages as static files, <OUT>/<status>.html, from templates/error/page.html and the shop's words. They must be
 * there when no pool is. */
#include <errno.h>
#include <stdio.h>

#include "html/html.h"
#include "tpl/error_page.h"

/* 494 is nginx's own status for headers that are too large; people see 400. */
static const struct {
    int file, status;
} pages[] = {
    {400, 400}, {403, 403}, {404, 404}, {405, 405}, {412, 412}, {413, 413}, {414, 414}, {429, 429}, {494, 400}, {500, 500}, {502, 502}, {503, 503}, {504, 504},
};

static bool write_file(const char *path, const struct buf *b)
{
    FILE *f = fopen(path, "wb");
    bool ok = f && !b->failed && fwrite(b->p, 1, b->n, f) == b->n;
    if (f)
        ok = fclose(f) == 0 && ok;
    if (!ok)
        fprintf(stderr, "pagegen: %s: %s\n", path, strerror(errno));
    return ok;
}

static bool write_page(struct arena *a, const char *out, int file, int status)
{
    struct buf b;
    buf_init(&b, 0);
    struct html h = {.out = &b, .arena = a, .texts = text_catalog(STR("en"))};
    int heading, words;
    text_error_words(status, &heading, &words);
    tpl_error_page(&h, &(struct tpl_error_page){
        .page = {.lang = str_from(text_locale(h.texts)), .title = text_of(h.texts, heading), .plain = true},
        .status = status,
        .heading = (enum text_key)heading,
        .words = (enum text_key)words,
    });
    bool ok = write_file(arena_printf(a, "%s/%d.html", out, file), &b);
    buf_free(&b);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: pagegen OUT\n");
        return 2;
    }
    struct arena *a = arena_new();
    bool ok = true;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        ok = write_page(a, argv[1], pages[i].file, pages[i].status) && ok;
    arena_destroy(a);
    return ok ? 0 : 1;
}
