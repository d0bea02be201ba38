#!/usr/bin/env bash
# A person is erased; then the shop's database is restored from a backup that was made before. The list of the erased (database souk_keys) is applied before
# anybody is served, and nobody can read the person: not the API, not `souk users`, not whoever holds the backup itself.
set -uo pipefail
SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=tests/lib/tap.sh
. "$SRC/tests/lib/tap.sh"
# shellcheck source=tests/lib/homes.sh
. "$SRC/tests/lib/homes.sh"
T=$(mktemp -d /var/tmp/souk-erasure.XXXXXX)
chmod 755 "$T"
A=$T/shop
trap 'cleanup' EXIT
PG_BIN=/usr/lib/postgresql/15/bin

cleanup() {
    if [ -f "$A/pg/postmaster.pid" ]; then as_owner "$PG_BIN/pg_ctl" -D "$A/pg" -m immediate stop >/dev/null 2>&1; fi
    "$SRC/run" reset --home "$A" >/dev/null 2>&1
    rm -rf "$T"
}
# As who owns the cluster: PostgreSQL does not run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid="$(stat -c %u "$A/pg")" --regid="$(stat -c %g "$A/pg")" --clear-groups "$@"); else "$@"; fi
}
conninfo() { printf 'host=%s user=postgres dbname=%s passfile=%s' "$A/run" "$1" "$A/secrets/postgres.pgpass"; }
sql() { psql -XqAt -v ON_ERROR_STOP=1 -d "$(conninfo "$1")" -c "$2"; }
souk() { "$SRC/build/prefix/bin/souk" "$1" --config "$A/souk.conf" "${@:2}"; }
step() { node "$SRC/tests/lib/erasure.mjs" "$1" "$T/erna.json"; }
field() { jq -r ".$1" "$T/erna.json"; }
# Her name, street, telephone number or address in clear, anywhere in the database.
in_clear() { pg_dump -d "$(conninfo "$1")" --inserts 2>/dev/null | grep -ciE 'Erasmus|Vergissmeinnicht|5550123|erased-[0-9a-z-]+@example' || true; }
sealed_columns() {
    sql souk "SELECT count(*) FROM (SELECT email FROM identity.account WHERE id = '$1' AND email IS NOT NULL UNION ALL SELECT address FROM identity.address WHERE account_id = '$1'
              UNION ALL SELECT address_sealed FROM orders.orders WHERE address_sealed <> '\\x' AND (account_id = '$1' OR person_id IN (SELECT id FROM identity.person WHERE account_id = '$1'))) x"
}

HTTPS=$(free_port) HTTP=$(free_port)
start() { "$SRC/run" --home "$A" --https-port "$HTTPS" --http-port "$HTTP" --detach >"$T/start.log" 2>&1; }
start || { diag "$(cat "$T/start.log")"; }
export SOUK_URL=https://localhost:$HTTPS SOUK_HTTP_URL=http://localhost:$HTTP SOUK_HOME=$A SOUK_MAIL=$A/mail SOUK_CONFIG=$A/souk.conf SOUK_PREFIX=$SRC/build/prefix
SOUK_PGROOT=$(conninfo souk)
export SOUK_PGROOT

ok "a person with an account, an order, an address, an export" step prepare
ID=$(field uuid) EMAIL=$(field email)
is "nothing of it stands in clear" "$(in_clear souk)" 0
is "but sealed" "$(sealed_columns "$ID")" 3
ok "a backup of the shop's database" pg_dump -Fc -d "$(conninfo souk)" -f "$T/before.dump"
ok "she deletes her account" step erase
is "what was sealed is gone" "$(sealed_columns "$ID")" 0
is "the keys are gone" "$(sql souk_keys "SELECT count(*) FROM keys.person_key k JOIN keys.erased x USING (person_id)")" 0
ERASED=$(sql souk_keys "SELECT count(*) FROM keys.erased")
is "and listed" "$([ "$ERASED" -ge 1 ] && echo yes)" yes
is "verify finds nothing wrong" "$(souk verify --quiet | tail -1)" "everything is as it must be"

# The disaster: the shop stops, its database is lost and comes back from the backup. The keys' database is another one and stays.
"$SRC/run" stop --home "$A" >/dev/null
as_owner "$PG_BIN/pg_ctl" -D "$A/pg" -w -l "$A/log/restore.log" start >/dev/null 2>&1
ok "the database is lost" sql postgres "DROP DATABASE souk WITH (FORCE)"
ok "and comes back from the backup" pg_restore -d "$(conninfo postgres)" --create "$T/before.dump"
is "the backup holds her, sealed" "$(sealed_columns "$ID")" 3
is "her account is active in it" "$(sql souk "SELECT status FROM identity.account WHERE id = '$ID'")" active
is "no key opens what it holds" "$(sql souk_keys "SELECT count(*) FROM keys.person_key WHERE person_id = '$(sql souk "SELECT person_id FROM identity.account WHERE id = '$ID'")'")" 0
unlike "even before the list is applied souk users reads nothing" "$(souk users show "acc_$(field id | cut -d_ -f2)" 2>&1)" "$EMAIL|Erasmus"
unlike "nor an export of all users" "$(souk users export --yes 2>/dev/null)" "$EMAIL|Erasmus"
as_owner "$PG_BIN/pg_ctl" -D "$A/pg" -m fast -w stop >/dev/null 2>&1

ok "the shop starts again" start
is "her account is erased again" "$(sql souk "SELECT status FROM identity.account WHERE id = '$ID'")" erased
is "what was sealed is gone again" "$(sealed_columns "$ID")" 0
is "her order kept what the books need" "$(sql souk "SELECT total > 0 AND ship_country = 'DE' AND ship_postal_area = '10' FROM orders.orders WHERE number = '$(field order.number)'")" t
is "the API tells nothing of her" "$(step look)" ""
unlike "souk users show tells nothing of her" "$(souk users show "acc_$(field id | cut -d_ -f2)" 2>&1)" "$EMAIL|Erasmus"
unlike "souk users export tells nothing of her" "$(souk users export --yes 2>/dev/null)" "$EMAIL|Erasmus"
is "nothing stands in clear" "$(in_clear souk)" 0
is "the event was told again" "$(sql souk "SELECT payload ->> 'replay' FROM platform.outbox WHERE type = 'customer.erased' AND object_id = '$ID'")" true
like "applying the list again finds nothing to do" "$(souk users erase --replay)" "^$ERASED persons on the list of the erased; 0 were still here"
is "verify finds nothing wrong in the restored shop" "$(souk verify --quiet | tail -1)" "everything is as it must be"
like "the audit trail is whole" "$(souk audit verify)" "the trail is whole"
done_testing
