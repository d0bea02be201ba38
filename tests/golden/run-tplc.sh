#!/usr/bin/env bash
# Golden tests of tplc, as TAP. ok/: what it writes is compared with <name>.expect; bad/: it must refuse, with the message of
# <name>.expect; render/: the C that it wrote is compiled and run. UPDATE=1 writes the ok expectations anew (read the diff!).
# usage: run-tplc.sh [BUILD]    (default: $SOUK_BUILD, else build/)
set -u
src=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(realpath "${1:-${SOUK_BUILD:-$src/build}}")
tplc=$build/tplc lib=$build/.libs/libbase.a
cd "$src/tests/golden/tplc" || exit 1
tmp=$(mktemp -d) n=0 failed=0
trap 'rm -rf "$tmp"' EXIT

report() { # report STATUS NAME
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        failed=$((failed + 1))
        sed 's/^/# /' "$tmp/why"
    fi
}

compare() { # compare EXPECTED NAME: against $tmp/got
    if [ -n "${UPDATE:-}" ]; then cp "$tmp/got" "$1"; fi
    diff -u "$1" "$tmp/got" >"$tmp/why" 2>&1
    report $? "$2"
}

common=(lib/en.po lib/icon.html lib/layout.html lib/note.txt lib/partial.html lib/rule.html)

for f in ok/*.html ok/*.txt; do
    name=$(basename "$f" | tr . _)
    twin=()
    case $f in
    ok/twin.html) twin=(ok/twin.txt) ;;
    ok/twin.txt) twin=(ok/twin.html) ;;
    esac
    if "$tplc" --out "$tmp/$name" "${common[@]}" "$f" "${twin[@]}" 2>"$tmp/why"; then
        cat "$tmp/$name"/tpl/ok_*.h "$tmp/$name/tpl_ok.c" >"$tmp/got"
        compare "ok/$name.expect" "made: $f"
    else
        report 1 "made: $f"
    fi
done
if "$tplc" --out "$tmp/text" lib/en.po 2>"$tmp/why"; then
    cat "$tmp/text/text.h" "$tmp/text/text.c" >"$tmp/got"
    compare ok/text.expect "made: lib/en.po"
else
    report 1 "made: lib/en.po"
fi

for e in bad/*.expect; do
    base=${e%.expect}
    if [ -d "$base" ]; then
        files=(--strict "$base"/*.po)
    elif [ -f "$base.txt" ]; then
        files=("${common[@]}" "$base.txt")
    else
        files=("${common[@]}" "$base.html")
    fi
    rm -rf "$tmp/bad"
    if "$tplc" --out "$tmp/bad" "${files[@]}" >"$tmp/why" 2>&1; then
        echo "was accepted" >"$tmp/why"
        report 1 "refused: $base"
    elif [ -e "$tmp/bad" ]; then
        echo "wrote files in spite of the error" >"$tmp/why"
        report 1 "refused: $base"
    else
        grep -qF -- "$(cat "$e")" "$tmp/why"
        report $? "refused: $base"
    fi
done

# What has not changed is not written again, so nothing is compiled again.
"$tplc" --out "$tmp/again" "${common[@]}" ok/text.html 2>"$tmp/why" && touch -d 2001-01-01 "$tmp/again"/tpl/* "$tmp/again"/*.[ch] &&
    "$tplc" --out "$tmp/again" "${common[@]}" ok/text.html 2>"$tmp/why"
[ -z "$(find "$tmp/again" -name '*.[ch]' -newermt 2002-01-01)" ]
report $? "unchanged files keep their time"

# The made C, compiled with English alone, renders values that try to break out of their place.
render() {
    local gen=$tmp/render
    "$tplc" --out "$gen" "${common[@]}" ok/*.html ok/*.txt || return 1
    printf '#define ASSET_%s "/assets/%s"\n' SHOP_CSS shop.1.css SHOP_X_JS shop-x.1.js ICONS_SVG icons.1.svg >"$gen/assets.h"
    mkdir -p "$gen/html"
    sed '/LOCALE("de/d' "$src/src/html/locale.def" >"$gen/html/locale.def"
    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-missing-field-initializers -Wno-unused-const-variable -Werror -I"$gen" -I"$src/src" \
        -include "$src/src/base/banned.h" -o "$gen/run" render/render.c "$gen"/*.c "$src"/src/html/[!e]*.c "$src/src/html/escape.c" "$lib" -lz || return 1
    "$gen/run" >"$tmp/got"
}
if render 2>"$tmp/why" >&2; then
    compare render/expect "what was made renders"
else
    report 1 "what was made renders"
fi

# All languages are complete, with the keys and placeholders of English.
"$tplc" --out "$tmp/texts" --strict "$src"/templates/text/*.po 2>"$tmp/why"
report $? "every language is complete"
echo "1..$n"
[ "$failed" = 0 ]
