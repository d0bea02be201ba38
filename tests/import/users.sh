#!/usr/bin/env bash
# souk users import from the command line, on databases of its own: what it says, what it refuses, that a second run changes nothing, how much memory it takes.
set -uo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
SOUK_SRC=${SOUK_SRC:-$(cd "$HERE/../.." && pwd -P)}
# shellcheck source=tests/sql/lib/common.sh
. "$SOUK_SRC/tests/sql/lib/common.sh"
T=$(mktemp -d /tmp/souk-users-test.XXXXXX)
(umask 077 && head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$T/master.key" && echo >>"$T/master.key")

begin_cluster
trap 'pg_stop; rm -rf "$T"' EXIT
must "roles" migrate --roles "$(superuser postgres)"
must "migrations" migrate

# users NAME STATUS ARGUMENT…: standard output in $OUT, standard error in $ERR
users() {
    local name=$1 want=$2 status=0
    shift 2
    souk users "$@" --master_key_file "$T/master.key" >"$T/out" 2>"$T/err" || status=$?
    OUT=$(cat "$T/out") ERR=$(cat "$T/err")
    is "$name: exit code" "$status" "$want"
}
accounts() { sql souk -c 'SELECT count(*) FROM identity.account'; }

# --- what is refused, with a sentence and nothing kept ---
: >"$T/empty.csv"
users "an empty file" 1 import "$T/empty.csv"
like "an empty file: says so" "$ERR" 'file is empty'
printf 'a,b\n1,2\n' >"$T/other.csv"
users "another program's file" 1 import "$T/other.csv"
like "another program's file: names the column" "$ERR" 'no column|column "email"'
users "a folder" 1 import "$T"
users "no such file" 1 import "$T/nowhere.csv"
users "an unknown flag" 2 import "$T/other.csv" --colour
is "nothing of all this was kept" "$(accounts)" 0

# --- a small dirty file ---
cat >"$T/dirty.csv" <<'CSV'
email,name,email_verified,phone,locale,password_hash
ada@example.com,Ada,true,+49 30 123456,de,$2b$10$abcdefghijklmnopqrstuuVv4X1P5cJ0vXkPzB1jZ1X8a1eGz9m2W
bob@exämple.com,Bob,false,,,
,Nobody,,,,
"carl@example.com,Carl
dora@example.com,Dora,,call me,,
emil@example.com,Emil,,,,sha1:1234
ADA@example.com,Ada again,,,,
CSV
printf 'greg@example.com,Gr\xff,,,,\n' >>"$T/dirty.csv"
users "a dirty file, tried" 0 import "$T/dirty.csv" --dry-run
is "a dirty file, tried: nothing is kept" "$(accounts)" 0
users "a dirty file" 0 import "$T/dirty.csv"
like "a dirty file: the numbers add up" "$OUT" 'which is every row'
like "a dirty file: a row without an address is named" "$ERR" '^line 4: no e-mail address'
like "a dirty file: a quote that is never closed is named" "$ERR" '^line 5: '
kept=$(accounts)
users "the same file again" 0 import "$T/dirty.csv"
is "the same file again changes nothing" "$(accounts)" "$kept"
gzip -c "$T/dirty.csv" >"$T/dirty.csv.gz"
users "the same file, gzip" 0 import "$T/dirty.csv.gz"
is "the same file, gzip, changes nothing" "$(accounts)" "$kept"
is "nothing stands in clear" "$(pg_dump -U postgres -d souk --inserts | grep -ci 'ada@example\|Ada,\|30123456')" 0

# --- many: memory does not grow with the file ---
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "{\"email\":\"user%d@many.example\",\"name\":\"User Number %d\",\"email_verified\":true,\"password_hash\":\"$2b$10$abcdefghijklmnopqrstuuVv4X1P5cJ0vXkPzB1jZ1X8a1eGz9m2W\"}\n", i, i }' >"$T/many.jsonl"
began=$(date +%s)
"$SOUK_BUILD/souk" users import "$T/many.jsonl" --db "host=$PGHOST dbname=souk" --db_keys "host=$PGHOST dbname=souk_keys" --master_key_file "$T/master.key" >"$T/out" 2>/dev/null &
pid=$! most=0
while kill -0 $pid 2>/dev/null; do
    now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || now=
    [ "${now:-0}" -gt "$most" ] && most=$now
    sleep 0.02
done
wait $pid
diag "10,000 users took $(($(date +%s) - began)) s and $most KB"
like "10,000 users: all of them" "$(cat "$T/out")" ' 10000 accounts created'
ok "10,000 users take at most 64 MB" test "$most" -le 65536
is "each has a person and a key" "$(sql souk_keys -c 'SELECT count(*) FROM keys.person_key')" "$(accounts)"
users "an export" 0 export --out "$T/out.jsonl"
is "an export has a line each" "$(wc -l <"$T/out.jsonl")" "$(accounts)"
is "an export is nobody else's" "$(stat -c %a "$T/out.jsonl")" 600
done_testing
