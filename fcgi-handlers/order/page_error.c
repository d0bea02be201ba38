/* Errors of pages, in the shop's layout. */
#include "shared/page.h"
#include "view.h"

void order_page_error(struct req *r, struct http_response *w, const struct err *e)
{
    page_error_with(r, w, e, problem_info(e->problem)->status >= 500 ? (struct shape_list){0, NULL} : view_shelves(r));
}
