#!/usr/bin/env bash
# ./run when it is cut off, when a home is damaged and when the disk fills up: one clear sentence, exit code 1, and nothing left behind.
set -uo pipefail
SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/lib/tap.sh
. "$SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/homes.sh
. "$SRC/tests/lib/homes.sh"
T=$(mktemp -d /var/tmp/souk-harm.XXXXXX)
chmod 755 "$T"
A=$T/a
F=$T/small/home
trap 'cleanup' EXIT

cleanup() {
    local home
    rm -f "$T/small/filler"
    for home in "$A" "$F"; do "$SRC/run" reset --home "$home" >/dev/null 2>&1; done
    if mountpoint -q "$T/small"; then umount "$T/small"; fi
    rm -rf "$T"
}

HTTPS=$(free_port) HTTP=$(free_port)
options=(--https-port "$HTTPS" --http-port "$HTTP" --demo none --detach)
start() { "$SRC/run" --home "$A" "${options[@]}" 2>&1; }
stop() { "$SRC/run" stop --home "$A" >/dev/null; }

# --- cut off while a new home is made ------------------------------------------------------------------------------------------

# cut_off SIGNAL FILE: the signal comes when that file of the home appears.
cut_off() {
    local runner
    # (a shell without job control starts background commands deaf to SIGINT)
    setsid env --default-signal=INT "$SRC/run" --home "$A" "${options[@]}" >"$T/said" 2>&1 &
    runner=$!
    wait_until 120 test -e "$A/$2"
    kill "-$1" "$runner"
    wait "$runner"
    is "SIG$1 when $2 is there: exit code" "$?" 1
    like "SIG$1 when $2 is there: says so" "$(cat "$T/said")" '^run: interrupted'
    is "SIG$1 when $2 is there: no process" "$(processes_of "$A")" 0
    ok "SIG$1 when $2 is there: nothing left" test ! -e "$A"
}
cut_off TERM pg.new/PG_VERSION
cut_off HUP pg.new/global
cut_off INT run/postgres.pid
cut_off TERM setup/database

start | head -n 1 >"$T/said"
is "whoever closes our output ends the start: no process" "$(processes_of "$A")" 0
ok "whoever closes our output ends the start: nothing left" test ! -e "$A"

# --- a damaged home ------------------------------------------------------------------------------------------------------------

said=$(start)
is "a home starts" "$?" 0
stop
start | grep -m 1 '^storefront' >"$T/said"
is "whoever reads no further than the address: exit code" "${PIPESTATUS[0]}" 0
ok "whoever reads no further than the address: the shop runs" answers "$HTTPS"
stop

# damaged NAME REGEX: the start fails with these words, and nothing runs afterwards
damaged() {
    local said status=0
    said=$(start) || status=$?
    is "$1: exit code" "$status" 1
    like "$1: says so" "$said" "^run: .*$2"
    unlike "$1: no message of the shell" "$said" 'line [0-9]+:|unbound variable'
    is "$1: nothing runs" "$(processes_of "$A")" 0
}

mv "$A/secrets/master.key" "$T/master.key"
damaged "a lost master key" 'master key .* is gone'
ok "a lost master key: no other one is made" test ! -e "$A/secrets/master.key"
mv "$T/master.key" "$A/secrets/master.key"

mv "$A/secrets/postgres.pgpass" "$T/pgpass"
damaged "a lost password of the superuser" "superuser .* is gone"
mv "$T/pgpass" "$A/secrets/postgres.pgpass"

mv "$A/pg" "$T/pg"
damaged "a lost database" 'is gone or damaged'
mv "$T/pg" "$A/pg"

mv "$A/pg/base" "$A/pg/elsewhere"
damaged "half a database" 'damaged'
mv "$A/pg/elsewhere" "$A/pg/base"

chmod 777 "$A/pg"
damaged "a database that anybody may change" 'postgres'
chmod 700 "$A/pg"

rm "$A/secrets/souk_order.pgpass"
: >"$A/settings"
said=$(start)
is "a lost password of a pool, and settings that are empty: made anew" "$?" 0
ok "and the shop answers" answers "$HTTPS"
is "with its settings" "$(cat "$A/settings")" "$HTTPS $HTTP none"

kill -9 "$(pid_of "$A" supervisor)"
said=$(start)
is "a start after the supervisor was killed" "$?" 0
ok "and the shop answers" answers "$HTTPS"
ok "and is healthy" "$SRC/run" status --home "$A"

# --- somebody else -------------------------------------------------------------------------------------------------------------

if [ "$(id -u)" = 0 ]; then
    mkdir "$T/copy" && cp -R "$SRC/run" "$SRC/scripts" "$SRC/packages.txt" "$T/copy/" && chmod -R go+rX "$T/copy"
    for word in status stop reset psql; do
        said=$(setpriv --reuid=12345 --regid=12345 --clear-groups "$T/copy/run" $word --home "$A" 2>&1)
        is "$word by somebody else: exit code" "$?" 1
        like "$word by somebody else: says why" "$said" 'no permission'
    done
    ok "the shop goes on" answers "$HTTPS"
else
    skip "somebody else" "only root can be somebody else"
fi
ok "reset" "$SRC/run" reset --home "$A"

# --- a disk that fills up ------------------------------------------------------------------------------------------------------

fill() { dd if=/dev/zero of="$T/small/filler" bs=64k status=none 2>/dev/null; }

if [ "$(id -u)" = 0 ] && mkdir -p "$T/small" && mount -t tmpfs -o size=700m,mode=755 tmpfs "$T/small" 2>/dev/null; then
    "$SRC/run" --home "$F" "${options[@]}" >"$T/said" 2>&1 &
    runner=$!
    wait_until 60 test -e "$F/pg.new/base"
    fill
    wait "$runner"
    is "a disk that fills up during the start: exit code" "$?" 1
    like "a disk that fills up during the start: says so" "$(cat "$T/said")" 'disk is full|No space left'
    is "a disk that fills up during the start: no process" "$(processes_of "$F")" 0
    is "a disk that fills up during the start: nothing left" "$(ls -A "$T/small")" filler
    rm "$T/small/filler"

    said=$("$SRC/run" --home "$F" "${options[@]}" 2>&1)
    is "with room it starts" "$?" 0
    fill
    kill -9 "$(pid_of "$F" product)" "$(pid_of "$F" redis)"
    sleep 3
    ok "on a full disk the supervisor stays" kill -0 "$(pid_of "$F" supervisor)"
    rm "$T/small/filler"
    ok "with room again everything comes back" wait_until 60 "$SRC/run" status --home "$F"
    ok "and the shop answers" wait_until 20 answers "$HTTPS"
    fill
    ok "a shop on a full disk can be stopped" "$SRC/run" stop --home "$F"
    is "nothing of it runs" "$(processes_of "$F")" 0
    rm "$T/small/filler"
    ok "and removed" "$SRC/run" reset --home "$F"
else
    skip "a disk that fills up" "mounting a small file system needs root"
fi
done_testing
