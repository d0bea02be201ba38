/* Categories: a tree that is small enough to be read whole. */
#include "service/catalog_internal.h"
#include "sql/catalog.h"
#include "sql/orders.h"

struct str catalog_url(struct arena *a, const char *prefix, struct str slug)
{
    size_t n = strlen(prefix);
    char *text = arena_alloc(a, n + slug.n + 1);
    memcpy(text, prefix, n);
    memcpy(text + n, slug.p, slug.n);
    return str_of(text, n + slug.n);
}

static struct catalog_category from_row(struct arena *a, const struct q_category_tree_row *r)
{
    return (struct catalog_category){
        .id = r->id, .version = r->version, .parent = r->parent, .slug = r->slug, .url = catalog_url(a, "/c/", r->slug),
        .name = r->name, .description = r->description, .image_url = r->image_url, .depth = r->depth, .position = r->position,
        .created_at = r->created_at, .updated_at = r->updated_at};
}

bool catalog_categories(struct call *c, struct shape_list *ret_categories, struct err *e)
{
    struct q_category_tree_rows rows;
    if (!q_category_tree(c->db, c->arena, &(struct q_category_tree_in){.locale = c->market->locale}, &rows, e)) return false;
    struct catalog_category *list = ARENA_ARRAY(c->arena, struct catalog_category, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) list[i] = from_row(c->arena, &rows.v[i]);
    *ret_categories = (struct shape_list){rows.n, list};
    return true;
}

bool catalog_shelves(struct call *c, struct shape_list *ret_categories, struct err *e)
{
    struct q_shelf_list_rows rows;
    if (!q_shelf_list(c->db, c->arena, &(struct q_shelf_list_in){.locale = c->market->locale}, &rows, e)) return false;
    struct catalog_category *list = ARENA_ARRAY(c->arena, struct catalog_category, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        list[i] = (struct catalog_category){.slug = rows.v[i].slug, .name = rows.v[i].name, .depth = 1,
                                            .url = str_printf(c->arena, "/c/" STR_FMT, STR_ARG(rows.v[i].slug))};
    }
    *ret_categories = (struct shape_list){rows.n, list};
    return true;
}

const struct catalog_category *category_find(struct shape_list tree, struct str id_or_slug)
{
    const struct catalog_category *list = tree.v;
    struct uuid id;
    bool by_id = id_parse(ID_category, id_or_slug, &id);
    for (size_t i = 0; i < tree.n; i++) {
        if (by_id ? uuid_eq(list[i].id.u, id) : str_eq(list[i].slug, id_or_slug)) return &list[i];
    }
    return NULL;
}

static const struct catalog_category *by_id(struct shape_list tree, struct category_id id)
{
    const struct catalog_category *list = tree.v;
    for (size_t i = 0; i < tree.n; i++) {
        if (uuid_eq(list[i].id.u, id.u)) return &list[i];
    }
    return NULL;
}

struct shape_list category_ancestors(struct arena *a, struct shape_list tree, const struct catalog_category *of)
{
    size_t n = of->depth > 1 ? (size_t)of->depth - 1 : 0;
    struct catalog_category *chain = ARENA_ARRAY(a, struct catalog_category, n + 1);
    const struct catalog_category *at = of;
    for (size_t i = n; i > 0; i--) {
        at = by_id(tree, at->parent);
        if (!at) return (struct shape_list){0, chain};
        chain[i - 1] = *at;
    }
    return (struct shape_list){n, chain};
}

bool catalog_category(struct call *c, struct str id_or_slug, struct catalog_category *ret_category, struct str *ret_moved, struct err *e)
{
    struct shape_list tree;
    *ret_moved = STR_NULL;
    if (!catalog_categories(c, &tree, e)) return false;
    const struct catalog_category *found = category_find(tree, id_or_slug);
    if (!found) {
        struct q_category_moved_row moved;
        bool known = false;
        if (!q_category_moved(c->db, c->arena, &(struct q_category_moved_in){.slug = id_or_slug}, &moved, &known, e)) return false;
        if (!known || !category_find(tree, moved.slug)) return err_set(e, PROBLEM_NOT_FOUND, "There is no such category");
        *ret_moved = moved.slug;
        return true;
    }
    struct catalog_category *children = ARENA_ARRAY(c->arena, struct catalog_category, tree.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < tree.n; i++) {
        const struct catalog_category *k = (const struct catalog_category *)tree.v + i;
        if (uuid_eq(k->parent.u, found->id.u)) children[n++] = *k;
    }
    *ret_category = *found;
    ret_category->ancestors = category_ancestors(c->arena, tree, found);
    ret_category->children = (struct shape_list){n, children};
    return true;
}
