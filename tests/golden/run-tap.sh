#!/usr/bin/env bash
# How ./check counts: no way in which a test program can fail, die or say nothing is taken for success.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOUK_SRC=${SOUK_SRC:-$(cd "$here/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$SOUK_SRC/tests/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# counts NAME TEXT STATUS PASSED FAILED SKIPPED: what a program printed, how it ended, and what comes of it
counts() {
    printf '#@ begin it\n%b\n#@ end %d 0.1\n' "$2" "$3" | awk -v TOTALS="$work/totals" -f "$SOUK_SRC/scripts/check/tap.awk" >"$work/said"
    is "$1" "$(cat "$work/totals")" "$4 $5 $6"
}

counts "two that pass" 'ok 1 - a\nok 2 - b\n1..2' 0 2 0 0
counts "the plan first" '1..2\nok 1 - a\nok 2 - b' 0 2 0 0
counts "one that fails" 'ok 1 - a\nnot ok 2 - b\n# why\n1..2' 1 1 1 0
like "the failure is named with its reason" "$(cat "$work/said")" 'FAILED  it: b'
like "and the reason shown" "$(cat "$work/said")" '# why'
counts "one that is skipped" 'ok 1 - a\nok 2 - b # SKIP no root\n1..2' 0 1 0 1
counts "one that cmocka skips" 'ok 1 - a\nnot ok 2 # SKIP b\n1..2' 0 1 0 1
counts "a program that is skipped" '1..0 # SKIP no browser' 0 0 0 1
counts "no plan: it died" 'ok 1 - a' 0 1 1 0
counts "nothing at all" '' 0 0 1 0
counts "fewer tests than planned" 'ok 1 - a\n1..3' 0 1 1 0
counts "more tests than planned" 'ok 1 - a\nok 2 - b\n1..1' 0 2 1 0
counts "all pass, but it ends badly" 'ok 1 - a\n1..1' 139 1 1 0
counts "it gives up" 'ok 1 - a\nBail out! no server\n1..1' 0 1 1 0
counts "two programs in one" '1..1\nok 1 - a\n1..1\nok 1 - b' 0 2 0 0
printf '#@ begin it\nok 1 - a\n1..1\n' | awk -v TOTALS="$work/totals" -f "$SOUK_SRC/scripts/check/tap.awk" >"$work/said"
is "the group ends in the middle of a program" "$(cat "$work/totals")" "1 1 0"
done_testing
