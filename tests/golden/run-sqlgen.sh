#!/usr/bin/env bash
# sqlgen: what ok/ holds becomes exactly the expected C, which compiles; what bad/ holds is refused with the expected words.
#   tests/golden/run-sqlgen.sh --update    writes the expected output anew: review the difference
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOUK_SRC=${SOUK_SRC:-$(cd "$here/../.." && pwd)}
SOUK_BUILD=${SOUK_BUILD:-$SOUK_SRC/build}
# shellcheck source=tests/lib/tap.sh
. "$SOUK_SRC/tests/lib/tap.sh"
sqlgen=$SOUK_BUILD/sqlgen
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/gen/sql"
ok "sqlgen accepts all of ok/" "$sqlgen" -o "$work/gen/sql" "$here"/sqlgen/ok/*.sql
for file in "$work"/gen/sql/*; do
    name=$(basename "$file")
    if [ "${1:-}" = --update ]; then cp "$file" "$here/sqlgen/ok/$name.expect"; fi
    ok "ok/$name is as expected" diff -u "$here/sqlgen/ok/$name.expect" "$file"
done
ok "the generated C compiles" "${CC:-cc}" -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -fsyntax-only \
    -I"$SOUK_SRC/src" -I"$work/gen" -include "$SOUK_SRC/src/base/banned.h" "$work/gen/sql/all.c"

stamp() { stat -c %Y.%y "$work"/gen/sql/*; }
before=$(stamp)
"$sqlgen" -o "$work/gen/sql" "$here"/sqlgen/ok/*.sql
is "files that would not change are left alone" "$(stamp)" "$before"

for file in "$here"/sqlgen/bad/*.sql; do
    name=$(basename "$file" .sql)
    out=$("$sqlgen" -o "$work" "$file" 2>&1)
    status=$?
    if [ "$status" -ne 1 ]; then
        fail "bad/$name is refused" "exit code $status: $out"
    elif ! grep -Fq -- "$(cat "${file%.sql}.expect")" <<<"$out"; then
        fail "bad/$name is refused with the right words" "$out"
    else
        pass "bad/$name is refused"
    fi
done
is "nothing was written for what was refused" "$(find "$work" -maxdepth 1 -type f)" ""
not_ok "one name in two files is refused" "$sqlgen" -o "$work" "$here/sqlgen/ok/second.sql" "$here/sqlgen/ok/second.sql"
"$sqlgen" -o "$work" "$work/none.sql" 2>/dev/null
is "a file that is not there: exit code 2" $? 2
"$sqlgen" 2>/dev/null
is "wrong use: exit code 2" $? 2
done_testing
