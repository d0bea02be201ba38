# shellcheck shell=bash
# What the user reads: progress with elapsed time, and one clear sentence when something fails.

ON_FAILURE=()       # functions that undo what this run began, last one first
STEP_LOG=
STEP_PIDS=()

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

now_ms() { local t=${EPOCHREALTIME/[.,]/}; printf '%d' $((t / 1000)); }

tenths() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

undo_all() {
    local i
    for ((i = ${#ON_FAILURE[@]} - 1; i >= 0; i--)); do "${ON_FAILURE[i]}" || true; done
    ON_FAILURE=()
}

# The last words: undoes everything, says one sentence, ends with 1.
die() {
    trap '' INT TERM
    if [ "${#STEP_PIDS[@]}" -gt 0 ]; then kill "${STEP_PIDS[@]}" 2>/dev/null || true; fi
    undo_all
    warn "run: $*"
    exit 1
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

# step TEXT COMMAND…: runs the command with its output in the step log, shows progress, and ends the run when it fails.
step() {
    local text=$1 start pid watcher status=0 passed
    shift
    start=$(now_ms)
    : >"$STEP_LOG"
    "$@" >>"$STEP_LOG" 2>&1 9>&- &
    pid=$!
    show_progress "$text" "$start" "$pid" 9>&- &
    watcher=$!
    STEP_PIDS=("$pid" "$watcher")
    wait "$pid" || status=$?
    wait "$watcher" 2>/dev/null || true
    STEP_PIDS=()
    passed=$(($(now_ms) - start))
    if [ -t 1 ]; then printf '\r'; fi
    if [ "$status" -ne 0 ]; then
        printf '%-52s failed after %s s\n' "$text" "$(tenths "$passed")"
        explain_log "$STEP_LOG"
        # The state of a shop that never ran is removed again, and this log with it.
        if [ "${MADE_STATE:-no}" = yes ]; then die "${STEP_FAILED:-$text failed}"; fi
        die "${STEP_FAILED:-$text failed} (the whole output: $STEP_LOG)"
    fi
    if [ -t 1 ] || ((passed >= 1000)); then printf '%-52s %6s s\n' "$text" "$(tenths "$passed")"; fi
}
