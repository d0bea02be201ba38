# sql: the query files become typed C. To add a file: one line here and nothing else.
# (list them in SQL_QUERIES, e.g. SQL_QUERIES += sql/queries/platform.sql)
SQL_QUERIES += sql/queries/platform.sql
SQL_QUERIES += sql/queries/identity.sql
SQL_QUERIES += sql/queries/identity_outside.sql
SQL_QUERIES += sql/queries/factor.sql
SQL_QUERIES += sql/queries/identity_session.sql sql/queries/identity_key.sql sql/queries/identity_staff.sql
SQL_QUERIES += sql/queries/audit.sql
SQL_QUERIES += sql/queries/account.sql sql/queries/challenge.sql
SQL_QUERIES += sql/queries/keys.sql
SQL_QUERIES += sql/queries/payment.sql sql/queries/payment_work.sql
SQL_QUERIES += sql/queries/sandbox.sql sql/queries/jobs.sql sql/queries/verify.sql
SQL_QUERIES += sql/queries/orders.sql sql/queries/orders_claim.sql sql/queries/orders_account.sql
SQL_QUERIES += sql/queries/catalog.sql
SQL_QUERIES += sql/queries/catalog_import.sql sql/queries/catalog_price.sql
SQL_QUERIES += sql/queries/inventory.sql
SQL_QUERIES += sql/queries/web.sql
SQL_QUERIES += sql/queries/profile.sql sql/queries/users.sql sql/queries/privacy.sql sql/queries/customer.sql

# --- how it works; nothing to change below when a file is added ---
EXTRA_DIST += sql/roles.sql sql/database.sql sql/database_keys.sql sql/migrations sql/functions sql/views sql/queries sql/keys sql/seed
EXTRA_DIST += sql/README.md src/db/README.md src/tools/README.md tests/sql tests/golden/sqlgen tests/golden/run-sqlgen.sh
nodist_libsouk_la_SOURCES += gen/sql/all.c
BUILT_SOURCES += gen/sql/stamp gen/sql/version.h

gen/sql/stamp: $(SQL_QUERIES) sqlgen$(EXEEXT) sql/local.mk
	$(AM_V_GEN)$(MKDIR_P) gen/sql && ./sqlgen$(EXEEXT) -o gen/sql $(SQL_QUERIES:%=$(srcdir)/%) && : > $@
gen/sql/all.c: gen/sql/stamp
	@:

# The number of the newest migration: what this build knows of the schema. Only rewritten when it changed.
gen/sql/version.h: FORCE-sql
	@$(MKDIR_P) gen/sql; n=`ls $(srcdir)/sql/migrations | sed -n 's/^\([0-9]\{4\}\)_.*\.sql$$/\1/p' | sort | tail -1 | sed 's/^0*//'`; \
	echo "#define SOUK_SCHEMA_VERSION $$n" > $@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi
FORCE-sql:
.PHONY: FORCE-sql

$(libsouk_la_OBJECTS) $(libidentity_la_OBJECTS): | gen/sql/stamp gen/sql/version.h

# The runner reads the SQL files from here unless it is told --sql DIR.
install-data-local:
	cd $(srcdir) && find sql -name '*.sql' -not -path 'sql/queries/*' | while read f; do \
	  $(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/$${f%/*}" && $(INSTALL_DATA) "$$f" "$(DESTDIR)$(pkgdatadir)/$$f" || exit 1; \
	done
uninstall-local:
	rm -rf "$(DESTDIR)$(pkgdatadir)/sql"
