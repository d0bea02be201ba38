# shellcheck shell=bash
# The processes of the shop: one table (services.table) says which, this file how each kind starts, ends and shows its health.

NAMES=()
declare -A KIND ROLE WORDS

read_services() {
    local name kind role words
    NAMES=()
    while read -r name kind role words; do
        case $name in '' | '#'*) continue ;; esac
        NAMES+=("$name")
        KIND[$name]=$kind
        ROLE[$name]=$role
        WORDS[$name]=${words#-}
        if [[ $words == --* ]]; then WORDS[$name]=$words; fi
    done <"$SOUK_SRC/scripts/run/services.table"
}

log_of() { printf '%s/log/%s.log' "$STATE" "$1"; }

start_postgres() { launch postgres "$(log_of postgres)" "$PG_BIN/postgres" -D "$STATE/pg"; }

start_redis() {
    launch redis "$(log_of redis)" /usr/bin/redis-server "$STATE/redis/redis.conf"
}

start_nginx() {
    rm -f "$STATE/run/ops.sock" "$STATE/run/http.sock"
    launch nginx "$(log_of nginx)" /usr/sbin/nginx -e stderr -p "$STATE/nginx" -c nginx.conf -g 'daemon off;'
}

# Who talks to payment providers also gets the sandbox provider's own connection.
provider_words() { # provider_words NAME: fills WORDS_MORE
    WORDS_MORE=()
    case $1 in payment | jobs-payment) WORDS_MORE=(--db_sandbox "$(conninfo souk_sandbox souk)") ;; esac
}

# shellcheck disable=SC2086  # the words of the table are several arguments
start_pool() {
    rm -f "$STATE/run/$1.sock" "$STATE/run/$1.ops.sock"
    provider_words "$1"
    launch "$1" "$(log_of "$1")" "$PREFIX/libexec/souk/souk-$1" --config "$STATE/souk.conf" \
        --db "$(conninfo "${ROLE[$1]}" souk)" --db_keys "$(conninfo "${ROLE[$1]}" souk_keys)" ${WORDS[$1]} "${WORDS_MORE[@]}"
}

# shellcheck disable=SC2086
start_jobs() {
    rm -f "$STATE/run/$1.prom"
    provider_words "$1"
    launch "$1" "$(log_of "$1")" "$PREFIX/libexec/souk/souk-jobs" ${WORDS[$1]} --config "$STATE/souk.conf" \
        --db "$(conninfo "${ROLE[$1]}" souk)" --db_keys "$(conninfo "${ROLE[$1]}" souk_keys)" "${WORDS_MORE[@]}"
}

start_service() {
    end_session "$STATE/run/$1.pid"
    case ${KIND[$1]} in
    pool | jobs) "start_${KIND[$1]}" "$1" ;;
    *) "start_$1" ;;
    esac
}

http_ok() { # http_ok SOCKET PATH
    [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' --unix-socket "$1" "http://localhost$2")" = 200 ]
}

healthy() {
    live_pid "$STATE/run/$1.pid" >/dev/null || return 1
    case ${KIND[$1]} in
    postgres) "$PG_BIN/pg_isready" -q -h "$STATE/run" ;;
    redis) [ -S "$STATE/run/redis.sock" ] && [ "$(redis-cli -s "$STATE/run/redis.sock" ping 2>/dev/null)" = PONG ] ;;
    pool) [ -S "$STATE/run/$1.ops.sock" ] && http_ok "$STATE/run/$1.ops.sock" /readyz ;;
    jobs) grep -q '^souk_jobs_ready{.*} 1$' "$STATE/run/$1.prom" 2>/dev/null ;;
    nginx) [ -S "$STATE/run/ops.sock" ] && http_ok "$STATE/run/ops.sock" /healthz ;;
    esac
}

wait_healthy() { # wait_healthy NAME…: until all are, at most 60 s; gives up at once when one ends
    local name ticks
    waiting_begins
    for name in "$@"; do
        for ((ticks = 0; ticks < 1200; ticks++)); do
            if healthy "$name"; then continue 2; fi
            waiting_for "$name"
            if ! live_pid "$STATE/run/$name.pid" >/dev/null; then service_failed "$name" "ended at once"; fi
            sleep 0.05
        done
        service_failed "$name" "is not healthy after a minute"
    done
}

service_failed() { # service_failed NAME WHAT
    warn "run: the end of $(log_of "$1"):"
    explain_log "$(log_of "$1")" 8
    if grep -q 'Address already in use' "$(log_of "$1")" 2>/dev/null; then die "$1: a port is in use by another program"; fi
    die "$1 $2"
}

stop_service() {
    if ! live_pid "$STATE/run/$1.pid" >/dev/null; then end_session "$STATE/run/$1.pid"; fi
    case ${KIND[$1]} in
    postgres) end_process "$STATE/run/postgres.pid" INT 30 ;;
    nginx) end_process "$STATE/run/nginx.pid" QUIT 3 ;;
    *) end_process "$STATE/run/$1.pid" TERM 10 ;;
    esac
}

# The whole shop, in the order of the table. One that ends while it starts is named.
start_services() { # start_services NAME…
    local name
    for name in "$@"; do start_service "$name" || service_failed "$name" "did not start"; done
}

stop_services() {
    local i
    for ((i = ${#NAMES[@]} - 1; i >= 0; i--)); do stop_service "${NAMES[i]}"; done
    rm -f "$STATE"/run/*.sock "$STATE"/run/*.prom "$STATE/run/ready"
}
