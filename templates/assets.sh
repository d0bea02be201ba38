#!/bin/sh
# Gives each asset a name with the hash of its content, so that browsers may keep it for ever, and tells templates the names.
#   assets.sh SOURCE-DIR OUTPUT-DIR HEADER NAME...
# The names stand in an order in which a file comes after those that it mentions (as "./name"): these are replaced too.
set -eu
src=$1 out=$2 header=$3
shift 3
rm -rf "$out.new"
mkdir -p "$out.new" "$(dirname "$header")"
names=$out.new/.names
: > "$names"
{
    echo '/* Made by templates/assets.sh: where the assets are. */'
    echo '#ifndef GEN_ASSETS_H'
    echo '#define GEN_ASSETS_H'
    for name in "$@"; do
        sed -f "$names" "$src/$name" > "$out.new/.body"
        hash=$(sha256sum < "$out.new/.body" | cut -c1-12)
        hashed=${name%.*}.$hash.${name##*.}
        mv "$out.new/.body" "$out.new/$hashed"
        gzip -9 -n -c "$out.new/$hashed" > "$out.new/$hashed.gz"
        printf 's|\\./%s\\(["\x27)]\\)|./%s\\1|g\n' "$(printf %s "$name" | sed 's/\./\\./g')" "$hashed" >> "$names"
        printf '#define ASSET_%s "/assets/%s"\n' "$(printf %s "$name" | tr '[:lower:]' '[:upper:]' | tr -c '[:upper:]0-9' '_')" "$hashed"
    done
    echo '#endif'
} > "$out.new/.header"
rm -f "$names"
mv "$out.new/.header" "$header"
rm -rf "$out"
mv "$out.new" "$out"
