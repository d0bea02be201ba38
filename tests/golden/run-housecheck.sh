#!/usr/bin/env bash
# Golden tests of housecheck, as TAP. base/ is a small house in which every rule holds; each case lays its files over a copy of it.
# ok/: accepted, with the warnings of <name>.expect; bad/: refused, with exactly the messages of <name>.expect.
# usage: run-housecheck.sh [BUILD]    (default: $SOUK_BUILD, else build/)
set -u
src=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(realpath "${1:-${SOUK_BUILD:-$src/build}}")
cd "$src/tests/golden/housecheck" || exit 1
tmp=$(mktemp -d) n=0 failed=0
trap 'rm -rf "$tmp"' EXIT

one_case() { # one_case KIND NAME STATUS
    local status=0
    n=$((n + 1))
    rm -rf "$tmp/house"
    cp -R base "$tmp/house" && cp -R "$1/$2/." "$tmp/house"
    "$build/housecheck" "$tmp/house" 2>"$tmp/got" || status=$?
    if [ "$status" = "$3" ] && diff -u "$1/$2.expect" "$tmp/got" >"$tmp/why"; then
        echo "ok $n - $1: $2"
    else
        echo "not ok $n - $1: $2"
        failed=$((failed + 1))
        sed 's/^/# /' "$tmp/got"
    fi
}

for e in ok/*.expect; do one_case ok "$(basename "$e" .expect)" 0; done
for e in bad/*.expect; do one_case bad "$(basename "$e" .expect)" 1; done

# Every rule that can be named in a message is named in a bad case.
for rule in $(grep -ohE 'house_error\(.*' "$src"/src/tools/housecheck/*.c | grep -oE '"[a-z-]+", "' | tr -d '", ' | sort -u); do
    n=$((n + 1))
    if [ "$rule" = tree ] || grep -q "\[$rule\]" bad/*.expect; then
        echo "ok $n - rule $rule has a bad case"
    else
        echo "not ok $n - rule $rule has a bad case"
        failed=$((failed + 1))
    fi
done
echo "1..$n"
[ "$failed" = 0 ]
