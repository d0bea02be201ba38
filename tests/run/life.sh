#!/usr/bin/env bash
# ./run from the first start to reset: two homes beside each other, servers that are killed, starts that are interrupted.
set -uo pipefail
SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/lib/tap.sh
. "$SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/homes.sh
. "$SRC/tests/lib/homes.sh"
T=$(mktemp -d /var/tmp/souk-life.XXXXXX)
chmod 755 "$T"
A=$T/a
B=$T/b
trap 'cleanup' EXIT

cleanup() {
    local home
    for home in "$A" "$B" "$T/closed/home"; do "$SRC/run" reset --home "$home" >/dev/null 2>&1; done
    rm -rf "$T"
}

HTTPS_A=$(free_port) HTTP_A=$(free_port) HTTPS_B=$(free_port) HTTP_B=$(free_port)

output=$("$SRC/run" --home "$A" --https-port "$HTTPS_A" --http-port "$HTTP_A" --detach 2>&1)
is "the first start succeeds" "$?" 0
diag "$output"
like "prints the storefront" "$output" "^storefront https://localhost:$HTTPS_A/$"
like "prints the API" "$output" "^api https://localhost:$HTTPS_A/v1/openapi.json$"
like "prints the mail folder" "$output" "^mail $A/mail$"
like "prints how to stop" "$output" "^stop \./run stop --home $A$"
ok "the storefront answers" answers "$HTTPS_A"
ok "the API's document is there" curl -skf -o /dev/null "https://localhost:$HTTPS_A/v1/openapi.json"
is "http redirects to https" "$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "http://localhost:$HTTP_A/c/x?y=1")" "308 https://localhost:$HTTPS_A/c/x?y=1"
is "no secret is readable by others" "$(find "$A/secrets/" -type f -not -name tls.crt -perm /077)" ""
is "status says healthy everywhere" "$("$SRC/run" status --home "$A" | grep -vc 'healthy\|^storefront\|^api\|^mail\|^stop')" 0
if [ "$(id -u)" = 0 ]; then
    is "nothing of the shop runs as root" "$(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$A*" -user root | wc -l)" 0
fi
is "psql opens the shop's database" "$("$SRC/run" psql --home "$A" -- -qAtc 'SELECT current_database()')" souk
like "logs are short lines" "$(curl -sk -o /dev/null "https://localhost:$HTTPS_A/nowhere"; sleep 1.5; "$SRC/run" logs --home "$A")" 'nginx +GET /nowhere 404'
like "a start of a running home says so" "$("$SRC/run" --home "$A" --detach)" 'already running'

# Whatever is killed comes back.
for name in product nginx redis postgres jobs-core; do
    before=$(pid_of "$A" "$name")
    kill -9 "$before"
    ok "$name comes back after kill -9" wait_until 15 bash -c "[ \"\$(cut -d' ' -f1 '$A/run/$name.pid')\" != $before ] && '$SRC/run' status --home '$A'"
done
ok "the storefront answers again" wait_until 10 answers "$HTTPS_A"

# A second home beside it.
output=$("$SRC/run" --home "$B" --https-port "$HTTPS_B" --http-port "$HTTP_B" --demo none --detach 2>&1)
is "a second home starts beside the first" "$?" 0
ok "the first one still answers" answers "$HTTPS_A"
is "the second one is empty" "$(curl -sk "https://localhost:$HTTPS_B/v1/products" | jq '.data | length')" 0
"$SRC/run" stop --home "$B" >/dev/null
ok "stopping the second leaves the first alone" answers "$HTTPS_A"
is "nothing of the second runs" "$(processes_of "$B")" 0
not_ok "its ports are free" listening "$HTTPS_B"
ok "stop is idempotent" "$SRC/run" stop --home "$B"
not_ok "status of a stopped home fails" "$SRC/run" status --home "$B"

# The second start, with the ports of the first.
start=$(date +%s%N)
output=$("$SRC/run" --home "$B" --detach 2>&1)
is "the second start succeeds" "$?" 0
diag "second start: $((($(date +%s%N) - start) / 1000000)) ms"
ok "the second start keeps its ports" answers "$HTTPS_B"

# A supervisor that is killed leaves servers behind; stop finds them.
kill -9 "$(pid_of "$B" supervisor)"
"$SRC/run" stop --home "$B" >/dev/null
is "stop ends what a killed supervisor left" "$(processes_of "$B")" 0

# An interrupted start and a foreground start that is ended by Ctrl-C leave nothing.
# (a shell without job control starts background commands deaf to SIGINT)
setsid env --default-signal=INT "$SRC/run" --home "$B" >"$T/foreground.log" 2>&1 &
runner=$!
ok "the foreground shop answers" wait_until 60 answers "$HTTPS_B"
ok "it says how to stop" wait_until 5 grep -q "^stop Ctrl-C\$" "$T/foreground.log"
kill -INT -- "-$runner" 2>/dev/null
wait "$runner"
is "Ctrl-C ends it cleanly" "$?" 0
is "Ctrl-C leaves no process" "$(processes_of "$B")" 0
is "nor anybody who reads its logs" "$(pgrep -fc "readable-log follow $(realpath "$B")/")" 0
setsid "$SRC/run" --home "$B" --detach >"$T/interrupted.log" 2>&1 &
runner=$!
sleep 0.4
kill -TERM "$runner" 2>/dev/null
wait "$runner"
is "an interrupted start leaves no process" "$(processes_of "$B")" 0

# Damaged state is named, and nothing runs afterwards.
mv "$(realpath "$B")/pg/global/pg_control" "$T/pg_control"
output=$("$SRC/run" --home "$B" --detach 2>&1)
is "a damaged database: exit code" "$?" 1
like "a damaged database: says so" "$output" 'damaged'
is "a damaged database: nothing runs" "$(processes_of "$B")" 0
ok "reset removes a damaged home" "$SRC/run" reset --home "$B"
ok "reset leaves nothing" test ! -e "$B"

# A place that the shop's user cannot reach.
if [ "$(id -u)" = 0 ]; then
    mkdir -m 700 "$T/closed"
    output=$("$SRC/run" --home "$T/closed/home" --https-port "$HTTPS_B" --http-port "$HTTP_B" --demo none --detach 2>&1)
    is "a home in a closed folder starts" "$?" 0
    like "and says where its state is" "$output" '^state +/var/tmp/souk-[0-9]+ '
    real=$(realpath "$T/closed/home")
    "$SRC/run" reset --home "$T/closed/home" >/dev/null
    ok "reset removes both places" test ! -e "$real" -a ! -L "$T/closed/home"
else
    skip "a home in a closed folder" "only root runs the shop as another user"
fi

"$SRC/run" reset --home "$A" >/dev/null
is "reset ends and removes everything" "$(processes_of "$A") $(ls -d "$A" 2>/dev/null)" "0 "
not_ok "the ports are free again" listening "$HTTPS_A"
done_testing
