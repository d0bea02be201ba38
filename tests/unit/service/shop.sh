#!/usr/bin/env bash
# A migrated shop database for one test program: `shop.sh start DIR`, `shop.sh stop DIR`. Migrating takes two seconds, so the
# result is kept as a template per state of sql/ and copied; templates of other states are removed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$(cd "$here/../../.." && pwd)
# shellcheck source=tests/lib/pg.sh
. "$src/tests/lib/pg.sh"
build=${SOUK_BUILD:-$PWD}
cache=/tmp/souk-unit-shop.$(id -u).$(printf '%s' "$src" | cksum | cut -d' ' -f1)

make_template() {
    local sum=$1 work
    work=$(mktemp -d /tmp/souk-pg.XXXXXX)
    trap pg_stop EXIT
    pg_start "$work" >&2
    "$build/souk" migrate --sql "$src/sql" --roles "host=$work user=postgres dbname=postgres" --db "dbname=souk" --db_keys "dbname=souk_keys" >&2
    "$build/souk" migrate --sql "$src/sql" --db "host=$work dbname=souk" --db_keys "host=$work dbname=souk_keys" >&2
    (cd / && pg_as "$PG_BIN/pg_ctl" -D "$work/data" -m fast -w stop >/dev/null)
    rm -rf "$cache"
    mkdir -p "$cache"
    mv "$work/data" "$cache/$sum"
    rm -rf "$work"
    trap - EXIT
}

# Thousands of small files are copied in half the time in memory, where there is room.
place_data() {
    local room
    room=$(df -m --output=avail /dev/shm 2>/dev/null | tail -n 1) || room=0
    if [ -w /dev/shm ] && [ "${room:-0}" -gt 1000 ]; then
        ln -s "/dev/shm/$(basename "$1")" "$1/data"
    fi
    cp -a "$2/." "$(readlink -m "$1/data")"
}

end() {
    local data
    data=$(readlink -m "$1/data")
    PG_DIR=$1 pg_stop
    rm -rf "$data"
}

start() {
    local dir=$1 sum
    pg_bin
    pg_as true
    sum=$(find "$src/sql" -name '*.sql' -not -path '*/queries/*' -print0 | sort -z | xargs -0 cat | cksum | cut -d' ' -f1)
    exec 9>"$cache.lock"
    flock 9
    [ -d "$cache/$sum" ] || make_template "$sum" 9>&-
    mkdir -p "$dir"
    setsid bash "$0" watch "$dir" </dev/null >/dev/null 2>&1 9>&- &
    place_data "$dir" "$cache/$sum"
    flock -u 9
    chmod 755 "$dir"
    if [ "$(id -u)" = 0 ]; then chown "$PG_OWNER" "$dir"; fi
    (cd / && pg_as "$PG_BIN/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 -o "-c listen_addresses='' -c unix_socket_directories='$dir' \
-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB -c log_min_messages=warning" start >/dev/null 9>&-)
}

# A test that crashes or is killed leaves no server behind: DIR ends with the number of its process.
watch() {
    while kill -0 "${1##*.}" 2>/dev/null && [ -d "$1" ]; do sleep 2; done
    if [ -d "$1" ]; then pg_bin && pg_as true && end "$1"; fi
}

case $1 in
start) start "$2" ;;
watch) watch "$2" ;;
stop) pg_bin; pg_as true; end "$2" ;;
esac
