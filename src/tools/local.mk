# src/tools: programs that run at build time. They link libbase only, because libsouk needs what they write.

# sqlgen: query files to typed C (see README.md); sqlgen-check compares them with a server
noinst_PROGRAMS += sqlgen
sqlgen_SOURCES = src/tools/sqlgen.c src/tools/sqlgen.h src/tools/sqlgen_files.c src/tools/sqlgen_parse.c src/tools/sqlgen_emit.c
sqlgen_LDADD = libbase.la
noinst_PROGRAMS += sqlgen-check
sqlgen_check_SOURCES = src/tools/sqlgen_check.c src/tools/sqlgen.h src/tools/sqlgen_files.c src/tools/sqlgen_parse.c
sqlgen_check_LDADD = libbase.la $(LIBPQ_LIBS)

# tplc: templates and texts to C
noinst_PROGRAMS += tplc
tplc_SOURCES = \
	src/tools/tplc/bind.c src/tools/tplc/context.c src/tools/tplc/context.h src/tools/tplc/emit.c src/tools/tplc/emit_text.c \
	src/tools/tplc/fields.c src/tools/tplc/html.c src/tools/tplc/lex.c src/tools/tplc/main.c src/tools/tplc/parse.c \
	src/tools/tplc/po.c src/tools/tplc/tables.c src/tools/tplc/tplc.h src/tools/tplc/words.c
tplc_LDADD = libbase.la
# routegen: the route tables of all pools, linked in, become OpenAPI, nginx locations and a list. A pool joins with one line in its own
# local.mk: ROUTEGEN_POOLS += libpool-order.la
noinst_PROGRAMS += routegen
routegen_SOURCES = src/tools/routegen.c src/tools/routegen.h src/tools/routegen_nginx.c src/tools/routegen_openapi.c
nodist_routegen_SOURCES = gen/pools.h
routegen_LDADD = $(ROUTEGEN_POOLS) libsouk.la -ldl
BUILT_SOURCES += gen/pools.h
CLEANFILES += gen/pools.h gen/openapi.json gen/nginx/locations.conf

gen/pools.h: Makefile
	@$(MKDIR_P) gen
	$(AM_V_GEN){ echo '/* Made by make from ROUTEGEN_POOLS. */'; \
	  for p in $(ROUTEGEN_POOLS); do p=$${p#libpool-}; echo "extern const struct pool_spec pool_$${p%.la};"; done; \
	  echo 'static const struct pool_spec *const linked_pools[] = {'; \
	  for p in $(ROUTEGEN_POOLS); do p=$${p#libpool-}; echo "    &pool_$${p%.la},"; done; \
	  echo '    NULL};'; } >$@.new; if cmp -s $@.new $@; then rm $@.new; touch $@; else mv $@.new $@; fi
src/tools/routegen.$(OBJEXT): gen/pools.h

pkgdata_DATA = gen/openapi.json
gen/openapi.json: routegen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) gen && ./routegen$(EXEEXT) openapi >$@.new && mv $@.new $@
gen/nginx/locations.conf: routegen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) gen/nginx && ./routegen$(EXEEXT) nginx >$@.new && mv $@.new $@

# pagegen: error pages for nginx
noinst_PROGRAMS += pagegen
pagegen_SOURCES = src/tools/pagegen.c
pagegen_LDADD = libsouk.la

# housecheck: the house rules. `make house` runs it.
noinst_PROGRAMS += housecheck
housecheck_SOURCES = \
	src/tools/housecheck/c_rules.c src/tools/housecheck/housecheck.h src/tools/housecheck/layers.c src/tools/housecheck/main.c \
	src/tools/housecheck/scan.c src/tools/housecheck/sql_rules.c src/tools/housecheck/tree.c
housecheck_LDADD = libbase.la
.PHONY: house house-code
house: housecheck$(EXEEXT)
	@./housecheck$(EXEEXT) $(srcdir)
# Nothing is linked from code that breaks a rule. (It takes some hundredths of a second, so it needs no list of what it read.)
house-code: housecheck$(EXEEXT)
	@./housecheck$(EXEEXT) --code $(srcdir)
$(pkglib_LTLIBRARIES): | house-code

$(pagegen_OBJECTS): | gen/tpl.stamp
EXTRA_DIST += src/tools/README.md src/html/README.md tests/golden/README.md tests/golden/run-tplc.sh tests/golden/run-housecheck.sh tests/golden/run-banned.sh tests/golden/run-tap.sh tests/golden/tplc tests/golden/housecheck
