# shellcheck shell=bash
# TAP for shell tests: source this file, call ok/is/like/…, end with `done_testing`.
# A test that dies before `done_testing` prints no plan, and ./check counts that as a failure.

TAP_COUNT=0
TAP_FAILED=0

tap_line() { # tap_line ok|'not ok' NAME
    TAP_COUNT=$((TAP_COUNT + 1))
    [ "$1" = ok ] || TAP_FAILED=$((TAP_FAILED + 1))
    printf '%s %d - %s\n' "$1" "$TAP_COUNT" "${2//#/}"
}

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

pass() { tap_line ok "$1"; }

fail() { # fail NAME [EXPLANATION…]
    tap_line 'not ok' "$1"
    shift
    if [ $# -gt 0 ]; then diag "$*"; fi
}

# ok NAME COMMAND…: passes when the command succeeds; its output is shown only when it fails.
ok() {
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then pass "$name"; else fail "$name" "command: $*"$'\n'"$out"; fi
}

# not_ok NAME COMMAND…: passes when the command fails.
not_ok() {
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then fail "$name" "command succeeded: $*"$'\n'"$out"; else pass "$name"; fi
}

# is NAME HAVE WANT
is() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "have: $2"$'\n'"want: $3"; fi
}

# like NAME HAVE EXTENDED_REGEX
like() {
    if grep -Eq -- "$3" <<<"$2"; then pass "$1"; else fail "$1" "have: $2"$'\n'"want a match of: $3"; fi
}

# unlike NAME HAVE EXTENDED_REGEX
unlike() {
    if grep -Eq -- "$3" <<<"$2"; then fail "$1" "have: $2"$'\n'"want no match of: $3"; else pass "$1"; fi
}

skip() { # skip NAME REASON: for a single test; says why
    TAP_COUNT=$((TAP_COUNT + 1))
    printf 'ok %d - %s # SKIP %s\n' "$TAP_COUNT" "$1" "$2"
}

skip_all() { # skip_all REASON: for a whole file
    printf '1..0 # SKIP %s\n' "$1"
    exit 0
}

done_testing() {
    printf '1..%d\n' "$TAP_COUNT"
    [ "$TAP_FAILED" -eq 0 ]
    exit $?
}

# wait_until SECONDS COMMAND…: polls ten times a second; fails when the time is over.
wait_until() {
    local ticks=$(($1 * 10))
    shift
    while ((ticks-- > 0)); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    "$@" >/dev/null 2>&1
}
