# shellcheck shell=bash
# Runs groups of test programs and counts their TAP. A group is a function group_<name> of groups.sh that runs programs
# through `program` (they speak TAP) or `succeeds` (a command that must succeed is one test).

TOTAL_PASSED=0
TOTAL_FAILED=0
TOTAL_SKIPPED=0
FINISHED=no
SHOPS=()
LIMIT=900       # seconds for one program

# A command with a limit; functions of ours run without one.
limited() {
    if [ "$(type -t "$1")" = function ]; then
        ("$@") 7>&-
    else
        timeout -k 10 "$LIMIT" "$@" 7>&-
    fi
}

# program NAME COMMAND…
program() {
    local name=$1 start status=0 errors=$LOGS/${1//\//_}.err
    shift
    start=$(now_ms)
    printf '#@ begin %s\n' "$name"
    limited "$@" 2>"$errors" </dev/null || status=$?
    if [ "$status" = 124 ]; then printf '# stopped after %s s\n' "$LIMIT"; fi
    if [ "$status" -ne 0 ]; then tail -n 40 "$errors" | sed 's/^/# /'; fi
    if [ ! -s "$errors" ]; then rm -f "$errors"; fi
    printf '\n#@ end %d %s\n' "$status" "$(tenths $(($(now_ms) - start)))"
}

# succeeds NAME COMMAND…: one test; what the command says is shown only when it fails.
succeeds() {
    local name=$1 start status=0 output=$LOGS/${1//[\/ ]/_}.out
    shift
    start=$(now_ms)
    printf '#@ begin %s\n' "$name"
    limited "$@" >"$output" 2>&1 </dev/null || status=$?
    if [ "$status" -eq 0 ]; then
        printf 'ok 1 - %s\n' "$name"
    else
        printf 'not ok 1 - %s\n' "$name"
        tail -n 60 "$output" | sed 's/^/# /'
    fi
    printf '1..1\n#@ end %d %s\n' "$((status != 0))" "$(tenths $(($(now_ms) - start)))"
}

skipped() { printf '#@ begin %s\n1..0 # SKIP %s\n#@ end 0 0.0\n' "$1" "$2"; }

# Runs every test of a folder by its kind. tests_in FOLDER [PATTERN…]
tests_in() {
    local folder=$1 file found=no
    shift
    for file in $(cd "$SOUK_SRC" && find "$folder/" -maxdepth 1 -type f \( -name '*.mjs' -o -name '*.sh' -o -name "*.vtc" \) 2>/dev/null | sort); do
        if ! matches "$(basename "$file")" "$@"; then continue; fi
        found=yes
        one_test "$file"
    done
    if [ "$found" = no ]; then skipped "$folder" "no tests here"; fi
}

# matches NAME [PATTERN…]: `!x` excludes, others must match one.
matches() {
    local name=$1 pattern wanted=no positive=no
    shift
    for pattern; do
        # shellcheck disable=SC2053  # patterns on purpose
        case $pattern in
        '!'*) if [[ $name == ${pattern#!} ]]; then return 1; fi ;;
        *)
            positive=yes
            if [[ $name == $pattern ]]; then wanted=yes; fi
            ;;
        esac
    done
    [ "$positive" = no ] || [ "$wanted" = yes ]
}

one_test() {
    case $1 in
    *.mjs) program "$1" node "$SOUK_SRC/$1" ;;
    *.sh) program "$1" bash "$SOUK_SRC/$1" ;;
    *.vtc) succeeds "$1" varnishtest -q -Dsock="$SOUK_HOME/run/http.sock" -Dhome="$SOUK_HOME" "$SOUK_SRC/$1" ;;
    esac
}

# A shop for the groups that need one; it stays for the next group and is removed at the end.
need_shop() { # need_shop NAME
    local exports name
    exports=$("$SOUK_SRC/tests/lib/shop.sh" start "$1" 7>&-) || return 1
    eval "$exports"
    for name in "${SHOPS[@]}"; do if [ "$name" = "$1" ]; then return 0; fi; done
    SHOPS+=("$1")
}

remove_shops() {
    local name
    for name in "${SHOPS[@]}"; do "$SOUK_SRC/tests/lib/shop.sh" remove "$name" >/dev/null 2>&1 7>&- || true; done
    SHOPS=()
    rmdir "${SOUK_TEST_STATE:-/nowhere}" 2>/dev/null || true
}

# What an interrupted ./check left behind: its data may be older than the sources.
remove_stale_shops() {
    local home
    for home in "$SOUK_TEST_STATE"/*/; do
        if [ -d "$home" ]; then "$SOUK_SRC/run" reset --home "${home%/}" >/dev/null 2>&1 || true; fi
    done
}

run_group() { # run_group NAME
    local name=$1 start passed=0 failed=0 skip=0 totals=$LOGS/$1.totals
    start=$(now_ms)
    say "== $name: $(describe "$name")"
    rm -f "$totals"
    if [ "$(attribute "$name" shop)" != - ] && ! need_shop "$(attribute "$name" shop)"; then
        say "  FAILED  $name: its shop did not start"
        echo "0 1 0" >"$totals"
    else
        { "group_$name" || printf '#@ begin %s\n#@ end 1 0\n' "$name"; } | tee "$LOGS/$name.tap" |
            awk -v TOTALS="$totals" -f "$SOUK_SRC/scripts/check/tap.awk" || true
    fi
    if [ -s "$totals" ]; then read -r passed failed skip <"$totals"; else failed=1; fi
    TOTAL_PASSED=$((TOTAL_PASSED + passed))
    TOTAL_FAILED=$((TOTAL_FAILED + failed))
    TOTAL_SKIPPED=$((TOTAL_SKIPPED + skip))
    say "== $name: $passed passed, $failed failed, $skip skipped in $(tenths $(($(now_ms) - start))) s"
}

# Always the last line, also when this script itself breaks.
last_line() {
    local status=$?
    trap - EXIT
    end_step
    remove_shops
    if [ "$FINISHED" = no ]; then
        TOTAL_FAILED=$((TOTAL_FAILED + 1))
        say "check did not come to its end (exit code $status)"
    fi
    rm -f "${TEMPORARY[@]}"
    if [ "$TOTAL_SKIPPED" -gt 0 ]; then say "$TOTAL_SKIPPED skipped, with the reasons above"; fi
    say "$TOTAL_PASSED passed, $TOTAL_FAILED failed"
    if [ "$TOTAL_FAILED" -gt 0 ]; then exit 1; fi
    exit 0
}

attribute() { # attribute GROUP quick|shop
    local column=2
    if [ "$2" = shop ]; then column=3; fi
    awk -v name="$1" -v column="$column" '$1 == name { print $column }' "$SOUK_SRC/scripts/check/groups.table"
}

describe() { awk -v name="$1" '$1 == name { $1 = $2 = $3 = ""; sub(/^ +/, ""); print }' "$SOUK_SRC/scripts/check/groups.table"; }

all_groups() { awk '!/^#/ && NF && $2 != "named" { print $1 }' "$SOUK_SRC/scripts/check/groups.table"; }

list_groups() {
    awk '!/^#/ && NF { name = $1; quick = $2 == "full" ? "" : $2; $1 = $2 = $3 = ""; sub(/^ +/, ""); printf "%-12s %-6s %s\n", name, quick, $0 }' \
        "$SOUK_SRC/scripts/check/groups.table"
}

choose_groups() { # choose_groups WORD… -> GROUPS_TO_RUN
    local word
    GROUPS_TO_RUN=()
    if [ $# -eq 0 ]; then mapfile -t GROUPS_TO_RUN < <(all_groups); fi
    for word; do
        if [ "$word" = quick ]; then
            mapfile -t GROUPS_TO_RUN < <(awk '$2 == "quick" { print $1 }' "$SOUK_SRC/scripts/check/groups.table")
        elif [ -n "$(attribute "$word" quick)" ]; then
            GROUPS_TO_RUN+=("$word")
        else
            warn "check: '$word' is no group; ./check list shows them"
            exit 2
        fi
    done
}

set_up() {
    STEP_LOG=$(mktemp "${TMPDIR:-/tmp}/souk-check.XXXXXX")
    TEMPORARY=("$STEP_LOG")
    STATE=$SOUK_SRC/var
    choose_owner
    find_build
    mkdir -p "$BUILD"
    LOGS=$BUILD/check
    mkdir -p "$LOGS"
    exec 7>>"$LOGS/.lock"
    if ! flock -n 7; then die "another ./check is running in this clone"; fi
    if [ "$1" = quick ]; then
        sed -n '/^shellcheck/p; /^xz-utils/p; /^postgresql-/p; /^nodejs/p' "$SOUK_SRC/tests/packages.txt" >"$LOGS/packages.txt"
    else
        cp "$SOUK_SRC/tests/packages.txt" "$LOGS/packages.txt"
    fi
    install_packages "$SOUK_SRC/packages.txt" "$LOGS/packages.txt"
    if [ "$1" != quick ]; then install_npm; fi
    if [ -d /usr/lib/ccache ]; then PATH=/usr/lib/ccache:$PATH; fi
    # Homes of their own, so that a developer's test shop and ./check never meet.
    export SOUK_TEST_STATE=${SOUK_TEST_STATE:-/var/tmp/souk-check-$(id -u)-$(hash_of "$SOUK_SRC")}
    remove_stale_shops
    export SOUK_SRC SOUK_BUILD=$BUILD SOUK_TEST_DATA=${SOUK_TEST_DATA:-$SOUK_SRC/../shared/data}
}

# The locked npm packages of the tests, once for each state of the lock file.
install_npm() { # install_npm [FOLDER]
    local folder=$SOUK_SRC/${1:-tests} lock
    lock=$folder/package-lock.json
    if [ "$(cat "$folder/node_modules/.souk-lock" 2>/dev/null)" = "$(cksum <"$lock")" ]; then return 0; fi
    step "installing the tests' npm packages" npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund
    cksum <"$lock" >"$folder/node_modules/.souk-lock"
}

main() {
    local name
    case ${1:-} in
    list) list_groups; exit 0 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$SOUK_SRC/check"; exit 0 ;;
    esac
    choose_groups "$@"
    trap last_line EXIT
    trap 'exit 130' INT TERM HUP
    if [ "$*" = quick ]; then set_up quick; else set_up all; fi
    for name in "${GROUPS_TO_RUN[@]}"; do run_group "$name"; done
    FINISHED=yes
}
