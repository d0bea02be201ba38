# shellcheck shell=bash
# Throw-away PostgreSQL clusters for tests. Source it, then:
#
#   pg_start [DIR]     makes and starts a cluster; sets PG_DIR, PGHOST (a unix socket, no TCP), PGPORT, PGUSER=postgres
#   pg_stop            stops it and removes the folder
#   pg_restart MODE    restart with pg_ctl's mode (fast, immediate): for tests of failures
#
# Nothing else on the machine is touched. As root the server runs as the user `postgres` or `nobody` (PostgreSQL refuses
# root), so the folder must be where that user can reach it: below /tmp unless DIR is given. Socket paths stay short.
# PG_OPTIONS may hold further server settings, e.g. PG_OPTIONS="-c max_connections=200 -c fsync=on".

pg_bin() {
    if [ -z "${PG_BIN:-}" ]; then
        for PG_BIN in /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin; do
            [ -x "$PG_BIN/initdb" ] && break
        done
        [ -x "$PG_BIN/initdb" ] || { echo "pg.sh: no PostgreSQL server found (install postgresql-15)" >&2; return 1; }
    fi
}

pg_as() {       # runs a command as the user who may own a cluster
    if [ "$(id -u)" = 0 ]; then
        if [ -z "${PG_OWNER:-}" ]; then
            PG_OWNER=nobody
            id postgres >/dev/null 2>&1 && PG_OWNER=postgres
        fi
        runuser -u "$PG_OWNER" -- "$@"
    else
        "$@"
    fi
}

pg_start() {
    pg_bin || return 1
    PG_DIR=${1:-$(mktemp -d /tmp/souk-pg.XXXXXX)} || return 1
    mkdir -p "$PG_DIR" && chmod 755 "$PG_DIR" || return 1
    if [ "$(id -u)" = 0 ]; then
        pg_as true
        chown "$PG_OWNER" "$PG_DIR" || return 1
    fi
    (cd "$PG_DIR" && pg_as "$PG_BIN/initdb" -D "$PG_DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --wal-segsize=1 --no-sync >"$PG_DIR/initdb.log" 2>&1) ||
        { cat "$PG_DIR/initdb.log" >&2; return 1; }
    PGHOST=$PG_DIR PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
    export PGHOST PGPORT PGUSER PGDATABASE PG_DIR
    PG_START_OPTIONS="-c listen_addresses='' -c unix_socket_directories='$PG_DIR' -c fsync=off -c synchronous_commit=off \
-c full_page_writes=off -c min_wal_size=2MB -c max_connections=200 -c shared_buffers=64MB -c log_min_messages=warning ${PG_OPTIONS:-}"
    (cd "$PG_DIR" && pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -l "$PG_DIR/server.log" -w -t 60 -o "$PG_START_OPTIONS" start >/dev/null) ||
        { cat "$PG_DIR/server.log" >&2; return 1; }
}

pg_restart() {
    (cd "$PG_DIR" && pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -l "$PG_DIR/server.log" -m "${1:-fast}" -w -t 60 -o "$PG_START_OPTIONS" restart >/dev/null)
}

pg_stop() {
    [ -n "${PG_DIR:-}" ] && [ -d "$PG_DIR/data" ] || return 0
    (cd / && pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate -w stop >/dev/null 2>&1)
    rm -rf "$PG_DIR"
    unset PG_DIR
}
