/* Five products in three categories, written by the import: enough to tell sorts, filters and searches apart. */
#ifndef SOUK_TESTS_UNIT_SERVICE_SHELF_H
#define SOUK_TESTS_UNIT_SERVICE_SHELF_H

#include "shop.h"

#include "service/catalog.h"

/*             category        price      stock  popularity  since
 * Blue Mug      home/kitchen    2400-2600  5, 0   100         2026-03   Colour: Sand, Moss
 * Green Tea     tea             800        0      70          2026-02
 * Wool Blanket  home            9000       3      50          2026-01
 * Oak Board     home/kitchen    4000       2      40          2026-05
 * Black Tea     tea             800        9      10          2026-04 */
int shelf_start(void **state);           /* group setup: shop_start with this shelf */

/* The slugs of a list of products, joined by blanks. */
struct str slugs_of(struct call *c, struct shape_list products);

#endif
