#!/usr/bin/env bash
# routegen: the tables of ok/ become exactly the expected list, locations and OpenAPI; those of bad/ are refused with the expected words.
#   tests/golden/run-routegen.sh --update    writes the expected output anew: review the difference
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOUK_SRC=${SOUK_SRC:-$(cd "$here/../.." && pwd)}
SOUK_BUILD=${SOUK_BUILD:-$SOUK_SRC/build}
# shellcheck source=tests/lib/tap.sh
. "$SOUK_SRC/tests/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

routegen() { "$SOUK_BUILD/routegen" "$@"; }

compile() { # compile FILE.c: a shared object in $work
    "${CC:-cc}" -shared -fPIC -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-missing-field-initializers -I"$SOUK_SRC/src" \
        -o "$work/$(basename "$1" .c).so" "$1"
}

for file in "$here"/routegen/ok/*.c "$here"/routegen/bad/*.c; do compile "$file" & done
wait

tables=(--table "$work/shop.so" --table "$work/second.so")
for what in list nginx openapi; do
    ok "ok/ gives a $what" routegen "$what" "${tables[@]}"
    routegen "$what" "${tables[@]}" >"$work/$what"
    if [ "$what" = openapi ]; then node -e 'console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0)), null, 1))' <"$work/openapi" >"$work/pretty" && mv "$work/pretty" "$work/openapi"; fi
    if [ "${1:-}" = --update ]; then cp "$work/$what" "$here/routegen/ok/$what.expect"; fi
    ok "the $what is as expected" diff -u "$here/routegen/ok/$what.expect" "$work/$what"
done

for file in "$here"/routegen/bad/*.c; do
    name=$(basename "$file" .c)
    args=(--table "$work/$name.so")
    case $name in clash_*) args=(--table "$work/shop.so" "${args[@]}") ;; esac
    out=$(routegen nginx "${args[@]}" 2>&1 && routegen openapi "${args[@]}" 2>&1)
    status=$?
    if [ "$status" -ne 1 ]; then
        fail "bad/$name is refused" "exit code $status: $out"
    elif ! grep -Fq -- "$(cat "${file%.c}.expect")" <<<"$out"; then
        fail "bad/$name is refused with the right words" "$out"
    else
        pass "bad/$name is refused"
    fi
done

ok "the shop's own tables are fine" routegen check
own_document() { routegen openapi | node -e 'const d = JSON.parse(require("fs").readFileSync(0)); if (d.openapi !== "3.1.0" || Object.keys(d.paths).length < 10) process.exit(1)'; }
ok "the shop's own document is JSON" own_document
routegen nonsense >/dev/null 2>&1
is "wrong use: exit code 2" $? 2
routegen list --table "$work/none.so" >/dev/null 2>&1
is "a table that is not there: exit code 2" $? 2
done_testing
