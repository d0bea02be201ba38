# nginx: templates of its configuration; ./run fills the @NAMES@.
nginxdir = $(pkgdatadir)/nginx
NGINX_TEMPLATES = nginx/nginx.conf.in nginx/request.conf.in nginx/cache.conf.in nginx/pools.conf.in nginx/tls.conf.in \
	nginx/headers.conf.in nginx/errors.conf.in nginx/pool.conf.in nginx/api.conf.in nginx/page.conf.in \
	nginx/page-cached.conf.in nginx/locations.conf.in
dist_nginx_DATA = $(NGINX_TEMPLATES)
nodist_nginx_DATA = gen/nginx/problems.conf
EXTRA_DIST += nginx/problems.awk nginx/README.md
CLEANFILES += gen/nginx/problems.conf

gen/nginx/problems.conf: $(srcdir)/nginx/problems.awk $(srcdir)/src/base/problem.def
	@$(MKDIR_P) gen/nginx
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/nginx/problems.awk $(srcdir)/src/base/problem.def >$@.new && mv $@.new $@
