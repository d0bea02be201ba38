# shellcheck shell=bash
# Where things are. STATE is the real folder behind --home, BUILD the build folder, PREFIX what `make install` fills.
#
# Root cannot run PostgreSQL, so as root the whole shop runs as an unprivileged user, who cannot reach a clone below
# /root or any 0700 folder; and a unix socket's path has 107 bytes at most. In both cases the state goes to
# /var/tmp/souk-<hash> and --home becomes a link to it.

RUN_AS=
STATE=
BUILD=
PREFIX=
MARK="This folder is the state of a shop made by ./run; './run reset' removes it."
LONGEST_SOCKET=/run/payment-hooks.ops.sock      # the longest name below the state folder, with room to grow

choose_owner() {
    if [ "$(id -u)" != 0 ]; then return 0; fi
    RUN_AS=${SOUK_RUN_AS:-nobody}
    if ! id -u "$RUN_AS" >/dev/null 2>&1; then die "there is no user '$RUN_AS' (SOUK_RUN_AS) to run the shop as"; fi
    if [ "$(id -u "$RUN_AS")" = 0 ]; then die "PostgreSQL does not run as root: SOUK_RUN_AS names an unprivileged user"; fi
}

# The deepest folder of a path that exists.
existing_part() {
    local path=$1
    while [ ! -e "$path" ]; do path=$(dirname "$path"); done
    printf '%s' "$path"
}

reachable() { # reachable PATH: the owner of the processes can enter what exists of it
    as_owner test -x "$(existing_part "$1")"
}

hash_of() { printf '%s' "$1" | cksum | cut -d' ' -f1; }

is_home() { [ -f "$1/.souk-home" ]; }

# Sets STATE. Makes nothing.
find_state() {
    if [ -d "$HOME_DIR" ]; then
        STATE=$(realpath "$HOME_DIR")
    elif [ -L "$HOME_DIR" ]; then
        STATE=$(realpath -m "$HOME_DIR")
    else
        STATE=$(realpath -m "$HOME_DIR")
        if ! reachable "$STATE" || ((${#STATE} + ${#LONGEST_SOCKET} > 100)); then
            STATE=/var/tmp/souk-$(hash_of "$HOME_DIR")
        fi
    fi
}

check_state_place() {
    if [ -e "$HOME_DIR" ] && [ ! -d "$HOME_DIR" ]; then die "$HOME_DIR exists and is not a folder; choose another --home"; fi
    # (A lock alone: another ./run makes this home at this moment, or was cut off before it had begun.)
    if [ -e "$STATE" ] && ! is_home "$STATE" && [ -n "$(ls -A -I .lock "$STATE" 2>/dev/null || echo unreadable)" ]; then
        die "$HOME_DIR exists, is not empty and is no shop's home; choose another --home"
    fi
    if [ ! -d "$STATE" ] && [ ! -w "$(existing_part "$STATE")" ]; then
        die "no permission to make $STATE; choose another --home"
    fi
    if [ -d "$STATE" ] && [ ! -w "$STATE" ]; then die "no permission to write to $STATE; choose another --home"; fi
    if [ -d "$STATE" ] && ! reachable "$STATE"; then
        die "the user $RUN_AS cannot enter $STATE, and PostgreSQL does not run as root; choose another --home"
    fi
    if ((${#STATE} + ${#LONGEST_SOCKET} > 107)); then die "the path $STATE is too long for unix sockets; choose a shorter --home"; fi
}

free_megabytes() { df -Pm "$(existing_part "$1")" | awk 'NR == 2 { print $4 }'; }

check_room() { # check_room FOLDER MEGABYTES WHAT
    local free
    free=$(free_megabytes "$1")
    if ((free < $2)); then die "not enough room on the disk for $3: $1 needs $2 MB and has $free MB"; fi
}

# Takes the lock of the home (descriptor 9): two ./run in one home wait for nobody, the second one says so.
lock_home() {
    exec 9>>"$STATE/.lock" || die "no permission to write to $STATE"
    if ! flock -n 9; then die "another ./run is working in $HOME_DIR"; fi
}

new_state() {
    MADE_STATE=yes
    ON_FAILURE+=(remove_state)
    chmod 755 "$STATE"
    printf '%s\n' "$MARK" >"$STATE/.souk-home" || die "cannot write to $STATE"
    if [ "$STATE" != "$(realpath -m "$HOME_DIR")" ]; then
        ln -sfn "$STATE" "$HOME_DIR" || die "no permission to make $HOME_DIR"
        say "state      $STATE ($HOME_DIR links to it: ${RUN_AS:-this user}'s processes and sockets need a short path that they can reach)"
    fi
    if [ -n "$RUN_AS" ]; then chown "$RUN_AS:" "$STATE"; fi
}

remove_empty_state() { rmdir "$STATE" 2>/dev/null || true; }

# Nothing of a home is touched before its lock is ours: what is undone at a failure is what this ./run made.
make_state() {
    MADE_STATE=no
    check_state_place
    if ! is_home "$STATE"; then
        mkdir -p "$STATE" "$(dirname "$HOME_DIR")" || die "no permission to make $STATE"
        ON_FAILURE+=(remove_empty_state)
        check_room "$STATE" 400 "the shop's state"
    fi
    check_room "$STATE" 100 "the shop's state"
    lock_home
    if ! is_home "$STATE"; then new_state; fi
    mkdir -p "$STATE"/{run,log,mail,media,cache,nginx,redis,secrets,setup}
    chmod 700 "$STATE/secrets" "$STATE/mail" "$STATE/run"
    if [ -n "$RUN_AS" ]; then chown "$RUN_AS:" "$STATE"/{run,log,mail,media,cache,nginx,redis,secrets,setup}; fi
    STEP_LOG=$STATE/log/setup.log
}

remove_state() {
    rm -rf --one-file-system "${STATE:?}"/* "$STATE/.souk-home" "$STATE/.lock"
    if ! mountpoint -q "$STATE" 2>/dev/null; then rmdir "$STATE" 2>/dev/null || true; fi
    if [ -L "$HOME_DIR" ]; then rm -f "$HOME_DIR"; fi
}

# Sets BUILD and PREFIX: build/ in the clone where that can be written, else beside the state. What the shop's user cannot
# reach (a clone below /root) moves to /var/tmp, with a link from build/.
find_build() {
    local away
    BUILD=${SOUK_BUILD:-$SOUK_SRC/build}
    if [ ! -e "$BUILD" ] && [ ! -L "$BUILD" ] && [ ! -w "$(existing_part "$BUILD")" ]; then BUILD=$STATE/build; fi
    PREFIX=$BUILD/prefix
    if ! reachable "$BUILD"; then
        away=/var/tmp/souk-build-$(hash_of "$BUILD")
        mkdir -p "$away" || die "no permission to make $away"
        if [ ! -e "$BUILD" ]; then ln -sfn "$away" "$BUILD"; fi
        PREFIX=$away/prefix
    elif [ -L "$BUILD" ]; then
        PREFIX=$(realpath -m "$BUILD")/prefix
    fi
}
