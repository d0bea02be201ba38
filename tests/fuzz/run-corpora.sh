#!/usr/bin/env bash
# Replays the corpus of every fuzz driver, and mutations of it. Uses the build of $SOUK_BUILD (best: one with sanitizers).
# usage: run-corpora.sh [BUILD]
set -u
src=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(realpath "${1:-${SOUK_BUILD:-$src/build}}")
mutations=${FUZZ_MUTATIONS:-20000} n=0 failed=0
FUZZ_LAST_INPUT=$(mktemp) output=$(mktemp)
export FUZZ_LAST_INPUT
trap 'rm -f "$FUZZ_LAST_INPUT" "$output"' EXIT
make -C "$build" -s fuzzers >"$output" 2>&1 || { sed 's/^/# /' "$output"; echo "Bail out! the drivers do not build"; exit 1; }
for driver in "$src"/tests/fuzz/fuzz_*.c; do
    name=$(basename "$driver" .c)
    n=$((n + 1))
    if "$build/tests/fuzz/$name" --mutations "$mutations" "$src/tests/fuzz/corpus/${name#fuzz_}" >"$output" 2>&1; then
        echo "ok $n - $name: $(tail -n 1 "$output")"
    else
        failed=$((failed + 1))
        echo "not ok $n - $name"
        sed 's/^/# /' "$output"
        length=$((10#$(head -c 8 "$FUZZ_LAST_INPUT" | tr -cd 0-9)))
        echo "# the last input, $length bytes: $(tail -c +9 "$FUZZ_LAST_INPUT" | head -c "$length" | od -An -c | head -n 40 | tr -s ' \n' ' ')"
    fi
done
echo "1..$n"
[ "$failed" = 0 ]
