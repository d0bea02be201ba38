# shellcheck shell=bash
# What the tests of this folder share. Source it from a script in tests/sql.

SQL_TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SOUK_SRC=${SOUK_SRC:-$(cd "$SQL_TESTS/../.." && pwd)}
SOUK_BUILD=${SOUK_BUILD:-$SOUK_SRC/build}
# shellcheck source=tests/lib/tap.sh
. "$SOUK_SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/pg.sh
. "$SOUK_SRC/tests/lib/pg.sh"

# souk as an operator would call it, against the throw-away cluster
souk() {
    "$SOUK_BUILD/souk" "$@" --db "host=$PGHOST dbname=souk" --db_keys "host=$PGHOST dbname=souk_keys"
}
migrate() { souk migrate --sql "${SQL_DIR:-$SOUK_SRC/sql}" "$@"; }
superuser() { echo "host=$PGHOST user=postgres dbname=$1"; }
# sql DATABASE COMMAND…: unaligned rows as the superuser; SQL_ROLE=… as another role
sql() {
    local database=$1
    shift
    PGUSER=${SQL_ROLE:-postgres} psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "$@"
}

begin_cluster() {
    trap pg_stop EXIT
    # shellcheck disable=SC2119  # its settings are optional
    pg_start >/dev/null || { fail "a throw-away cluster starts"; done_testing; }
}

# Like ok, but without it nothing else makes sense.
must() {
    ok "$@"
    if [ "$TAP_FAILED" -gt 0 ]; then done_testing; fi
}
