#include "shelf.h"

#include "service/demo.h"

#define CATEGORY(slug, name, parent, position) \
    "{\"slug\":\"" slug "\",\"name\":\"" name "\",\"description\":\"\",\"parent\":" parent ",\"position\":" position ",\"image\":\"" slug ".svg\"}"
#define PRODUCT(slug, name, category, popularity, since, options, variants) \
    "{\"slug\":\"" slug "\",\"name\":\"" name "\",\"subtitle\":\"About " name "\",\"description\":\"All of it.\",\"categories\":[\"" category "\"]," \
    "\"tax_class\":\"standard\",\"popularity\":" popularity ",\"created_at\":\"2026-" since "-01T00:00:00Z\",\"options\":[" options "]," \
    "\"variants\":[" variants "],\"images\":[{\"file\":\"" slug ".svg\",\"alt\":\"" name "\",\"w\":800,\"h\":600}]}"
#define VARIANT(sku, value, price, compare_at, stock, image) \
    "{\"sku\":\"" sku "\",\"values\":[" value "],\"price\":" price ",\"compare_at\":" compare_at ",\"stock\":" stock ",\"weight_g\":300,\"image\":\"" image "\"}"

static const char shelf[] =
    "{\"categories\":[" CATEGORY("home", "Home", "null", "1") "," CATEGORY("tea", "Tea", "null", "2") "," CATEGORY("kitchen", "Kitchen", "\"home\"", "1") "],"
    "\"products\":["
    PRODUCT("blue-mug", "Blue Mug", "kitchen", "100", "03", "{\"name\":\"Colour\",\"values\":[\"Sand\",\"Moss\"]}",
            VARIANT("MUG-1", "\"Sand\"", "2400", "3000", "5", "blue-mug.svg") "," VARIANT("MUG-2", "\"Moss\"", "2600", "null", "0", "none.svg")) ","
    PRODUCT("green-tea", "Green Tea", "tea", "70", "02", "", VARIANT("TEA-1", "", "800", "null", "0", "green-tea.svg")) ","
    PRODUCT("wool-blanket", "Wool Blanket", "home", "50", "01", "", VARIANT("WOOL-1", "", "9000", "null", "3", "none.svg")) ","
    PRODUCT("oak-board", "Oak Board", "kitchen", "40", "05", "", VARIANT("OAK-1", "", "4000", "null", "2", "none.svg")) ","
    PRODUCT("black-tea", "Black Tea", "tea", "10", "04", "", VARIANT("TEA-2", "", "800", "null", "9", "none.svg")) "]}";

int shelf_start(void **state)
{
    struct demo_report r;
    struct err e;
    if (shop_start(state) != 0) return 1;
    err_clear(&e);
    assert_good(demo_load(shop_call(*state, "souk_admin"), STR(shelf), &r, &e), e);
    assert_int_equal(r.created, 5);
    return 0;
}

struct str slugs_of(struct call *c, struct shape_list products)
{
    struct buf b;
    buf_init_arena(&b, c->arena, 0);
    for (size_t i = 0; i < products.n; i++) {
        if (i) buf_char(&b, ' ');
        buf_str(&b, ((const struct catalog_product *)products.v)[i].slug);
    }
    return buf_view(&b);
}
