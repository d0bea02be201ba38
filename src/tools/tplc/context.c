/* Follows the HTML through the tree: every branch must leave the HTML as the others do, and each hole gets the escaper of its place. */
#include "tools/tplc/context.h"

#define HOLE_FAIL(c, line, ...) tpl_fail((c)->t, (line), __VA_ARGS__)

static bool walk(struct context *c, struct node *node);

static enum type_kind hole_kind(const struct expr *e)
{
    return e->kind == E_PATH ? e->path.type->kind : T_TEXT;
}

/* --- holes ------------------------------------------------------------------------------------------------------- */

static bool hole_in_text(struct context *c, struct node *node)
{
    enum type_kind k = hole_kind(&node->expr);
    if (k == T_BOOL)
        return HOLE_FAIL(c, node->line, "a bool has no text: use if");
    if (k == T_JSON)
        return HOLE_FAIL(c, node->line, "json stands in <script type=\"application/ld+json\"> or in a data- attribute only");
    if (k == T_TRUSTED && c->state != S_DATA)
        return HOLE_FAIL(c, node->line, "trusted HTML cannot stand here: only text can");
    node->esc = k == T_TRUSTED ? ESC_RAW_HTML : ESC_TEXT;
    node->leading_newline = c->fresh_textarea;
    c->fresh_textarea = false;
    c->space = false;
    return true;
}

static bool hole_in_script(struct context *c, struct node *node)
{
    if (!str_eq_c(c->element, "script"))
        return HOLE_FAIL(c, node->line, "holes are not allowed in <" STR_FMT ">", STR_ARG(c->element));
    if (!str_eq_c(c->type, "application/ld+json"))
        return HOLE_FAIL(c, node->line, "holes are not allowed in scripts: use a data- attribute or a JSON endpoint");
    if (hole_kind(&node->expr) != T_JSON || c->json_written)
        return HOLE_FAIL(c, node->line, "a JSON-LD script holds exactly one hole of type json");
    c->json_written = true;
    node->esc = ESC_SCRIPT_JSON;
    return true;
}

static bool hole_in_human(struct context *c, struct node *node)
{
    enum type_kind k = hole_kind(&node->expr);
    if (k == T_BOOL || k == T_JSON || k == T_TRUSTED || node->expr.kind == E_ASSET)
        return HOLE_FAIL(c, node->line, "'" STR_FMT "' is read by people: no %s there", STR_ARG(c->attr),
                         node->expr.kind == E_ASSET ? "asset" : type_name(node->expr.path.type));
    node->esc = ESC_TEXT;
    return true;
}

static bool hole_in_machine(struct context *c, struct node *node)
{
    const struct expr *e = &node->expr;
    bool data = str_starts(c->attr, STR("data-"));
    enum type_kind k = hole_kind(e);
    if (k == T_TRUSTED)
        return HOLE_FAIL(c, node->line, "trusted HTML cannot stand in an attribute");
    if (k == T_JSON && !data)
        return HOLE_FAIL(c, node->line, "json stands in <script type=\"application/ld+json\"> or in a data- attribute only");
    if (k == T_TEXT && e->kind != E_ASSET && !data && !(str_eq_c(c->element, "option") && str_eq_c(c->attr, "value")))
        return HOLE_FAIL(c, node->line, "'" STR_FMT "' is read by programs: no words there", STR_ARG(c->attr));
    if (k == T_BOOL && !data && !str_starts(c->attr, STR("aria-")))
        return HOLE_FAIL(c, node->line, "a bool stands in data- and aria- attributes only: use if");
    node->esc = k == T_TEXT ? ESC_TEXT : ESC_MACHINE;
    return true;
}

static bool hole_in_url(struct context *c, struct node *node)
{
    const struct expr *e = &node->expr;
    enum type_kind k = hole_kind(e);
    if (e->kind == E_ASSET) {
        if (c->url != U_START)
            return HOLE_FAIL(c, node->line, "an asset stands at the beginning of an address");
        node->esc = ESC_URL;
        c->url = U_PATH;
        return true;
    }
    if (c->cls == ATTR_URL && str_eq_c(c->element, "link") && !link_rel_may_have_holes(c->rel))
        return HOLE_FAIL(c, node->line, "holes in the address of a <link> need rel (before href) canonical, alternate, next, prev, preload, prefetch or icon");
    if (c->url == U_START) {
        if (c->cls == ATTR_URL_STATIC)
            return HOLE_FAIL(c, node->line, "the address of <" STR_FMT "> begins in the template or is an asset", STR_ARG(c->element));
        if (k != T_URL)
            return HOLE_FAIL(c, node->line, "an address begins with a field of type url, not %s", e->kind == E_TEXT ? "text" : type_name(e->path.type));
        node->esc = ESC_URL;
        c->url = U_PATH;
        return true;
    }
    if (c->url == U_DESCRIPTOR) {
        node->esc = ESC_MACHINE;
        return k == T_INT || HOLE_FAIL(c, node->line, "the descriptor of a srcset holds an int only");
    }
    if (c->url == U_PREFIX && !url_scheme_is_safe(c->value))
        return HOLE_FAIL(c, node->line, "the address '" STR_FMT "' has a scheme that is not http, https, mailto or tel", STR_ARG(c->value));
    if (e->kind != E_PATH || !(k == T_STR || k == T_INT || (k == T_URL && c->url == U_QUERY)))
        return HOLE_FAIL(c, node->line, "inside an address stand str and int%s", k == T_URL ? "; a url only as a query value" : "");
    node->esc = c->url == U_QUERY ? ESC_URL_PART : ESC_URL_SEGMENT;
    return true;
}

static bool hole_in_content(struct context *c, struct node *node)
{
    enum type_kind k = hole_kind(&node->expr);
    if (c->http_equiv || !meta_content_may_have_holes(c->meta_name))
        return HOLE_FAIL(c, node->line, "holes are not allowed in the content of this <meta>");
    if (k == T_URL)
        return hole_in_url(c, node);
    if (k == T_BOOL || k == T_JSON || k == T_TRUSTED)
        return HOLE_FAIL(c, node->line, "a %s cannot stand in content", type_name(node->expr.path.type));
    node->esc = k == T_TEXT || k == T_STR ? ESC_TEXT : ESC_MACHINE;
    return true;
}

static bool hole_in_value(struct context *c, struct node *node)
{
    c->dynamic = true;
    switch (c->cls) {
    case ATTR_HUMAN:
        return hole_in_human(c, node);
    case ATTR_MACHINE:
        return hole_in_machine(c, node);
    case ATTR_URL:
    case ATTR_URL_STATIC:
    case ATTR_SRCSET:
        return hole_in_url(c, node);
    case ATTR_CONTENT:
        return hole_in_content(c, node);
    case ATTR_UNKNOWN:
    case ATTR_STATIC:
    case ATTR_STYLE:
    case ATTR_REFUSED:
        break;
    }
    return HOLE_FAIL(c, node->line, "holes are not allowed in attribute '" STR_FMT "' of <" STR_FMT ">", STR_ARG(c->attr), STR_ARG(c->element));
}

static bool hole(struct context *c, struct node *node)
{
    switch (c->state) {
    case S_DATA:
    case S_RCDATA:
        return hole_in_text(c, node);
    case S_RAW:
        return hole_in_script(c, node);
    case S_VALUE:
        return hole_in_value(c, node);
    case S_BEFORE_VALUE:
        return HOLE_FAIL(c, node->line, "the value of '" STR_FMT "' is not quoted", STR_ARG(c->attr));
    case S_LT:
        return HOLE_FAIL(c, node->line, "a hole right behind '<'");
    case S_TAG_NAME:
    case S_END_NAME:
    case S_AFTER_END_NAME:
    case S_BEFORE_ATTR:
    case S_AFTER_ATTR:
    case S_ATTR_NAME:
    case S_SLASH:
        break;
    }
    return HOLE_FAIL(c, node->line, "a hole cannot be the name of a tag or an attribute");
}

/* --- branches ---------------------------------------------------------------------------------------------------- */

static bool same_place(const struct context *x, const struct context *y)
{
    bool is_url = x->cls == ATTR_URL || x->cls == ATTR_URL_STATIC || x->cls == ATTR_SRCSET || attr_is_url(x->attr);
    if (!is_url && x->cls != ATTR_CONTENT)
        return x->cls == y->cls && str_eq(x->attr, y->attr) && x->quote == y->quote;
    return x->cls == y->cls && str_eq(x->attr, y->attr) && x->url == y->url && x->quote == y->quote &&
           (x->url != U_PREFIX || str_eq(x->value, y->value));      /* one of the prefixes may become a scheme */
}

/* Two ways through a template meet: they must leave the HTML in the same state. *c becomes that state. */
static bool join(struct context *c, const struct context *other, int line)
{
    bool in_tag = c->state == S_BEFORE_ATTR || c->state == S_AFTER_ATTR;
    bool other_in_tag = other->state == S_BEFORE_ATTR || other->state == S_AFTER_ATTR;
    if (c->state != other->state && !(in_tag && other_in_tag))
        return tpl_fail(c->t, line, "the branches leave the HTML in different places (a tag or a quote is open in one of them)");
    if (c->state == S_VALUE && !same_place(c, other))
        return tpl_fail(c->t, line, "the branches end in different parts of the address or attribute '" STR_FMT "'", STR_ARG(c->attr));
    if (c->depth != other->depth)
        return tpl_fail(c->t, line, "the branches open and close different elements");
    for (size_t i = 0; i < c->depth; i++)
        if (!str_eq(c->stack[i], other->stack[i]))
            return tpl_fail(c->t, line, "the branches open and close different elements");
    if (in_tag && other->state == S_AFTER_ATTR)
        c->state = S_AFTER_ATTR;
    for (size_t i = 0; in_tag && i < other->n_attrs; i++) {
        bool known = false;
        for (size_t k = 0; k < c->n_attrs; k++)
            known = known || str_eq(c->attrs[k], other->attrs[i]);
        if (!known && c->n_attrs < ATTRS_MAX)
            c->attrs[c->n_attrs++] = other->attrs[i];
    }
    c->space = c->space && other->space;
    c->has_src = c->has_src && other->has_src;
    c->has_alt = c->has_alt && other->has_alt;
    c->has_value = c->has_value || other->has_value;
    c->json_written = c->json_written || other->json_written;
    c->fresh_textarea = c->fresh_textarea && other->fresh_textarea;
    c->dynamic = c->dynamic || other->dynamic;
    if (!str_eq(c->type, other->type))
        c->type = STR("");
    return true;
}

/* A block may not close what was opened before it: its own stack ends where it began. */
static bool walk_block(struct context *c, struct node *body, int line)
{
    struct context before = *c;
    if (!walk(c, body) || !html_boundary(c, line))
        return false;
    if (c->depth != before.depth)
        return tpl_fail(c->t, line, "<" STR_FMT "> is not closed in the block that opens it", STR_ARG(c->depth ? c->stack[c->depth - 1] : before.element));
    return true;
}

static bool walk_if(struct context *c, struct node *node)
{
    struct context before = *c, after;
    bool any = false, has_else = false;
    for (struct branch *branch = node->branches; branch; branch = branch->next) {
        struct context copy = before;
        if (!walk_block(&copy, branch->body, node->line) || (any && !join(&after, &copy, node->line)))
            return false;
        if (!any)
            after = copy;
        any = true;
        has_else = has_else || !branch->cond;
    }
    if (!has_else && !join(&after, &before, node->line))
        return false;
    *c = after;
    return true;
}

static bool walk_for(struct context *c, struct node *node)
{
    struct context before = *c, body = *c, other = *c;
    body.space = false;
    if (!walk_block(&body, node->body, node->line) || !walk_block(&other, node->other, node->line))
        return false;
    if (!join(&body, &before, node->line) || !join(&body, &other, node->line))
        return false;
    *c = body;
    return true;
}

static bool walk_partial(struct context *c, struct node *node)
{
    const char *what = node->kind == N_USE ? "a partial" : "content";
    if (c->state != S_DATA || c->svg_from)
        return tpl_fail(c->t, node->line, "%s cannot stand inside a tag, a title or a drawing", what);
    if (c->untranslated_from || c->keep_from)
        return tpl_fail(c->t, node->line, "%s cannot stand inside <pre> or translate=\"no\"", what);
    c->space = false;
    return true;
}

static bool walk(struct context *c, struct node *node)
{
    for (; node; node = node->next) {
        if (node->kind == N_TEXT) {
            struct buf out;
            buf_init_arena(&out, c->t->compiler->a, 0);
            if (!html_static(c, node->text, node->line, &out))
                return false;
            node->text = buf_to_str(&out, c->t->compiler->a);
        } else if (node->kind == N_HOLE) {
            if (!hole(c, node))
                return false;
        } else if (!html_boundary(c, node->line)) {
            return false;
        } else if (node->kind == N_IF ? !walk_if(c, node) : node->kind == N_FOR ? !walk_for(c, node) : !walk_partial(c, node)) {
            return false;
        }
    }
    return true;
}

/* --- text templates ---------------------------------------------------------------------------------------------- */

static bool walk_plain(struct tpl *t, struct node *node)
{
    for (; node; node = node->next) {
        struct str word;
        bool ok = true;
        if (node->kind == N_TEXT && !words_absent(node->text, false, &word))
            return tpl_fail(t, node->line, "bare words '" STR_FMT "': words are keys, write {{ t \"...\" }}", STR_ARG(word));
        if (node->kind == N_HOLE) {
            enum type_kind k = hole_kind(&node->expr);
            if (k == T_BOOL || k == T_TRUSTED || k == T_JSON || node->expr.kind == E_ASSET)
                return tpl_fail(t, node->line, "a text template holds no %s", node->expr.kind == E_ASSET ? "asset" : type_name(node->expr.path.type));
            node->esc = ESC_PLAIN;
        }
        for (struct branch *branch = node->kind == N_IF ? node->branches : NULL; ok && branch; branch = branch->next)
            ok = walk_plain(t, branch->body);
        if (node->kind == N_FOR)
            ok = walk_plain(t, node->body) && walk_plain(t, node->other);
        if (!ok)
            return false;
    }
    return true;
}

bool context_template(struct tpl *t)
{
    if (t->plain)
        return walk_plain(t, t->body);
    struct context c = {.t = t, .space = true};
    if (!walk(&c, t->body))
        return false;
    if (c.state != S_DATA)
        return tpl_fail(t, 0, "the file ends inside a tag, a title or a script");
    if (c.depth)
        return tpl_fail(t, 0, "<" STR_FMT "> is never closed", STR_ARG(c.stack[c.depth - 1]));
    return true;
}
