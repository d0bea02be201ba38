# shellcheck shell=bash
# The private PostgreSQL: one cluster below the home, reached by unix socket only, a password for each role.

PG_BIN=/usr/lib/postgresql/15/bin
ROLES=(souk_product souk_user souk_order souk_payment souk_inventory souk_jobs_core souk_jobs_payment souk_sandbox souk_admin souk_migrate)

conninfo() { # conninfo ROLE DATABASE
    printf 'host=%s/run user=%s dbname=%s passfile=%s/secrets/%s.pgpass' "$STATE" "$1" "$2" "$STATE" "$1"
}

NEW_PASSWORDS=no        # a file of a role was made anew: the database must learn it

# A password file that its role alone uses; an existing one is kept.
make_passfile() { # make_passfile ROLE
    local file=$STATE/secrets/$1.pgpass
    if [ -s "$file" ]; then return 0; fi
    (umask 077 && printf '*:*:*:%s:%s\n' "$1" "$(openssl rand -hex 24)" >"$file.new") && mv "$file.new" "$file"
    own "$file"
    NEW_PASSWORDS=yes
}

make_passfiles() {
    local role
    if [ -f "$STATE/pg/PG_VERSION" ] && [ ! -s "$STATE/secrets/postgres.pgpass" ]; then
        die "the password of the database's superuser ($STATE/secrets/postgres.pgpass) is gone; restore it or remove the home with ./run reset"
    fi
    for role in postgres "${ROLES[@]}"; do make_passfile "$role"; done
    make_operator_passfile
}

own() { if [ -n "$RUN_AS" ]; then chown "$RUN_AS:" "$@"; fi; }

password_of() { cut -d: -f5 "$STATE/secrets/$1.pgpass"; }

postgres_settings() {
    cat <<TEXT
# written by ./run at each start
listen_addresses = ''
unix_socket_directories = '$STATE/run'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
max_wal_size = 2GB
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
password_encryption = 'scram-sha-256'
# Logs never hold a customer's data: no statements, no parameters, no DETAIL with the values of a row.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
log_line_prefix = '%m [%p] %q%u@%d %e '
TEXT
}

new_cluster() {
    local fresh=$STATE/pg.new
    rm -rf "$fresh"
    mkdir "$fresh" && chmod 700 "$fresh" && own "$fresh"
    (umask 077 && password_of postgres >"$STATE/secrets/initdb.tmp") && own "$STATE/secrets/initdb.tmp"
    (cd "$STATE" && as_owner "$PG_BIN/initdb" -D "$fresh" -U postgres -E UTF8 --locale=C.UTF-8 --auth=scram-sha-256 \
        --pwfile="$STATE/secrets/initdb.tmp" --no-instructions) || return 1
    rm -f "$STATE/secrets/initdb.tmp"
    printf 'local all all scram-sha-256\n' >"$fresh/pg_hba.conf"
    printf "include 'souk.conf'\n" >>"$fresh/postgresql.conf"
    mv "$fresh" "$STATE/pg"
}

check_cluster() {
    local part
    if [ -f "$STATE/pg/PG_VERSION" ]; then
        if [ "$(cat "$STATE/pg/PG_VERSION")" != 15 ]; then die "the database in $STATE/pg is of PostgreSQL $(cat "$STATE/pg/PG_VERSION"), this shop needs 15"; fi
        for part in global/pg_control base pg_wal; do
            if [ ! -e "$STATE/pg/$part" ]; then die "the database in $STATE/pg is damaged ($part is missing); restore it or remove it with ./run reset"; fi
        done
    elif [ -f "$STATE/setup/database" ]; then
        die "the database in $STATE/pg is gone or damaged; restore it or remove the rest with ./run reset"
    fi
}

prepare_database() {
    check_cluster
    make_passfiles
    if [ ! -f "$STATE/pg/PG_VERSION" ]; then step "making a PostgreSQL cluster" new_cluster; fi
    postgres_settings >"$STATE/pg/souk.conf"
    own "$STATE/pg/souk.conf"
}

set_passwords() {
    local role
    for role in "${ROLES[@]}"; do printf "ALTER ROLE %s PASSWORD '%s';\n" "$role" "$(password_of "$role")"; done |
        "$PG_BIN/psql" -Xq -v ON_ERROR_STOP=1 -f - "$(conninfo postgres postgres)"
}

# The operator's commands log in as souk_migrate or souk_admin, each as it needs.
make_operator_passfile() {
    (umask 077 && cat "$STATE/secrets/souk_admin.pgpass" "$STATE/secrets/souk_migrate.pgpass" >"$STATE/secrets/operator.pgpass")
    own "$STATE/secrets/operator.pgpass"
}

souk() { as_owner "$PREFIX/bin/souk" "$1" --config "$STATE/souk.conf" "${@:2}"; }

migrate() { souk migrate --roles "$(conninfo postgres postgres)" && set_passwords && souk migrate; }

# Roles and grants change with releases too, so a new build applies them again.
migrate_database() {
    local release
    release=$(stat -c %Y "$BUILD/$STAMP_NAME")
    if [ "$(cat "$STATE/setup/database" 2>/dev/null)" = "$release" ]; then
        if [ "$NEW_PASSWORDS" = yes ]; then step "setting the passwords of the database's roles" set_passwords; fi
        return 0
    fi
    step "migrating the database" migrate
    printf '%s\n' "$release" >"$STATE/setup/database"
}

# A database that was restored from a backup may hold people who were erased since: they go before anybody is served. Nothing owed: milliseconds.
forget_the_erased() { step "applying the list of the erased" souk users erase --replay; }

load_demo() {
    if [ "$DEMO" != small ] || [ -f "$STATE/setup/demo" ]; then return 0; fi
    step "loading the demo catalogue" demo
    : >"$STATE/setup/demo"
}

demo() {
    local folder
    for folder in "$PREFIX/share/souk/demo" "$PREFIX/share/souk/media"; do
        if [ -d "$folder" ]; then mkdir -p "$STATE/media/demo" && cp -R "$folder/." "$STATE/media/demo/"; fi
    done
    own -R "$STATE/media"
    souk demo
}
