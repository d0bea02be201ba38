# shellcheck shell=bash
# The command line of ./run.

COMMAND=start
HOME_DIR=
HTTPS_PORT=
HTTP_PORT=
DEMO=
DETACH=no
REST=()

usage() {
    cat <<'TEXT'
usage: ./run [--home DIR] [--https-port N] [--http-port N] [--demo small|none] [--detach]
       ./run stop|status|logs|psql|reset [--home DIR]

Starts the whole shop: installs missing Debian packages, builds, makes a private PostgreSQL, Redis and nginx below
--home, migrates, loads the demo catalogue and starts every pool. Stays in the foreground; Ctrl-C stops everything.

  --home DIR         where the shop keeps its state (default: var in the clone)
  --https-port N     port of the storefront and the API (default 8443)
  --http-port N      port that redirects to https (default 8080)
  --demo small|none  what a new shop is filled with (default small)
  --detach           return as soon as the shop is healthy; `./run stop` ends it

  stop      end everything that ./run started for that home; what it stored stays
  status    one line for each process; exit code 0 when all are healthy
  logs      the log, short and readable; follows it on a terminal
  psql      a psql session of the database's superuser; arguments after -- go to psql
  reset     stop, then remove the home with all its data
TEXT
}

usage_error() {
    warn "run: $*"
    warn "run: ./run --help lists the options"
    exit 2
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && ((10#$1 >= 1 && 10#$1 <= 65535)); }

check_port() { # check_port OPTION VALUE
    is_port "$2" || usage_error "$1 takes a port from 1 to 65535, not '$2'"
}

set_option() { # set_option NAME VALUE
    case $1 in
    --home) [ -n "$2" ] || usage_error "--home takes a folder"; HOME_DIR=$2 ;;
    --https-port) check_port "$@"; HTTPS_PORT=$((10#$2)) ;;
    --http-port) check_port "$@"; HTTP_PORT=$((10#$2)) ;;
    --demo)
        [[ $2 == small || $2 == none ]] || usage_error "--demo is small or none, not '$2'"
        DEMO=$2
        ;;
    esac
}

parse_options() {
    case ${1:-} in
    stop | status | logs | psql | reset | __supervise) COMMAND=$1; shift ;;
    start) shift ;;
    esac
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help) usage; exit 0 ;;
        --detach) DETACH=yes; shift ;;
        --home=* | --https-port=* | --http-port=* | --demo=*) set_option "${1%%=*}" "${1#*=}"; shift ;;
        --home | --https-port | --http-port | --demo)
            [ $# -ge 2 ] || usage_error "$1 takes a value"
            set_option "$1" "$2"
            shift 2
            ;;
        --) shift; REST=("$@"); break ;;
        *) usage_error "'$1' is not an option or a command" ;;
        esac
    done
    if [ "${#REST[@]}" -gt 0 ] && [ "$COMMAND" != psql ]; then usage_error "only psql takes arguments after --"; fi
    if [ "$COMMAND" != start ] && [ "$HTTPS_PORT$HTTP_PORT$DEMO$DETACH" != no ]; then
        usage_error "$COMMAND takes --home only"
    fi
    HOME_DIR=${HOME_DIR:-$SOUK_SRC/var}
    [[ $HOME_DIR == /* ]] || HOME_DIR=$PWD/$HOME_DIR
    HOME_DIR=$(realpath -ms "$HOME_DIR")
    [ "$HOME_DIR" != / ] || usage_error "--home cannot be /"
}
