#!/usr/bin/env bash
# souk import from the command line, on a database of its own: what it says, what it refuses, how much memory it takes, and the real files.
set -uo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
SOUK_SRC=${SOUK_SRC:-$(cd "$HERE/../.." && pwd -P)}
# shellcheck source=tests/sql/lib/common.sh
. "$SOUK_SRC/tests/sql/lib/common.sh"
DATA=${SOUK_TEST_DATA:-$SOUK_SRC/../shared/data}
RETAIL_HEADER=InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
T=$(mktemp -d /tmp/souk-import-test.XXXXXX)

begin_cluster
trap 'pg_stop; rm -rf "$T"' EXIT
must "roles" migrate --roles "$(superuser postgres)"
must "migrations" migrate

# import NAME STATUS ARGUMENT…: standard output in $OUT, standard error in $ERR
import() {
    local name=$1 want=$2 status=0
    shift 2
    souk import "$@" >"$T/out" 2>"$T/err" || status=$?
    OUT=$(cat "$T/out") ERR=$(cat "$T/err")
    is "$name: exit code" "$status" "$want"
}
state() { sql souk -c "SELECT md5(string_agg(t, ';' ORDER BY t)) FROM (SELECT p::text FROM catalog.products p UNION ALL SELECT v::text FROM catalog.variants v
    UNION ALL SELECT c::text FROM catalog.prices c UNION ALL SELECT l::text FROM inventory.levels l UNION ALL SELECT o.id::text FROM platform.outbox o) x(t)"; }

# --- what is refused, with a sentence and nothing kept ---
before=$(state)
: >"$T/empty.csv"
import "an empty file" 1 shopify "$T/empty.csv"
like "an empty file: says so" "$ERR" 'file is empty'
import "a folder" 1 shopify "$T"
import "no such file" 1 shopify "$T/nowhere.csv"
like "no such file: says so" "$ERR" 'No such file'
printf 'a,b\n1,2\n' >"$T/other.csv"
import "another program's file" 1 retail-invoices "$T/other.csv"
like "another program's file: names the column" "$ERR" 'no column "InvoiceNo"'
import "an unknown profile" 1 excel "$HERE/files/retail-dirty.csv"
import "an unknown price list" 1 retail-invoices "$HERE/files/retail-dirty.csv" --price-list usd
import "an unknown flag" 2 shopify "$T/other.csv" --colour
import "no file" 2 shopify
import "a bad stock" 2 shopify "$T/other.csv" --stock many
gzip -c "$HERE/files/retail-dirty.csv" | head -c 200 >"$T/cut.csv.gz"
import "a gzip file that is cut off" 1 retail-invoices "$T/cut.csv.gz"
like "a gzip file that is cut off: says so" "$ERR" 'ends too early'
is "nothing of all this was kept" "$(state)" "$before"

# --- small dirty files ---
import "a dirty retail file" 0 retail-invoices "$HERE/files/retail-dirty.csv"
like "a dirty retail file: the numbers add up" "$OUT" 'which is every row'
while read -r line; do
    like "a dirty retail file: line $line is named" "$ERR" "^line $line: bad row"
done <"$HERE/files/retail-dirty.bad-lines"
once=$(state)
import "the same file again" 0 retail-invoices "$HERE/files/retail-dirty.csv"
is "the same file again changes nothing" "$(state)" "$once"
gzip -c "$HERE/files/retail-dirty.csv" >"$T/dirty.csv.gz"
import "the same file, gzip" 0 retail-invoices "$T/dirty.csv.gz"
is "the same file, gzip, changes nothing" "$(state)" "$once"
status=0
souk import retail-invoices - <"$HERE/files/retail-dirty.csv" >/dev/null 2>&1 || status=$?
is "the same file from standard input" "$status $(state)" "0 $once"
import "a Shopify file, dry" 0 shopify "$HERE/files/shopify-small.csv" --dry-run
is "a dry run keeps nothing" "$(state)" "$once"
like "a dry run says so" "$OUT" 'dry run: nothing was kept'
import "a Shopify file" 0 shopify "$HERE/files/shopify-small.csv"
like "a Shopify file: products" "$OUT" 'products: 2 created'
is "a Shopify file: options" "$(sql souk -c "SELECT variant_title FROM catalog.pub_variants WHERE sku = 'TEE-M'")" "M / Ink"

import "a Shopify file with values that are too long" 0 shopify "$HERE/files/shopify-long.csv"
like "values that are too long: the rows add up as always" "$OUT" ' 5 = 4 used \+ 1 skipped, which is every row'
like "values that are too long: how many were shortened" "$OUT" ' 6 values were shortened'
like "values that are too long: named by their line" "$ERR" '^line 2: its Title is shortened from [0-9]+ to 240 bytes'
like "values that are too long: also in further rows" "$ERR" '^line 3: its Option1 Value is shortened from 124 to 100 bytes'
like "values that are too long: no character is cut in two" "$ERR" '^line 6: its Title is shortened from 242 to 240 bytes'
like "values that are too long: what is wrong otherwise is said, too" "$ERR" '^line 4: bad row: too few fields'
is "values that are too long: what is kept is the beginning" "$(sql souk -c "SELECT octet_length(vendor), left(vendor, 12) FROM catalog.products WHERE slug = 'short-lamp'")" '200|Workshop of '

# --- hard input ---
{ echo "$RETAIL_HEADER"; echo '1,30001,TIN BOX,1,2010-12-01 08:26:00,2.55,1,UK'; printf '1,30002,'; head -c 10485760 /dev/zero | tr '\0' 'X'; echo ',1,2010-12-01 08:26:00,2.55,1,UK'
  echo '1,30003,TIN CAN,1,2010-12-01 08:26:00,2.55,1,UK'; } >"$T/long.csv"
import "a line of 10 MB" 0 retail-invoices "$T/long.csv"
like "a line of 10 MB: is named" "$ERR" '^line 3: bad row: longer than 1 MB'
like "a line of 10 MB: its neighbours come in" "$OUT" ' 2 created a product'
{ echo "$RETAIL_HEADER"; printf '1,30004,"TIN\nTOY",1,2010-12-01 08:26:00,2.55,1,UK\r\n'; printf '1,30005,TIN \xff,1,2010-12-01 08:26:00,2.55,1,UK\r\n'; } >"$T/odd.csv"
import "line breaks in a field, CRLF, bytes that are no UTF-8" 0 retail-invoices "$T/odd.csv"
like "bytes that are no UTF-8: named by their line" "$ERR" '^line 4: bad row: not valid UTF-8'

# --- many products: memory does not grow with the file ---
awk -v h="$RETAIL_HEADER" 'BEGIN { print h; for (i = 0; i < 400000; i++) printf "%d,%05d,CUP NUMBER %d OF MANY,%d,2010-12-01 08:26:00,%d.50,1,UK\n", i, i % 2000, i % 2000, 1 + i % 7, 1 + i % 9 }' >"$T/many.csv"
rss() { # kilobytes of the importer at its largest
    "$SOUK_BUILD/souk" import "$@" --db "host=$PGHOST dbname=souk" --db_keys "host=$PGHOST dbname=souk_keys" >"$T/out" 2>/dev/null &
    local pid=$! most=0 now
    while kill -0 $pid 2>/dev/null; do
        now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || now=
        [ "${now:-0}" -gt "$most" ] && most=$now
        sleep 0.02
    done
    wait $pid
    echo "$most"
}
# on a terminal a bar shows the rows that are read, then the products that are written
script -qec "'$SOUK_BUILD/souk' import retail-invoices '$T/many.csv' --dry-run --db 'host=$PGHOST dbname=souk' --db_keys 'host=$PGHOST dbname=souk_keys'" /dev/null </dev/null | tr '\r' '\n' >"$T/terminal"
like "the bar shows rows" "$(cat "$T/terminal")" '\[#+\.+\] +[0-9]+ % [0-9]+ rows'
like "the bar shows products" "$(cat "$T/terminal")" '\[#+\.*\] +[0-9]+ % [0-9]+ products'
most=$(rss retail-invoices "$T/many.csv")
diag "400,000 rows took $most KB"
ok "400,000 rows take at most 64 MB" test "$most" -le 65536

# --- the real files ---
if [ -f "$DATA/online-retail-2010-12-to-2011-09.csv.gz" ]; then
    most=$(rss retail-invoices "$DATA/online-retail-2010-12-to-2011-09.csv.gz" --stock 10)
    diag "$(cat "$T/out")"
    like "the real invoices: every row" "$(cat "$T/out")" '370,931 = 360,567 used .* which is every row'
    ok "the real invoices take at most 64 MB ($most KB)" test "$most" -le 65536
    once=$(state)
    import "the real invoices again" 0 retail-invoices "$DATA/online-retail-2010-12-to-2011-09.csv.gz" --stock 10
    is "the real invoices again change nothing" "$(state)" "$once"
else
    skip "the real invoices" "no file $DATA/online-retail-2010-12-to-2011-09.csv.gz"
fi
if [ -f "$DATA/shopify/apparel.csv" ]; then
    import "Shopify's sample" 0 shopify "$DATA/shopify/apparel.csv"
    like "Shopify's sample: every row" "$OUT" ' 20 created a product'
else
    skip "Shopify's sample" "no file $DATA/shopify/apparel.csv"
fi
is "stock is what its movements add up to" "$(sql souk -c 'SELECT count(*) FROM inventory.pub_mismatches')" 0
done_testing
