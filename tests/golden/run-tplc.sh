#!/bin/sh
# Golden tests of tplc, as TAP. ok/: what it writes is compared with <name>.expect; bad/: it must refuse, with the message of
# <name>.expect; render/: the C that it wrote is compiled and run. UPDATE=1 writes the ok expectations anew (read the diff!).
# usage: run-tplc.sh <tplc> <source folder> [<libbase.a or .la's folder>]
set -u
tplc=$(realpath "$1") src=$(realpath "$2") lib=${3:-}
[ -z "$lib" ] || lib=$(realpath "$lib")
cd "$src/tests/golden/tplc" || exit 1
tmp=$(mktemp -d) n=0 failed=0
trap 'rm -rf "$tmp"' EXIT
report() { # ok? name
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; failed=$((failed + 1)); sed 's/^/# /' "$tmp/why"; fi
}
common="lib/en.po lib/icon.html lib/layout.html lib/note.txt lib/partial.html lib/rule.html"

for f in ok/*.html ok/*.txt; do
    name=$(basename "$f" | tr . _)
    twin=
    case $f in ok/twin.html) twin=ok/twin.txt;; ok/twin.txt) twin=ok/twin.html;; esac
    if "$tplc" --out "$tmp/$name" $common "$f" $twin 2>"$tmp/why"; then
        cat "$tmp/$name"/tpl/ok_*.h "$tmp/$name/tpl_ok.c" >"$tmp/got"
        [ -z "${UPDATE:-}" ] || cp "$tmp/got" "ok/$name.expect"
        diff -u "ok/$name.expect" "$tmp/got" >"$tmp/why" 2>&1
        report $? "ok: $f"
    else
        report 1 "ok: $f"
    fi
done
"$tplc" --out "$tmp/text" lib/en.po 2>"$tmp/why" && cat "$tmp/text/text.h" "$tmp/text/text.c" >"$tmp/got"
[ -z "${UPDATE:-}" ] || cp "$tmp/got" ok/text.expect
diff -u ok/text.expect "$tmp/got" >"$tmp/why" 2>&1
report $? "ok: lib/en.po"

for e in bad/*.expect; do
    base=${e%.expect}
    if [ -d "$base" ]; then files=$(echo "$base"/en.po; ls "$base"/*.po | grep -v /en.po) strict=--strict; else files="$common $(ls "$base".html "$base".txt 2>/dev/null)" strict=; fi
    rm -rf "$tmp/bad"
    if "$tplc" --out "$tmp/bad" $strict $files >"$tmp/why" 2>&1; then
        echo "was accepted" >"$tmp/why"; report 1 "refused: $base"
    elif [ -e "$tmp/bad" ]; then
        echo "wrote files in spite of the error" >"$tmp/why"; report 1 "refused: $base"
    else
        grep -qF -- "$(cat "$e")" "$tmp/why"; report $? "refused: $base"
    fi
done

# What has not changed is not written again, so nothing is compiled again.
"$tplc" --out "$tmp/again" $common ok/text.html 2>"$tmp/why" && touch -d 2001-01-01 "$tmp/again"/tpl/* "$tmp/again"/*.[ch] &&
    "$tplc" --out "$tmp/again" $common ok/text.html 2>"$tmp/why"
[ -z "$(find "$tmp/again" -name '*.[ch]' -newermt 2002-01-01)" ]; report $? "unchanged files keep their time"

if [ -n "$lib" ]; then
    cc=${CC:-cc}
    "$tplc" --out "$tmp/render" $common ok/*.html ok/*.txt 2>"$tmp/why" &&
        printf '#define ASSET_SHOP_CSS "/assets/shop.1.css"\n#define ASSET_SHOP_X_JS "/assets/shop-x.1.js"\n#define ASSET_ICONS_SVG "/assets/icons.1.svg"\n' >"$tmp/render/assets.h" &&
        sed -e '/LOCALE("de/d' "$src/src/html/locale.def" >"$tmp/render/locale.def" && mkdir -p "$tmp/render/html" && mv "$tmp/render/locale.def" "$tmp/render/html/" &&
        $cc -std=gnu11 -D_GNU_SOURCE ${CFLAGS:-} -Wall -Wextra -Wno-missing-field-initializers -Wno-unused-const-variable -Werror -I"$tmp/render" -I"$src/src" -include "$src/src/base/banned.h" -o "$tmp/render/run" \
            render/render.c "$tmp"/render/*.c "$src"/src/html/*.c "$lib" -lz >"$tmp/why" 2>&1 &&
        "$tmp/render/run" >"$tmp/got" 2>"$tmp/why" &&
        { [ -z "${UPDATE:-}" ] || cp "$tmp/got" render/expect; } && diff -u render/expect "$tmp/got" >"$tmp/why" 2>&1
    report $? "compiled templates render what they should"
fi
echo "1..$n"
[ "$failed" = 0 ]
