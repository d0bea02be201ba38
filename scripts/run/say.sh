# shellcheck shell=bash
# What the user reads: progress with elapsed time, and one clear sentence when something fails.

ON_FAILURE=()       # functions that undo what this run began, last one first; empty: nothing is owed
STEP_LOG=
TEMPORARY=()        # files that no way out leaves behind
STEP_PID=           # of the step that runs: the head of a process group of its own

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

now_ms() { local t=${EPOCHREALTIME/[.,]/}; printf '%d' $((t / 1000)); }

tenths() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

undo_all() {
    local i
    for ((i = ${#ON_FAILURE[@]} - 1; i >= 0; i--)); do "${ON_FAILURE[i]}" || true; done
    ON_FAILURE=()
}

# Ends the step that runs with everything that it started: a compiler that went on writing would put back what is being removed. What sudo started
# only sudo may end.
end_step() {
    local ticks as=("${PRIVILEGE[@]}")
    if [ -z "$STEP_PID" ]; then return 0; fi
    "${as[@]}" kill -TERM -- "-$STEP_PID" 2>/dev/null || true
    for ((ticks = 0; ticks < 100; ticks++)); do
        if ! group_lives "$STEP_PID"; then break; fi
        sleep 0.05
    done
    "${as[@]}" kill -KILL -- "-$STEP_PID" 2>/dev/null || true
    STEP_PID=
}

# The last words: undoes everything, says one sentence, ends with 1.
die() {
    trap '' INT TERM HUP PIPE
    end_step
    undo_all
    warn "run: $*"
    exit 1
}

interrupted() { die "interrupted; everything that was started is stopped again"; }

# Every way out passes here. Whoever leaves with something owed came neither to the end nor to `die`: a command failed that nobody looks after, a full
# disk most likely.
leave() {
    local status=$?
    trap - EXIT
    rm -f "${TEMPORARY[@]}"
    if [ "${#ON_FAILURE[@]}" -gt 0 ]; then
        trap '' INT TERM HUP PIPE
        end_step
        undo_all
        warn "run: could not go on (the message above says why); everything that was started is stopped again"
        status=1
    fi
    exit "$status"
}

undo_on_the_way_out() {
    trap leave EXIT
    trap interrupted INT TERM HUP PIPE
}

# A disk that filled up shows as any failure: say so when it is the reason.
explain_log() {
    if grep -Eqi 'No space left on device|ENOSPC|disk full' "$1" 2>/dev/null; then
        warn "run: the disk is full"
    fi
    tail -n "${2:-20}" "$1" 2>/dev/null | sed 's/^/    /' >&2 || true
}

# Shows on a terminal how long the present step already takes; elsewhere one line after the first second, then each 15 s.
show_progress() { # show_progress TEXT START_MS PID
    local shown=0 passed
    while kill -0 "$3" 2>/dev/null; do
        passed=$(($(now_ms) - $2))
        if [ -t 1 ]; then
            printf '\r%-52s %6s s ' "$1" "$(tenths "$passed")"
        elif ((passed >= 1000 && passed / 15000 + 1 > shown)); then
            shown=$((passed / 15000 + 1))
            printf '%s … %s s\n' "$1" "$(tenths "$passed")"
        fi
        sleep 0.2
    done
}

# The same for what this script itself waits for: `waiting_begins`, then `waiting_for WHAT` in the loop.
waiting_begins() {
    WAIT_BEGAN=$(now_ms)
    WAIT_SHOWN=0
}

waiting_for() { # waiting_for WHAT
    local passed=$(($(now_ms) - WAIT_BEGAN))
    if ((passed < 1000 || passed / 15000 + 1 <= WAIT_SHOWN)); then return 0; fi
    WAIT_SHOWN=$((passed / 15000 + 1))
    say "waiting for $1 … $(tenths "$passed") s"
}

# step TEXT COMMAND…: runs the command with its output in the step log, shows progress, and ends the run when it fails.
step() {
    local text=$1 start watcher status=0 passed
    shift
    start=$(now_ms)
    : >"$STEP_LOG"
    set -m                  # a process group of its own
    "$@" </dev/null >>"$STEP_LOG" 2>&1 9>&- &
    STEP_PID=$!
    set +m
    show_progress "$text" "$start" "$STEP_PID" 9>&- &
    watcher=$!
    wait "$STEP_PID" || status=$?
    STEP_PID=
    wait "$watcher" 2>/dev/null || true
    passed=$(($(now_ms) - start))
    if [ -t 1 ]; then printf '\r'; fi
    if [ "$status" -ne 0 ]; then
        printf '%-52s failed after %s s\n' "$text" "$(tenths "$passed")"
        explain_log "$STEP_LOG"
        # The state of a shop that never ran is removed again, and this log with it; one in a temporary place goes, too.
        if [ "${MADE_STATE:-no}" = yes ] || [ "$STEP_LOG" = "${TEMPORARY[*]}" ]; then die "${STEP_FAILED:-$text failed}"; fi
        die "${STEP_FAILED:-$text failed} (the whole output: $STEP_LOG)"
    fi
    if [ -t 1 ] || ((passed >= 1000)); then printf '%-52s %6s s\n' "$text" "$(tenths "$passed")"; fi
}
