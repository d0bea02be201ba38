# shellcheck shell=bash
# Keeps the shop's processes alive: looks twice a second, starts again what ended, slower and slower when it keeps ending.
# (A pool's own master restarts its workers; this is for the masters and the servers.)

declare -A RESTART_AT PAUSE_MS STARTED_AT

# A log that cannot be written must not end the supervisor.
note() { { TZ=UTC printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","level":"%s","component":"run","event":"%s"}\n' -1 "$1" "$2" >>"$(log_of run)"; } 2>/dev/null || true; }

look_after() { # look_after NAME
    local name=$1 now
    if live_pid "$STATE/run/$name.pid" >/dev/null; then return 0; fi
    now=$(now_ms)
    if [ -z "${RESTART_AT[$name]:-}" ]; then
        # Ran for ten seconds: the next pause is short again.
        if ((now - ${STARTED_AT[$name]:-0} > 10000)); then PAUSE_MS[$name]=100; fi
        RESTART_AT[$name]=$((now + ${PAUSE_MS[$name]:-100}))
        note warn "$name ended; starts again in ${PAUSE_MS[$name]:-100} ms"
        PAUSE_MS[$name]=$((${PAUSE_MS[$name]:-100} * 2 > 10000 ? 10000 : ${PAUSE_MS[$name]:-100} * 2))
    fi
    if ((now >= RESTART_AT[$name])); then
        unset "RESTART_AT[$name]"
        STARTED_AT[$name]=$now
        start_service "$name" || note error "$name did not start"
    fi
}

# `read` from a pipe that nobody writes is a sleep without a process.
supervise() {
    local name pipe
    STOPPING=no
    trap 'STOPPING=yes' TERM INT HUP
    exec {pipe}<> <(:)
    while [ "$STOPPING" = no ]; do
        for name in "${NAMES[@]}"; do look_after "$name"; done
        read -r -t 0.5 -u "$pipe" _ || true
    done
    trap '' TERM INT HUP
}

# The detached supervisor is this script once more, in a session of its own. It inherits the lock of the home.
supervise_detached() {
    (
        exec </dev/null >>"$(log_of run)" 2>&1
        cd /
        exec setsid "$SOUK_SRC/run" __supervise --home "$HOME_DIR"
    ) &
    disown "$!" 2>/dev/null || true
    save_pid "$STATE/run/supervisor.pid" "$!"
}

command___supervise() {
    choose_owner
    find_state
    read_settings
    find_build
    read_services
    supervise
    stop_services
    rm -f "$STATE/run/supervisor.pid"
}
