# templates: pages, mails, texts and assets. The shop's pages; assets are in assets.mk.
TEMPLATES += templates/shop/layout.html templates/shop/quiet_layout.html
TEMPLATES += templates/shop/card.html templates/shop/breadcrumb.html templates/shop/pager.html templates/shop/filters.html
TEMPLATES += templates/shop/option.html templates/shop/cart_line.html templates/shop/totals.html templates/shop/order_summary.html
TEMPLATES += templates/shop/steps.html templates/shop/errors.html templates/shop/pay_methods.html
TEMPLATES += templates/shop/home.html templates/shop/category.html templates/shop/search.html templates/shop/product.html
TEMPLATES += templates/shop/terms.html templates/shop/privacy.html templates/shop/error.html
TEMPLATES += templates/shop/cart.html templates/shop/cart_fragment.html
TEMPLATES += templates/shop/checkout.html templates/shop/checkout_shipping.html templates/shop/checkout_payment.html
TEMPLATES += templates/shop/order.html templates/shop/order_lookup.html
TEMPLATES += templates/shop/pay.html templates/shop/pay_wait.html templates/shop/bank_challenge.html
