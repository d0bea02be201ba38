/* Runs the C that tplc made of ok/ with values that try to break out of their place. */
#include <stdio.h>

#include "html/html.h"
#include "tpl/ok_attributes.h"
#include "tpl/ok_blocks.h"
#include "tpl/ok_jsonld.h"
#include "tpl/ok_plain.h"
#include "tpl/ok_text.h"
#include "tpl/ok_texts.h"
#include "tpl/ok_twin.h"
#include "tpl/ok_twin_txt.h"
#include "tpl/ok_urls.h"

static const struct str evil = {"</textarea><b a=\"1\" c='2'>&amp;", 31};
static const struct money price = {123456, {"EUR"}};
static const usec_t moment = INT64_C(1795338607) * USEC_PER_SEC;

static void blocks(struct html *h, size_t n)
{
    const struct tpl_lib_partial cards[] = {{STR("one"), price}, {evil, price}};
    const struct str tags[] = {STR("a"), STR("b"), STR("c")};
    const struct tpl_ok_blocks_groups_values values[] = {{STR("x"), 1000}, {STR("y"), 2}};
    const struct tpl_ok_blocks_groups groups[] = {{STR("g1"), true, {2, values}}, {STR("g2"), false, {0, NULL}}};
    tpl_ok_blocks(h, &(struct tpl_ok_blocks){
        .page = {.title = evil}, .items = {n, cards}, .tags = {n ? 3 : 0, tags}, .groups = {n, groups}, .one = cards[0],
        .a = n > 0, .b = n ? STR("b") : STR(""), .c = price, .d = n ? 1 : 0, .e = {STR("<i>1</i>")},
    });
}

int main(void)
{
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, 0);
    struct html h = {.out = &b, .arena = a, .texts = text_catalog(STR("en"))};
    tpl_ok_text(&h, &(struct tpl_ok_text){evil, -1234567, price, moment, moment, evil, html_trusted_plain(a, evil), TEXT_a__plain});
    tpl_ok_attributes(&h, &(struct tpl_ok_attributes){evil, 7, price, moment, moment, true, evil, STR("{\"a\":\"'\"}"), TEXT_a__plain});
    tpl_ok_attributes(&h, &(struct tpl_ok_attributes){evil, 0, price, moment, moment, false, evil, STR("[]"), TEXT_a__plain});
    tpl_ok_urls(&h, &(struct tpl_ok_urls){STR("javascript:alert(1)"), evil, 3, STR("/x?a=1&b=2")});
    tpl_ok_urls(&h, &(struct tpl_ok_urls){STR("https://shop.example/?a=1&b=\"2\""), STR(".."), 0, STR("//x")});
    blocks(&h, 2);
    blocks(&h, 0);
    tpl_ok_texts(&h, &(struct tpl_ok_texts){1, evil, moment, price, moment, TEXT_a__plain});
    tpl_ok_texts(&h, &(struct tpl_ok_texts){1500, evil, moment, price, moment, TEXT_NONE});
    tpl_ok_jsonld(&h, &(struct tpl_ok_jsonld){STR("{\"name\":\"</script><!-- & -->\"}"), true});
    const struct tpl_ok_plain_rows rows[] = {{STR("<a>")}, {evil}};
    tpl_ok_plain(&h, &(struct tpl_ok_plain){evil, price, {2, rows}, true});
    tpl_ok_plain(&h, &(struct tpl_ok_plain){evil, price, {0, NULL}, false});
    tpl_ok_twin(&h, &(struct tpl_ok_twin){evil, evil});
    tpl_ok_twin_txt(&h, &(struct tpl_ok_twin){evil, evil});
    bool ok = !b.failed && fwrite(b.p, 1, b.n, stdout) == b.n;
    buf_free(&b);
    arena_destroy(a);
    return ok ? 0 : 1;
}
