# templates: pages, mails, texts and assets. The shop's pages; assets are in assets.mk.
TEMPLATES += templates/shop/layout.html templates/shop/quiet_layout.html
TEMPLATES += templates/shop/card.html templates/shop/breadcrumb.html templates/shop/pager.html templates/shop/filters.html
TEMPLATES += templates/shop/option.html templates/shop/cart_line.html templates/shop/totals.html templates/shop/order_summary.html
TEMPLATES += templates/shop/steps.html templates/shop/errors.html templates/shop/pay_method.html templates/shop/pay_methods.html
TEMPLATES += templates/shop/home.html templates/shop/category.html templates/shop/search.html templates/shop/product.html
TEMPLATES += templates/shop/terms.html templates/shop/privacy.html templates/shop/error.html
TEMPLATES += templates/shop/cart.html templates/shop/cart_fragment.html
TEMPLATES += templates/shop/checkout.html templates/shop/checkout_shipping.html templates/shop/checkout_payment.html
TEMPLATES += templates/shop/order.html templates/shop/order_lookup.html
TEMPLATES += templates/shop/pay.html templates/shop/pay_wait.html templates/shop/bank_challenge.html
TEMPLATES += templates/account/field.html templates/account/nav.html templates/account/order_row.html templates/account/sign_in.html templates/account/sign_in_mfa.html templates/account/confirm.html
TEMPLATES += templates/account/register.html templates/account/verify.html templates/account/verify_link.html templates/account/invitation.html templates/account/forgot.html templates/account/reset.html templates/account/message.html
TEMPLATES += templates/account/home.html templates/account/orders.html templates/account/profile.html templates/account/addresses.html templates/account/address.html templates/account/question.html
TEMPLATES += templates/account/security_identities.html
TEMPLATES += templates/account/passkey_button.html templates/account/provider_buttons.html templates/account/security_factors.html templates/account/factor_setup.html templates/account/factor_codes.html
TEMPLATES += templates/mail/data_export.html
TEMPLATES += templates/account/security.html templates/account/password.html templates/account/email.html templates/account/privacy.html

# All of them in one run of tplc; files that would not change keep their time, so only what changed is compiled.
# A new folder of templates is one more gen/tpl_<folder>.c.
TEXTS = templates/text/en.po templates/text/de.po
nodist_libsouk_la_SOURCES += gen/text.c gen/tpl_account.c gen/tpl_error.c gen/tpl_mail.c gen/tpl_shop.c
TPL_MADE = gen/text.h gen/text.c gen/tpl_account.c gen/tpl_error.c gen/tpl_mail.c gen/tpl_shop.c
gen/tpl.stamp: $(TEMPLATES) $(TEXTS) tplc$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) gen/tpl && ./tplc$(EXEEXT) --out gen $(TEMPLATES:%=$(srcdir)/%) $(TEXTS:%=$(srcdir)/%) && touch $@
$(TPL_MADE): gen/tpl.stamp
	@test -f $@ || { rm -f gen/tpl.stamp; $(MAKE) $(AM_MAKEFLAGS) gen/tpl.stamp; }
$(libsouk_la_OBJECTS): | gen/tpl.stamp gen/assets.h
BUILT_SOURCES += gen/tpl.stamp
CLEANFILES += gen/tpl.stamp gen/tpl/*.h $(TPL_MADE)
EXTRA_DIST += $(TEMPLATES) $(TEXTS)

# What browsers load beside the pages: copied under a name with a hash. A file stands after those that it mentions.
ASSETS = icons.svg favicon.svg hero.svg bank.svg shop.webmanifest bank.css shop.css account.css forms.js cart.js product.js suggest.js passkey.js shop.js
ASSET_FILES = $(ASSETS:%=templates/assets/%)
gen/assets.h: $(ASSET_FILES) templates/assets.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/templates/assets.sh $(srcdir)/templates/assets assets gen/assets.h $(ASSETS)
BUILT_SOURCES += gen/assets.h
CLEANFILES += gen/assets.h
EXTRA_DIST += templates/README.md templates/assets.sh $(ASSET_FILES)

install-data-hook:
	$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/assets" "$(DESTDIR)$(pkgdatadir)/demo"
	$(INSTALL_DATA) assets/* "$(DESTDIR)$(pkgdatadir)/assets"
	$(INSTALL_DATA) $(srcdir)/sql/seed/demo.json $(srcdir)/sql/seed/images/*.svg "$(DESTDIR)$(pkgdatadir)/demo"
uninstall-hook:
	rm -rf "$(DESTDIR)$(pkgdatadir)/assets" "$(DESTDIR)$(pkgdatadir)/demo"
clean-local:
	rm -rf assets assets.new
TEMPLATES += templates/error/page.html
TEMPLATES += templates/mail/layout.html templates/mail/order_confirmation.html templates/mail/order_confirmation.txt \
	templates/mail/account.html templates/mail/account.txt
