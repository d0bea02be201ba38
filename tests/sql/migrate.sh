#!/usr/bin/env bash
# souk migrate: from nothing, again, twice at once, and everything that it must refuse.
set -u
# shellcheck source=tests/sql/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

if ! "$SOUK_BUILD/souk" help >/dev/null 2>&1; then fail "souk is built"; done_testing; fi
begin_cluster
work=$PG_DIR/sql.copy
cp -r "$SOUK_SRC/sql" "$work"
export SQL_DIR=$work

# refuses NAME WORDS ARGUMENT…: exit code 1 and the words on standard error
refuses() {
    local name=$1 words=$2 out status
    shift 2
    out=$(migrate "$@" 2>&1)
    status=$?
    if [ "$status" -ne 1 ]; then fail "$name" "exit code $status: $out"; else like "$name" "$out" "$words"; fi
}

# --- roles ---
refuses "without databases: a clear sentence" 'database "souk" does not exist|role "souk_migrate" does not exist'
migrate --roles "$(superuser postgres)" >"$PG_DIR/roles1" 2>&1 &
one=$!
migrate --roles "$(superuser postgres)" >"$PG_DIR/roles2" 2>&1
is "roles from two places at once: the second" $? 0
wait "$one"
is "roles from two places at once: the first" $? 0
ok "roles again" migrate --roles "$(superuser postgres)"
refuses "roles without a superuser" 'must be superuser|permission denied' --roles "host=$PGHOST user=souk_admin dbname=souk"
is "both databases" "$(sql postgres -c "SELECT count(*) FROM pg_database WHERE datname LIKE 'souk%' AND datcollate = 'C.UTF-8' AND pg_encoding_to_char(encoding) = 'UTF8'")" 2

# --- migrations ---
not_ok "an operator's command before the migrations" souk verify
migrate >"$PG_DIR/first" 2>&1 &
one=$!
migrate >"$PG_DIR/second" 2>&1
is "two migrations at once: the second" $? 0
wait "$one"
is "two migrations at once: the first" $? 0
count=$(find "$work/migrations" -name '*.sql' | wc -l)
is "each file was applied once" "$(cat "$PG_DIR/first" "$PG_DIR/second" | grep -cE '^[0-9]{4}_.* applied')" $((count + $(find "$work/keys" -name '*.sql' | wc -l)))
like "one of them had to wait" "$(cat "$PG_DIR/first" "$PG_DIR/second")" 'another migration is running'
is "all are recorded" "$(sql souk -c 'SELECT count(*) FROM migration.applied')" "$count"
snapshot() { pg_as "$PG_BIN/pg_dump" -s -h "$PGHOST" -U postgres "$1" | grep -v '^\\\(un\)\?restrict'; }
before=$(snapshot souk)
again=$(migrate 2>&1)
is "again: exit code" $? 0
like "again: nothing to do" "$again" 'nothing to do, the database is at'
is "again: the schema did not change" "$(snapshot souk)" "$before"

# --- functions and views ---
printf '\n-- a comment\n' >>"$work/functions/platform_clock.sql"
like "a changed function file is applied again" "$(migrate 2>&1)" 'functions and views: 1 files applied'
like "and then not any more" "$(migrate 2>&1)" 'functions and views: nothing to do'
cat >"$work/functions/zz_bad.sql" <<'SQL'
SET LOCAL ROLE own_platform;
CREATE TABLE platform.half_done (v int);

SELECT no_such_function();
SQL
refuses "a broken function file names file and line" 'functions/zz_bad\.sql:4: function no_such_function\(\) does not exist'
is "and leaves nothing behind" "$(sql souk -c "SELECT to_regclass('platform.half_done') IS NULL")" t
rm "$work/functions/zz_bad.sql"

# --- what must be refused ---
next=$(printf '%04d' $((10#$(find "$work/migrations" -name '*.sql' -printf '%f\n' | sort | tail -n 1 | cut -c1-4) + 1)))
cp "$work/migrations/0001_platform.sql" "$PG_DIR/original"
printf '\n-- changed\n' >>"$work/migrations/0001_platform.sql"
refuses "a changed migration" '0001_platform\.sql was changed after it was applied'
rm "$work/migrations/0001_platform.sql"
refuses "a migration whose file is gone" '0001_platform\.sql was applied .* its file is missing'
cp "$PG_DIR/original" "$work/migrations/0001_platform.sql"
ok "put back: fine" migrate

bad_migration() { # bad_migration NAME WORDS FILE <<SQL
    cat >"$work/migrations/$3"
    refuses "$1" "$2"
    rm "$work/migrations/$3"
}
bad_migration "no phase" "must say '-- phase: expand'" "${next}_bad.sql" <<<'SELECT 1;'
bad_migration "contract without needs" "says '-- needs: N'" "${next}_bad.sql" <<<$'-- phase: contract\nSELECT 1;'
bad_migration "a bad name" 'is named NNNN_name\.sql' "new.sql" <<<$'-- phase: expand\nSELECT 1;'
bad_migration "a number that exists" 'have the same number' "0001_again.sql" <<<$'-- phase: expand\nSELECT 1;'
bad_migration "an error in a migration" "${next}_bad\\.sql:4: relation \"platform.nothing\" does not exist" "${next}_bad.sql" \
    <<<$'-- phase: expand\nSET LOCAL ROLE own_platform;\nCREATE TABLE platform.left_behind (v int);\nDROP INDEX platform.job_ready; DROP TABLE platform.job; SELECT platform.x FROM platform.nothing;'
bad_migration "COMMIT in a migration" 'must not begin or end a transaction' "${next}_bad.sql" <<<$'-- phase: expand\nSELECT 1; COMMIT; BEGIN;'
bad_migration "not UTF-8" 'not UTF-8' "${next}_bad.sql" < <(printf -- '-- phase: expand\n-- \xff\n')
bad_migration "what souk_migrate may not do" 'permission denied' "${next}_bad.sql" <<<$'-- phase: expand\nCREATE ROLE other;'
is "an error leaves nothing behind" "$(sql souk -c "SELECT to_regclass('platform.left_behind') IS NULL AND to_regclass('platform.job') IS NOT NULL")" t
is "nothing of that was recorded" "$(sql souk -c 'SELECT count(*) FROM migration.applied')" "$count"

# --- a busy table: the migration gives up its place in the queue and tries again ---
cat >"$work/migrations/${next}_busy.sql" <<'SQL'
-- phase: expand
SET LOCAL ROLE own_platform;
SET LOCAL lock_timeout = '300ms';
ALTER TABLE platform.job ADD COLUMN busy int;
SQL
sql souk -c 'BEGIN; LOCK platform.job IN ACCESS SHARE MODE; SELECT pg_sleep(1.2); COMMIT' >/dev/null &
locker=$!
wait_until 5 sh -c "psql -XqAt -d souk -c \"SELECT 1 FROM pg_locks WHERE relation = 'platform.job'::regclass AND granted\" | grep -q 1"
out=$(migrate 2>&1)
is "a busy table: done in the end" $? 0
like "a busy table: tried again" "$out" 'a table is in use, trying again'
wait "$locker"

# --- a gap below what is applied, and two releases ---
after=$(printf '%04d' $((10#$next + 1)))
later=$(printf '%04d' $((10#$next + 2)))
printf -- '-- phase: expand\n' >"$work/migrations/${later}_later.sql"
ok "a number may be skipped" migrate
printf -- '-- phase: expand\n' >"$work/migrations/${after}_late.sql"
refuses "but not filled afterwards" 'is older than migration'
rm "$work/migrations/${after}_late.sql"
rm "$work/migrations/${later}_later.sql"
like "files of the release before: fine, and said" "$(migrate 2>&1)" 'this database is newer than these files'

not_ok "--sql with no folder" souk migrate --sql "$PG_DIR/none"
not_ok "a word too many" souk migrate now
like "--help" "$(souk migrate --help)" 'usage: souk migrate'
done_testing
