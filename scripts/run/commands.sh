# shellcheck shell=bash
# What each word of the command line does.

# The file of a home that was never ready is missing, and one that somebody spoilt is as good as missing: the defaults are asked for again.
read_settings() {
    local saved_https='' saved_http='' saved_demo=''
    if [ -r "$STATE/settings" ]; then read -r saved_https saved_http saved_demo <"$STATE/settings" || true; fi
    if ! is_port "$saved_https" || ! is_port "$saved_http" || [[ $saved_demo != small && $saved_demo != none ]]; then
        saved_https=8443 saved_http=8080 saved_demo=small
    fi
    HTTPS_PORT=${HTTPS_PORT:-$saved_https}
    HTTP_PORT=${HTTP_PORT:-$saved_http}
    DEMO=${DEMO:-$saved_demo}
}

write_settings() {
    printf '%s %s %s\n' "$HTTPS_PORT" "$HTTP_PORT" "$DEMO" >"$STATE/settings.new" && mv -f "$STATE/settings.new" "$STATE/settings"
}

supervisor_pid() { live_pid "$STATE/run/supervisor.pid"; }

home_option() { if [ "$HOME_DIR" != "$SOUK_SRC/var" ]; then printf ' --home %q' "$HOME_DIR"; fi; }

print_addresses() {
    say "storefront https://localhost:$HTTPS_PORT/"
    say "api https://localhost:$HTTPS_PORT/v1/openapi.json"
    say "mail $STATE/mail"
    if [ "$1" = foreground ]; then say "stop Ctrl-C"; else say "stop ./run stop$(home_option)"; fi
}

port_busy() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

check_ports() {
    local port
    if [ "$HTTPS_PORT" = "$HTTP_PORT" ]; then die "--https-port and --http-port are both $HTTPS_PORT; they must differ"; fi
    for port in "$HTTPS_PORT" "$HTTP_PORT"; do
        if port_busy "$port"; then
            die "port $port is in use by another program; choose another with --https-port and --http-port"
        fi
        if ((port < 1024)) && ((port < $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start))); then
            die "port $port needs more rights than the shop's user has; choose one from 1024 on"
        fi
    done
}

already_running() {
    if ! is_home "$STATE" || ! supervisor_pid >/dev/null || [ ! -e "$STATE/run/ready" ]; then return 1; fi
    HTTPS_PORT='' HTTP_PORT='' DEMO=''
    read_settings
    say "the shop is already running in $HOME_DIR"
    print_addresses detached
}

# What a killed ./run left behind holds our ports: it ends here, so that they are not taken for somebody else's.
end_leftovers() {
    if ! is_home "$STATE"; then return 0; fi
    if supervisor_pid >/dev/null; then die "another ./run is working in $HOME_DIR"; fi
    lock_home
    stop_services
}

# Everything up to a healthy shop. Whatever fails on the way undoes what was begun and ends with one sentence.
bring_up() {
    ON_FAILURE+=(stop_services)
    stop_services
    prepare_database
    write_configuration
    start_services redis postgres
    wait_healthy postgres redis
    migrate_database
    forget_the_erased
    load_demo
    local name rest=()
    for name in "${NAMES[@]}"; do if [ "$name" != postgres ] && [ "$name" != redis ]; then rest+=("$name"); fi; done
    start_services "${rest[@]}"
    wait_healthy "${NAMES[@]}"
    wait_for_storefront
    write_settings
    : >"$STATE/run/ready"
}

wait_for_storefront() {
    local status tries
    waiting_begins
    for ((tries = 0; tries < 100; tries++)); do
        waiting_for "the storefront"
        status=$(curl -sk -o /dev/null -m 5 -w '%{http_code}' "https://localhost:$HTTPS_PORT/") || true
        if [ "$status" = 200 ]; then return 0; fi
        sleep 0.1
    done
    die "the storefront answers with $status instead of 200; see $(log_of nginx) and $(log_of product)"
}

command_start() {
    local began
    began=$(now_ms)
    STEP_LOG=$(mktemp "${TMPDIR:-/tmp}/souk-run.XXXXXX")
    TEMPORARY=("$STEP_LOG")
    undo_on_the_way_out
    choose_owner
    find_state
    if already_running; then exit 0; fi
    read_settings
    read_services
    check_state_place
    end_leftovers
    check_ports
    install_packages "$SOUK_SRC/packages.txt"
    make_state
    save_pid "$STATE/run/supervisor.pid" "$$"
    ON_FAILURE+=(forget_supervisor)
    build_and_install
    make_secrets
    bring_up
    say "ready after $(tenths $(($(now_ms) - began))) s"
    ON_FAILURE=(stop_everything)
    supervise_detached
    if [ "$DETACH" = yes ]; then
        ON_FAILURE=()
        trap '' PIPE            # whoever reads no further has a running shop all the same
        print_addresses detached 2>/dev/null || true
    else
        stay
    fi
}

forget_supervisor() { rm -f "$STATE/run/supervisor.pid"; }

# The foreground: a readable log until Ctrl-C. The supervisor has a session of its own also here: bash may lose a Ctrl-C that
# arrives while it waits for a command, and the supervisor runs many; `wait` loses none.
stay() {
    local reader watcher stopping=no
    trap 'stopping=yes' INT TERM HUP
    print_addresses foreground
    setsid "$SOUK_SRC/scripts/run/readable-log" follow "$STATE/log" </dev/null 9>&- &
    reader=$!
    tail -f /dev/null --pid="$(supervisor_pid)" 9>&- &
    watcher=$!
    while [ "$stopping" = no ] && kill -0 "$watcher" 2>/dev/null; do wait "$watcher" || true; done
    trap '' INT TERM HUP
    kill "$watcher" 2>/dev/null || true
    # A Ctrl-C at once may come before the reader has its session.
    kill -- "-$reader" 2>/dev/null || kill "$reader" 2>/dev/null || true
    say "stopping"
    stop_everything
    ON_FAILURE=()
}

# Ends the supervisor, which ends its services; then whatever is left of them.
stop_everything() {
    local pid ticks
    if pid=$(supervisor_pid) && [ "$pid" != "$$" ]; then
        kill -TERM "$pid" 2>/dev/null || die "no permission to stop the shop in $HOME_DIR"
        waiting_begins
        for ((ticks = 0; ticks < 1200; ticks++)); do
            if ! supervisor_pid >/dev/null; then break; fi
            waiting_for "the shop's processes to end"
            sleep 0.05
        done
    fi
    stop_services
    forget_supervisor
}

# The pids of a home are its owner's to read: without them everything would look stopped.
check_access() {
    if [ -d "$STATE/run" ] && ! { [ -r "$STATE/run" ] && [ -x "$STATE/run" ]; }; then die "no permission to look into $HOME_DIR"; fi
}

command_stop() {
    choose_owner
    find_state
    read_services
    if ! is_home "$STATE"; then say "nothing runs in $HOME_DIR"; return 0; fi
    check_access
    stop_everything
    say "stopped"
}

service_state() { # service_state NAME
    if ! live_pid "$STATE/run/$1.pid" >/dev/null; then
        printf 'stopped'
    elif healthy "$1"; then
        printf 'healthy'
    else
        printf 'not healthy'
    fi
}

command_status() {
    local name state bad=0
    choose_owner
    find_state
    read_services
    if ! is_home "$STATE"; then say "no shop in $HOME_DIR"; return 1; fi
    check_access
    for name in "${NAMES[@]}"; do
        state=$(service_state "$name")
        if [ "$state" != healthy ]; then bad=1; fi
        printf '%-14s %-12s %s\n' "$name" "$state" "$(live_pid "$STATE/run/$name.pid" || true)"
    done
    if supervisor_pid >/dev/null; then
        read_settings
        print_addresses detached
    fi
    return "$bad"
}

command_logs() {
    find_state
    is_home "$STATE" || die "no shop in $HOME_DIR"
    if [ -t 1 ]; then
        exec "$SOUK_SRC/scripts/run/readable-log" follow "$STATE/log"
    else
        exec "$SOUK_SRC/scripts/run/readable-log" show "$STATE/log"
    fi
}

command_psql() {
    choose_owner
    find_state
    is_home "$STATE" || die "no shop in $HOME_DIR"
    check_access
    live_pid "$STATE/run/postgres.pid" >/dev/null || die "the shop in $HOME_DIR is not running; start it with ./run"
    exec "$PG_BIN/psql" "$(conninfo postgres souk)" "${REST[@]}"
}

command_reset() {
    choose_owner
    find_state
    if ! is_home "$STATE"; then say "no shop in $HOME_DIR"; return 0; fi
    command_stop >/dev/null
    remove_state
    say "removed $HOME_DIR"
}
