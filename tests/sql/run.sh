#!/usr/bin/env bash
# Everything that can be said about the database without the shop around it: rules for every object, published rights
# against the reviewed lists, pgTAP tests, plpgsql_check, and every query of sql/queries.
#   tests/sql/run.sh             all of it, as TAP
#   tests/sql/run.sh --update    writes functions.expected and rights.expected anew: review the difference
#   tests/sql/run.sh --psql      opens psql on the migrated throw-away database
set -u
# shellcheck source=tests/sql/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

# What pgTAP prints becomes our lines; a script that fails in the middle is one failure more.
pgtap() {
    local name=$1 file=$2 line out status
    out=$(PGOPTIONS='-c client_min_messages=warning' sql souk -f "$file" 2>&1)
    status=$?
    while IFS= read -r line; do
        case $line in
            'ok '*) pass "$name: ${line#* - }" ;;
            'not ok '*) fail "$name: ${line#* - }" ;;
            '#'* | *ERROR* | *DETAIL* | *CONTEXT*) diag "${line#'# '}" ;;
        esac
    done <<<"$out"
    if [ "$status" -ne 0 ]; then fail "$name: the script ran to its end" "$out"; fi
}

snapshot() { # snapshot NAME VIEW FILE
    local have
    have=$(sql souk -c "SELECT line FROM house.$2 ORDER BY line COLLATE \"C\"")
    if [ "$UPDATE" = yes ]; then
        printf '%s\n' "$have" >"$SQL_TESTS/$3"
        pass "$1 (written)"
    elif diff -u "$SQL_TESTS/$3" <(printf '%s\n' "$have") >"$PG_DIR.diff" 2>&1; then
        pass "$1"
    else
        fail "$1" "$(grep '^[-+]' "$PG_DIR.diff" | head -n 40)"$'\n'"right? then: tests/sql/run.sh --update"
    fi
    rm -f "$PG_DIR.diff"
}

# A query file that the checker must refuse: FILE.sql with the message in FILE.expect.
refuses_query() {
    local name want out
    name=$(basename "$1" .sql)
    want=$(cat "${1%.sql}.expect")
    if out=$("$SOUK_BUILD/sqlgen-check" "$(superuser souk)" --roles "$SQL_TESTS/bad/query-roles" "$1" 2>&1); then
        fail "sqlgen-check refuses $name" "$out"
    elif grep -Fq -- "$want" <<<"$out"; then
        pass "sqlgen-check refuses $name"
    else
        fail "sqlgen-check refuses $name, saying '$want'" "$out"
    fi
}

queries() {
    local file database out line
    for file in "$SOUK_SRC"/sql/queries/*.sql; do
        database=souk
        [ "$(basename "$file")" = keys.sql ] && database=souk_keys
        out=$("$SOUK_BUILD/sqlgen-check" "$(superuser $database)" --roles "$SQL_TESTS/query-roles" "$file" 2>&1)
        while IFS= read -r line; do
            case $line in
                'ok '*) pass "query ${line#* - }" ;;
                'not ok '*) fail "query ${line#* - }" ;;
                *) diag "${line#'# '}" ;;
            esac
        done <<<"$out"
    done
    for file in "$SQL_TESTS"/bad/*.sql; do refuses_query "$file"; done
}

plpgsql() {
    local out
    out=$(sql souk -c "
        SELECT p.oid::regprocedure || ': ' || c.level || ' line ' || coalesce(c.lineno::text, '?') || ': ' || c.message
        FROM pg_proc p JOIN house.schemas s ON s.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
        LEFT JOIN pg_trigger t ON t.tgfoid = p.oid AND t.tgparentid = 0
        CROSS JOIN LATERAL tap.plpgsql_check_function_tb(p.oid, coalesce(t.tgrelid, 0), oldtable => t.tgoldtable, newtable => t.tgnewtable) c
        WHERE (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL) AND p.prosrc !~ 'TG_(TABLE_NAME|ARGV)'   -- branches per table
          AND (c.level NOT LIKE 'warning%' OR c.message !~ '^(never read variable|unused (parameter|variable)|target type is different)')
        ORDER BY 1" 2>&1)
    is "plpgsql_check finds nothing" "$out" ""
    # Bodies of SQL functions were not checked when they were made (a later file may hold what they use).
    out=$(sql souk -c "
        DO \$\$ DECLARE f record; BEGIN
            FOR f IN SELECT p.oid FROM pg_proc p JOIN house.schemas s ON s.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
                     WHERE l.lanname = 'sql' LOOP
                EXECUTE pg_get_functiondef(f.oid);
            END LOOP;
        END \$\$" 2>&1)
    is "SQL functions have valid bodies" "$out" ""
}

case ${1:-} in --update) UPDATE=yes ;; *) UPDATE=no ;; esac
begin_cluster
must "roles and databases" migrate --roles "$(superuser postgres)"
must "migrations" migrate
must "test extensions" sql souk -c 'CREATE SCHEMA tap' -c 'CREATE EXTENSION pgtap SCHEMA tap' -c 'CREATE EXTENSION plpgsql_check SCHEMA tap'
must "rules load" sql souk -f "$SQL_TESTS/lib/rules.sql"
if [ "${1:-}" = --psql ]; then
    psql -d souk
    exit
fi
is "every object follows the rules" "$(sql souk -c "SELECT object || ': ' || what FROM house.violations ORDER BY 1")" ""
snapshot "published functions are those of functions.expected" function_list functions.expected
snapshot "rights on tables and views are those of rights.expected" right_list rights.expected
plpgsql
if [ "$UPDATE" = no ]; then
    for file in "$SQL_TESTS"/t/*.sql; do pgtap "$(basename "$file" .sql)" "$file"; done
    queries
fi
done_testing
