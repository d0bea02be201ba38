#!/usr/bin/env bash
# A private shop for tests, with its own home and ports.
#
#   tests/lib/shop.sh start [NAME]            starts it (or finds it running) and prints its environment as export lines
#   tests/lib/shop.sh with COMMAND…           the same, then runs COMMAND with that environment
#   tests/lib/shop.sh stop [NAME]             stops it; what it stored stays
#   tests/lib/shop.sh remove [NAME]           stops it and removes its home
#
# With SOUK_URL already in the environment `with` starts nothing and just runs the command.
# SOUK_TEST_STATE says where homes go (default /var/tmp/souk-test-<user id>-<hash of the clone>),
# SOUK_RUN_OPTIONS adds options to ./run.
set -euo pipefail

SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
STATE=${SOUK_TEST_STATE:-/var/tmp/souk-test-$(id -u)-$(printf '%s' "$SRC" | cksum | cut -d' ' -f1)}

port_free() { ! (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Two free neighbours; the search starts at a number that differs from clone to clone.
choose_ports() {
    local port=$((20000 + $(printf '%s %s %s' "$SRC" "$1" "$$" | cksum | cut -d' ' -f1) % 6000 * 2))
    while ! port_free "$port" || ! port_free $((port + 1)); do port=$((port + 2)); done
    printf '%d' "$port"
}

environment() {
    local home=$STATE/$1 https http build _
    build=${SOUK_BUILD:-$SRC/build}
    read -r https http _ <"$home/settings"
    printf 'export SOUK_URL=https://localhost:%s SOUK_HTTP_URL=http://localhost:%s SOUK_HOME=%q SOUK_MAIL=%q\n' \
        "$https" "$http" "$home" "$home/mail"
    printf 'export SOUK_SRC=%q SOUK_BUILD=%q SOUK_PREFIX=%q SOUK_CONFIG=%q\n' \
        "$SRC" "$build" "$build/prefix" "$home/souk.conf"
    printf 'export SOUK_PGROOT=%q\n' "host=$home/run user=postgres dbname=souk passfile=$home/secrets/postgres.pgpass"
}

start() {
    local name=$1 https ports=()
    mkdir -p "$STATE"
    if ! "$SRC/run" status --home "$STATE/$name" >/dev/null 2>&1; then
        if [ ! -s "$STATE/$name/settings" ]; then
            https=$(choose_ports "$name")
            ports=(--https-port "$https" --http-port $((https + 1)))
        fi
        # shellcheck disable=SC2086  # several options in one variable
        "$SRC/run" --home "$STATE/$name" "${ports[@]}" --detach ${SOUK_RUN_OPTIONS:-} >"$STATE/$name.start.log" 2>&1 ||
            { cat "$STATE/$name.start.log" >&2; exit 1; }
    fi
    environment "$name"
}

main() {
    local command=${1:-} exports
    shift || true
    case $command in
    start) start "${1:-main}" ;;
    stop) "$SRC/run" stop --home "$STATE/${1:-main}" >&2 ;;
    remove)
        if [ -e "$STATE/${1:-main}" ]; then "$SRC/run" reset --home "$STATE/${1:-main}" >&2; fi
        rm -f "$STATE/${1:-main}.start.log"
        ;;
    with)
        if [ -z "${SOUK_URL:-}" ]; then
            exports=$(start "${SOUK_TEST_SHOP:-main}")
            eval "$exports"
        fi
        exec "$@"
        ;;
    *)
        sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
    esac
}

main "$@"
