#!/usr/bin/env bash
# ./run: what it refuses before it starts anything, and how it treats packages. Nothing is left behind.
set -uo pipefail
SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/lib/tap.sh
. "$SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/homes.sh
. "$SRC/tests/lib/homes.sh"
T=$(mktemp -d /tmp/souk-run-test.XXXXXX)
chmod 755 "$T"
trap 'cleanup' EXIT
LISTENER=

cleanup() {
    if [ -n "$LISTENER" ]; then kill "$LISTENER" 2>/dev/null; fi
    mountpoint -q "$T/small" && umount "$T/small"
    rm -rf "$T"
}

# refuses NAME REGEX EXIT-CODE OPTION…: ends with that code, says one sentence that fits, prints nothing of bash itself.
refuses() {
    local name=$1 regex=$2 want=$3 output status=0
    shift 3
    output=$("$SRC/run" "$@" 2>&1) || status=$?
    is "$name: exit code" "$status" "$want"
    like "$name: says why" "$output" "$regex"
    unlike "$name: no message of the shell" "$output" 'line [0-9]+:|unbound variable'
}

refuses "an unknown option" "'--colour' is not an option" 2 --colour
refuses "a port that is none" "port from 1 to 65535, not 'http'" 2 --https-port http
refuses "a port out of range" "port from 1 to 65535, not '70000'" 2 --https-port=70000
refuses "an option without its value" "--home takes a value" 2 --home
refuses "an unknown demo" "small or none, not 'huge'" 2 --demo huge
refuses "stop with a port" "takes --home only" 2 stop --https-port 1
refuses "the same port twice" "both 9" 1 --home "$T/a" --https-port 9000 --http-port 9000
like "--help lists the options" "$("$SRC/run" --help)" 'https-port N.*'

port=$(free_port)
node -e 'require("net").createServer().listen(+process.argv[1],"127.0.0.1")' "$port" &
LISTENER=$!
wait_until 5 bash -c ": <>/dev/tcp/127.0.0.1/$port"
refuses "a busy port" "port $port is in use" 1 --home "$T/a" --https-port "$port" --http-port "$(free_port)" --detach
refuses "a busy http port" "port $port is in use" 1 --home "$T/a" --https-port "$(free_port)" --http-port "$port" --detach
ok "a busy port leaves nothing behind" test ! -e "$T/a"

mkdir -p "$T/full" && touch "$T/full/diary.txt"
refuses "a folder of somebody else" "not empty and is no shop's home" 1 --home "$T/full" --https-port "$(free_port)" --http-port "$(free_port)"
is "a folder of somebody else stays as it was" "$(ls -A "$T/full")" diary.txt
refuses "a place where nothing can be made" "no permission|cannot write" 1 --home /proc/souk --https-port "$(free_port)" --http-port "$(free_port)"
touch "$T/file"
refuses "a home that is a file" "exists and is not a folder" 1 --home "$T/file" --https-port "$(free_port)" --http-port "$(free_port)"

if [ "$(id -u)" = 0 ] && mkdir -p "$T/small" && mount -t tmpfs -o size=20m,mode=755 tmpfs "$T/small" 2>/dev/null; then
    refuses "a disk without room" "not enough room on the disk" 1 --home "$T/small/home" --https-port "$(free_port)" --http-port "$(free_port)"
    ok "a disk without room: nothing left behind" test ! -e "$T/small/home"
else
    skip "a disk without room" "mounting a small file system needs root"
fi

is "stop where nothing runs" "$("$SRC/run" stop --home "$T/none")" "nothing runs in $T/none"
is "reset where nothing is" "$("$SRC/run" reset --home "$T/none")" "no shop in $T/none"
not_ok "status where nothing is" "$SRC/run" status --home "$T/none"

# Packages: without the right to install, the exact line and exit code 1.
cp -R "$SRC/run" "$SRC/scripts" "$SRC/packages.txt" "$T/" && chmod -R go+rX "$T"
echo souk-has-no-such-package >>"$T/packages.txt"
as_nobody=()
if [ "$(id -u)" = 0 ]; then as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
mkdir "$T/theirs" && chmod 777 "$T/theirs" "$T"
if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then
    skip "a missing package without root" "this user may use sudo"
else
    output=$("${as_nobody[@]}" env HOME=/ "$T/run" --home "$T/theirs/home" --https-port "$(free_port)" --http-port "$(free_port)" 2>&1) && status=0 || status=$?
    is "a missing package without root: exit code" "$status" 1
    like "a missing package without root: the exact line" "$output" 'apt-get install -y --no-install-recommends souk-has-no-such-package$'
    ok "a missing package without root: nothing left behind" test ! -e "$T/theirs/home"
fi

# The guard against servers that start on installation: made, taken away, and somebody else's file is never touched.
guard() {
    (
        # shellcheck source=scripts/run/say.sh
        . "$SRC/scripts/run/say.sh"
        # shellcheck source=scripts/run/packages.sh
        . "$SRC/scripts/run/packages.sh"
        POLICY=$T/policy-rc.d CLUSTER_RULE=$T/cluster.d/souk.conf PRIVILEGE=()
        "$@"
    )
}
guard guard_services
is "the guard refuses starts" "$(sh "$T/policy-rc.d" nginx start; echo $?)" 101
like "the guard asks for no cluster" "$(cat "$T/cluster.d/souk.conf")" '^create_main_cluster = false$'
guard unguard_services
ok "the guard is taken away" test ! -e "$T/policy-rc.d"
ok "the cluster rule is taken away" test ! -e "$T/cluster.d/souk.conf"
printf '#!/bin/sh\nexit 0\n' >"$T/policy-rc.d"
guard guard_services && guard unguard_services
is "somebody else's policy stays" "$(cat "$T/policy-rc.d")" "$(printf '#!/bin/sh\nexit 0')"

done_testing
