#include "shared/pay_methods.h"

#include "service/payment.h"
#include "shared/page.h"

enum { IN_SIGHT = 4 };

void page_pay_methods(struct req *r, const char *legend_key, struct str chosen, struct tpl_shop_pay_methods *ret_methods)
{
    size_t n;
    const struct payment_method *m = payment_methods(r->call->env, &n);
    struct tpl_shop_pay_method *list = ARENA_ARRAY(r->arena, struct tpl_shop_pay_method, n + 1);
    size_t shown = n < IN_SIGHT ? n : IN_SIGHT;
    bool more_open = false;

    for (size_t i = 0; i < n; i++) {
        bool selected = str_is_empty(chosen) ? i == 0 : str_eq_c(chosen, m[i].token);
        list[i] = (struct tpl_shop_pay_method){.value = str_from(m[i].token), .label = page_text(r, m[i].text_key),
                                               .hint = page_text(r, m[i].hint_key), .selected = selected};
        if (selected && i >= shown) more_open = true;
    }
    *ret_methods = (struct tpl_shop_pay_methods){.legend = page_text(r, legend_key), .methods = {shown, list},
                                                 .more = {n - shown, list + shown}, .more_open = more_open};
}
