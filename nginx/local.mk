# nginx: templates of its configuration; ./run fills the @NAMES@.
nginxdir = $(pkgdatadir)/nginx
NGINX_TEMPLATES = nginx/nginx.conf.in nginx/request.conf.in nginx/cache.conf.in nginx/pools.conf.in nginx/tls.conf.in \
	nginx/headers.conf.in nginx/errors.conf.in nginx/pool.conf.in nginx/api.conf.in nginx/page.conf.in \
	nginx/page-cached.conf.in
dist_nginx_DATA = $(NGINX_TEMPLATES)
nodist_nginx_DATA = gen/nginx/problems.conf gen/nginx/locations.conf
EXTRA_DIST += nginx/problems.awk nginx/README.md
CLEANFILES += gen/nginx/problems.conf

gen/nginx/problems.conf: $(srcdir)/nginx/problems.awk $(srcdir)/src/base/problem.def
	@$(MKDIR_P) gen/nginx
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/nginx/problems.awk $(srcdir)/src/base/problem.def >$@.new && mv $@.new $@

# HTML pages for errors that nginx raises where no pool is asked.
errorsdir = $(pkgdatadir)/errors
ERROR_PAGES = gen/errors/400.html gen/errors/403.html gen/errors/404.html gen/errors/405.html gen/errors/412.html gen/errors/413.html \
	gen/errors/414.html gen/errors/429.html gen/errors/494.html gen/errors/500.html gen/errors/502.html gen/errors/503.html gen/errors/504.html
nodist_errors_DATA = $(ERROR_PAGES)
CLEANFILES += $(ERROR_PAGES) gen/errors/stamp

gen/errors/stamp: pagegen$(EXEEXT)
	@$(MKDIR_P) gen/errors
	$(AM_V_GEN)./pagegen$(EXEEXT) gen/errors && touch $@
$(ERROR_PAGES): gen/errors/stamp
