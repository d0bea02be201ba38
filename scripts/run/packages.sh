# shellcheck shell=bash
# Debian packages: packages.txt says what the shop needs. Servers that come with them are kept from starting.

POLICY=/usr/sbin/policy-rc.d
CLUSTER_RULE=/etc/postgresql-common/createcluster.d/souk.conf
MISSING=()
PRIVILEGE=()

# A line is a package; further words name commands whose presence serves as well (npm of another nodejs package).
find_missing() { # find_missing FILE…
    local package commands have
    MISSING=()
    have=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ')"
    while read -r package commands; do
        if [[ $have != *" $package "* ]] && ! { [ -n "$commands" ] && command -v "$commands" >/dev/null; }; then
            MISSING+=("$package")
        fi
    done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@")
}

find_privilege() {
    PRIVILEGE=()
    if [ "$(id -u)" = 0 ]; then return 0; fi
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 1 ] && sudo -v; }; }; then
        PRIVILEGE=(sudo)
        return 0
    fi
    return 1
}

# Both files are made only where nobody else made them, and only what was made is taken away.
guard_services() {
    # shellcheck disable=SC2016  # expands in the inner shell
    "${PRIVILEGE[@]}" sh -c '
        if [ ! -e "$1" ]; then printf "#!/bin/sh\n# souk: packages start no servers while ./run installs\nexit 101\n" >"$1" && chmod 755 "$1"; fi
        if [ ! -e "$2" ]; then mkdir -p "$(dirname "$2")" && printf "# souk: ./run\ncreate_main_cluster = false\n" >"$2"; fi' \
        guard "$POLICY" "$CLUSTER_RULE"
}

unguard_services() {
    # shellcheck disable=SC2016
    "${PRIVILEGE[@]}" sh -c '
        for file in "$@"; do if grep -q "^# souk: " "$file" 2>/dev/null; then rm -f "$file"; fi; done
        dpkg -S "$(dirname "$2")" >/dev/null 2>&1 || rmdir "$(dirname "$2")" 2>/dev/null || true' guard "$POLICY" "$CLUSTER_RULE"
}

apt_install() {
    local apt=("${PRIVILEGE[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -qq)
    if ! "${apt[@]}" install -y --no-install-recommends "$@"; then
        "${apt[@]}" update
        "${apt[@]}" install -y --no-install-recommends "$@"
    fi
}

install_packages() { # install_packages FILE…
    find_missing "$@"
    if [ "${#MISSING[@]}" -eq 0 ]; then return 0; fi
    if ! command -v apt-get >/dev/null; then
        die "these packages are missing and this is not a Debian system: ${MISSING[*]}"
    fi
    if ! find_privilege; then
        warn "run: ${#MISSING[@]} Debian packages are missing. Install them with:"
        local sudo=''
        if [ "$(id -u)" != 0 ]; then sudo='sudo '; fi
        warn "${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${MISSING[*]}"
        exit 1
    fi
    ON_FAILURE+=(unguard_services)
    guard_services
    STEP_FAILED="installing ${MISSING[*]} failed" step "installing ${#MISSING[@]} Debian packages" apt_install "${MISSING[@]}"
    unset 'ON_FAILURE[-1]'
    unguard_services
}
