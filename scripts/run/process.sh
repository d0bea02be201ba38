# shellcheck shell=bash
# Processes that outlive this script: started in a session of their own, known by pid AND start time, so that a number
# that the kernel gave to somebody else is never signalled.

# The start time of a process in clock ticks since boot; fails for a process that is gone or a zombie.
start_time() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086  # split on purpose: state is field 1, starttime field 20 of the rest
    set -- $stat
    [ "$1" != Z ] && [ "$1" != X ] && printf '%s' "${20}"
}

save_pid() { # save_pid FILE PID
    local began
    began=$(start_time "$2") || return 1
    printf '%s %s\n' "$2" "$began" >"$1.new" && mv -f "$1.new" "$1"
}

# Prints the pid when the process of that file still runs.
live_pid() { # live_pid FILE
    local pid began
    { read -r pid began <"$1"; } 2>/dev/null || return 1
    [ -n "$pid" ] && [ "$(start_time "$pid")" = "$began" ] && printf '%s' "$pid"
}

# Ends the process of a pid file: SIGNAL, wait, then KILL for it and its children. Removes the file.
end_process() { # end_process FILE SIGNAL SECONDS
    local pid ticks=$(($3 * 20))
    if pid=$(live_pid "$1"); then
        kill "-$2" "$pid" 2>/dev/null || true
        while ((ticks-- > 0)) && live_pid "$1" >/dev/null; do sleep 0.05; done
        if live_pid "$1" >/dev/null; then kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true; fi
    fi
    rm -f "$1"
}

# What a leader that was killed left behind: each service is the leader of its session, whose number nobody else gets
# while a member lives.
end_session() { # end_session FILE
    local leader began stat pid signal
    { read -r leader began <"$1"; } 2>/dev/null || return 0
    if [ -z "$leader" ] || [ -n "$(start_time "$leader")" ]; then return 0; fi
    for signal in TERM KILL; do
        local found=no
        for stat in /proc/[0-9]*/stat; do
            pid=${stat#/proc/}
            pid=${pid%/stat}
            if [ "$(session_of "$pid")" = "$leader" ]; then
                found=yes
                kill "-$signal" "$pid" 2>/dev/null || true
            fi
        done
        if [ "$found" = no ]; then return 0; fi
        sleep 0.3
    done
}

session_of() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    stat=${stat##*) }
    # shellcheck disable=SC2086  # split on purpose: state, ppid, pgrp, session
    set -- $stat
    if [ "$1" != Z ]; then printf '%s' "$4"; fi
}

# Does a process of that group run? (One that is a zombie does not.)
group_lives() { # group_lives GROUP
    local stat
    for stat in /proc/[0-9]*/stat; do
        { read -r stat <"$stat"; } 2>/dev/null || continue
        stat=${stat##*) }
        # shellcheck disable=SC2086  # split on purpose: state, ppid, pgrp
        set -- "$1" $stat
        if [ "$4" = "$1" ] && [ "$2" != Z ] && [ "$2" != X ]; then return 0; fi
    done
    return 1
}

# As root everything of the shop runs under an unprivileged user; otherwise as who typed the command.
as_owner() {
    if [ -n "$RUN_AS" ]; then
        setpriv --reuid="$RUN_AS" --regid="$(id -g "$RUN_AS")" --clear-groups -- "$@"
    else
        "$@"
    fi
}

# launch NAME LOG COMMAND…: in the background, in a session of its own, with the lock closed.
launch() {
    local name=$1 log=$2 pid i
    shift 2
    (
        exec </dev/null >>"$log" 2>&1 9>&-
        ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
        cd "$STATE" || exit 1
        export HOME=$STATE MALLOC_ARENA_MAX=2
        if [ -n "$RUN_AS" ]; then
            exec setsid setpriv --reuid="$RUN_AS" --regid="$(id -g "$RUN_AS")" --clear-groups -- "$@"
        fi
        exec setsid "$@"
    ) &
    pid=$!
    disown "$pid" 2>/dev/null || true
    for ((i = 0; i < 20; i++)); do
        if save_pid "$STATE/run/$name.pid" "$pid" 2>/dev/null; then return 0; fi
        sleep 0.01
    done
    # Ended at once; or it could not be written down (a full disk), and what nobody knows nobody could end.
    kill -KILL -- "-$pid" 2>/dev/null || true
    return 1
}
