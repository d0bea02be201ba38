# shellcheck shell=bash
# Secrets and configuration files below the home. Secrets are made once; configuration is written at each start.

make_secrets() {
    if [ ! -s "$STATE/secrets/master.key" ]; then
        # A new key would open nothing of what the database holds, and what is sealed from now on could not be told from it.
        if [ -f "$STATE/setup/database" ]; then
            die "the master key $STATE/secrets/master.key is gone, and without it nobody can read the shop's personal data; restore it or remove the home with ./run reset"
        fi
        (umask 077 && openssl rand -hex 32 >"$STATE/secrets/master.key.new") && mv "$STATE/secrets/master.key.new" "$STATE/secrets/master.key"
        own "$STATE/secrets/master.key"
    fi
    make_certificate
}

# Self-signed, for localhost and the machine's own name; made again a week before it ends.
make_certificate() {
    local cert=$STATE/secrets/tls.crt key=$STATE/secrets/tls.key
    if [ -s "$key" ] && openssl x509 -checkend 604800 -noout -in "$cert" >/dev/null 2>&1; then return 0; fi
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 800 -subj '/CN=localhost' \
        -addext "subjectAltName=DNS:localhost,DNS:$(uname -n),IP:127.0.0.1,IP:::1" -keyout "$key" -out "$cert") 2>"$STEP_LOG" ||
        die "openssl could not make a certificate: $(tail -n 1 "$STEP_LOG")"
    own "$key" "$cert"
}

souk_conf() {
    cat <<TEXT
# written by ./run at each start
home = $STATE
base_url = https://localhost:$HTTPS_PORT
allowed_origins = https://127.0.0.1:$HTTPS_PORT
mode = sandbox
# Each program names its own role; pools and jobs get a connection string with their own password file.
db = host=$STATE/run dbname=souk passfile=$STATE/secrets/operator.pgpass
db_keys = host=$STATE/run dbname=souk_keys passfile=$STATE/secrets/operator.pgpass
redis = $STATE/run/redis.sock
# What a killed worker left open is asked about soon: here providers answer at once.
payment_settle_s = 12
TEXT
}

redis_conf() {
    cat <<TEXT
# written by ./run at each start; Redis holds nothing that is not elsewhere
port 0
unixsocket $STATE/run/redis.sock
unixsocketperm 700
dir $STATE/redis
daemonize no
save ""
appendonly no
maxmemory 128mb
maxmemory-policy allkeys-lru
TEXT
}

# Connections for each worker of nginx, theirs to the pools included.
connections_each() {
    local each=$((16384 / $(nproc)))
    printf '%d' $((each < 4096 ? 4096 : each))
}

has_ipv6() { grep -qs '^00000000000000000000000000000001' /proc/net/if_inet6; }

# Fills the @NAMES@ of nginx's templates. `#v6#` marks lines for machines with IPv6.
render_nginx() {
    local file v6='s/^[[:space:]]*#v6#.*$//'
    if has_ipv6; then v6='s/#v6#//'; fi
    for file in "$PREFIX"/share/souk/nginx/*; do
        sed -e "$v6" -e "s|@HOME@|$STATE|g" -e "s|@HTTPS_PORT@|$HTTPS_PORT|g" -e "s|@HTTP_PORT@|$HTTP_PORT|g" \
            -e "s|@SHARE@|$PREFIX/share/souk|g" -e "s|@MODULES@|/usr/lib/nginx/modules|g" -e "s|@ETC@|/etc/nginx|g" -e "s|@CPUS@|$(nproc)|g" -e "s|@CONNECTIONS@|$(connections_each)|g" \
            "$file" >"$STATE/nginx/$(basename "$file" .in)"
    done
    mkdir -p "$STATE/nginx/body" "$STATE/nginx/fastcgi" "$STATE/nginx/other" "$STATE/cache"
    own -R "$STATE/nginx" "$STATE/cache"
}

write_configuration() {
    souk_conf >"$STATE/souk.conf"
    redis_conf >"$STATE/redis/redis.conf"
    own "$STATE/redis/redis.conf"
    render_nginx
}
