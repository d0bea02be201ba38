/* Requests about one's own data: the steps are service/privacy.h's, the file that its owner gets is made here. */
#include "html/html.h"
#include "jobs/archive.h"
#include "jobs/jobs.h"
#include "jobs/privacy.h"
#include "tpl/mail_data_export.h"

static struct str part_name(const struct text_catalog *texts, struct arena *a, struct str key)
{
    const char *full = arena_printf(a, "export.part." STR_FMT, STR_ARG(key));
    return text_has(full) ? text_get(texts, a, full, 0, NULL, 0) : key;
}

static struct str page(struct call *c, const struct privacy_export *x)
{
    const struct text_catalog *texts = text_catalog(x->locale);
    struct tpl_mail_data_export_lines *lines = ARENA_ARRAY(c->arena, struct tpl_mail_data_export_lines, x->n_lines + 1);
    struct buf b;
    for (size_t i = 0; i < x->n_lines; i++) {
        const struct privacy_line *l = &x->lines[i];
        lines[i] = (struct tpl_mail_data_export_lines){.value = l->value};
        if (!str_is_null(l->value)) lines[i].label = l->label;
        else if (l->depth == 0) lines[i].part = part_name(texts, c->arena, l->label);
        else if (l->depth == 1) lines[i].entry = l->label;
        else lines[i].detail = l->label;
    }
    struct tpl_mail_data_export v = {.lang = str_from(text_locale(texts)), .shop = x->shop, .made = x->made_at, .lines = {x->n_lines, lines}};
    buf_init_arena(&b, c->arena, 0);
    tpl_mail_data_export(&(struct html){.out = &b, .arena = c->arena, .texts = texts}, &v);
    return buf_view(&b);
}

bool privacy_pack(struct call *c, const struct privacy_export *x, struct str *ret_zip, struct err *e)
{
    const struct archive_file files[] = {{"data.json", x->json}, {"index.html", page(c, x)}};
    return archive_make(c->arena, files, 2, x->made_at, ret_zip, e);
}

bool job_privacy(struct call *c, int *ret_done, struct err *e)
{
    return privacy_work(c, privacy_pack, ret_done, e);
}

bool mail_export_link(struct call *c, const struct message *m, struct str *ret_path, struct err *e)
{
    struct str path;
    if (!privacy_link(c, (struct data_request_id){m->subject}, &path, e)) return false;
    *ret_path = str_is_null(path) ? STR("/account/privacy") : path;
    return true;
}
