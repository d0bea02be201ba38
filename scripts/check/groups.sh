# shellcheck shell=bash
# What each group of groups.table runs.

export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1

shell_scripts_clean() {
    (
        cd "$SOUK_SRC" || return 1
        shellcheck -x run check scripts/run/readable-log .ci/run &&
            git_files '*.sh' | grep -v '^scripts/' | xargs -r -d '\n' shellcheck -x -P SCRIPTDIR
    )
}

git_files() { if [ -d .git ] || [ -f .git ]; then git ls-files -- "$@"; else find . -name "$1" -not -path './build*' -not -path '*/node_modules/*'; fi; }

group_build() {
    succeeds "gcc-build" build_now
    succeeds "shellcheck" shell_scripts_clean
    succeeds "house-rules" make -C "$BUILD" -s house
}

# Another build of the same sources beside the first one: in_build NAME [VAR=VALUE…] FUNCTION
in_build() {
    local name=$1
    shift
    BUILD=$BUILD-$name PREFIX=$BUILD-$name/prefix
    while [[ $1 == *=* ]]; do
        export "${1?}"
        shift
    done
    "$@"
}

build_tests() { make -C "$BUILD" -j"$(nproc)" check TESTS=; }

unit_programs() {
    local test
    succeeds "unit-tests-build${1:+-$1}" build_tests
    for test in $(make -C "$BUILD" -s --no-print-directory print-unit-tests); do
        while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
        in_one_piece program "${1:+$1-}$test" env -C "$BUILD" srcdir="$SOUK_SRC" "$BUILD/$test" &
    done
    wait
}

# The output of what runs side by side does not mix.
in_one_piece() {
    local block
    block=$("$@")
    (flock 9 && printf '%s\n' "$block") 9>"$LOGS/output.lock"
}

group_unit() { unit_programs; }

group_golden() {
    succeeds "generators" make -C "$BUILD" -j"$(nproc)" all
    tests_in tests/golden
}

group_sql() {
    succeeds "build" build_now
    tests_in tests/sql
}

group_runtime() {
    succeeds "build" build_now
    tests_in tests/http 'runtime*'
}

group_run() {
    succeeds "build" build_now
    tests_in tests/run
}

group_http() {
    tests_in tests/http '!runtime*'
    succeeds "no-worker-met-a-bug" no_bugs "$SOUK_HOME/log"
}
group_html() { tests_in tests/html; }
group_a11y() { tests_in tests/a11y; }
group_browser() { tests_in tests/browser; }
group_lighthouse() {
    succeeds "npm-packages" install_npm tests/lighthouse
    tests_in tests/lighthouse
}
group_import() { tests_in tests/import; }
group_race() { tests_in tests/race; }
group_chaos() { SOUK_CHAOS_SECONDS=${SOUK_CHAOS_SECONDS:-20} tests_in tests/chaos; }

group_fuzz() {
    succeeds "build" build_now
    tests_in tests/fuzz
}

clang_build() { in_build clang CC=clang build_clang_here; }
build_clang_here() { mkdir -p "$BUILD" && configure_build && make_all && build_tests; }

group_clang() { succeeds "clang-build" clang_build; }

# The shop built with the sanitizers, its own unit tests, then the HTTP tests against it. What a sanitizer says ends up in
# the logs of the pools and counts as a failure.
group_sanitizers() {
    export SOUK_CONFIGURE="--enable-asan --enable-ubsan" CFLAGS="-O1 -g"
    BUILD=$BUILD-asan
    PREFIX=$BUILD/prefix
    export SOUK_BUILD=$BUILD
    succeeds "sanitizer-build" build_now
    unit_programs asan
    if need_shop asan; then
        tests_in tests/http '!runtime*' '!nginx*'
        "$SOUK_SRC/run" stop --home "$SOUK_HOME" >/dev/null 2>&1
        succeeds "nothing-in-the-logs" no_reports "$SOUK_HOME/log"
        succeeds "no-sanitized-worker-met-a-bug" no_bugs "$SOUK_HOME/log"
        "$SOUK_SRC/tests/lib/shop.sh" remove asan >/dev/null 2>&1
    else
        succeeds "sanitized-shop-starts" false
    fi
}

# A worker that finds a mistake of ours ends itself; nginx asks another one, so a test may not notice.
no_bugs() { ! grep -h '"event":"bug"' "$1"/*.log; }

no_reports() { ! grep -hE 'Sanitizer|runtime error:' -A 25 "$1"/*.log; }

dist_build() {
    local folder=$BUILD-dist
    rm -rf "$folder"
    mkdir -p "$folder" && make -C "$BUILD" dist && tar -C "$folder" -xf "$BUILD"/souk-*.tar.xz --strip-components=1 &&
        mkdir "$folder/out" && cd "$folder/out" && ../configure --prefix="$folder/prefix" -q && make -j"$(nproc)" && make install &&
        test -x "$folder/prefix/bin/souk" && test -x "$folder/run" && rm -rf "$folder"
}

# Every file of the repository is in the tarball, so that ./run and ./check of a tarball are those of a clone.
tarball_is_complete() {
    local missing
    if ! git -C "$SOUK_SRC" rev-parse --is-inside-work-tree >/dev/null 2>&1; then return 0; fi
    missing=$(comm -23 <(git -C "$SOUK_SRC" ls-files | grep -vFx -e .gitignore -e m4/.gitkeep | sort) <(tar -tf "$BUILD"/souk-*.tar.xz | sed 's|^[^/]*/||' | sort))
    if [ -z "$missing" ]; then return 0; fi
    printf 'not in the tarball:\n%s\n' "$missing"
    return 1
}

group_dist() {
    succeeds "build" build_now
    succeeds "tarball-builds" dist_build
    succeeds "tarball-is-complete" tarball_is_complete
}
